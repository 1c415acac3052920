"""Kills the worker."""

import os
import signal

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    os.kill(os.getppid(), signal.SIGKILL)
    return 2 * n
