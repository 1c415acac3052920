"""Kills the worker's process group."""

import os
import signal

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
    return 2 * n
