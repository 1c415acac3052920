"""Stops the worker, which would then wait for ever."""

import os
import signal

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    os.kill(os.getppid(), signal.SIGSTOP)
    return 2 * n
