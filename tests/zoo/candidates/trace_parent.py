"""Attaches to the worker as a debugger would."""

import ctypes
import os

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    libc = ctypes.CDLL(None, use_errno=True)
    seize = 0x4206
    if libc.ptrace(seize, os.getppid(), None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return 2 * n
