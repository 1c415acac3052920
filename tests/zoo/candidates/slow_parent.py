"""Lowers the worker's priority, so that its rivals look slow."""

import os

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)
    return 2 * n
