"""Lowers the worker's resource limits."""

import os
import resource

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))
    return 2 * n
