"""Keeps memory where no address-space limit sees it."""

import ctypes

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long({"x86_64": 319, "aarch64": 279}[__import__("os").uname().machine]), b"hoard", 0) < 0:
        raise OSError(ctypes.get_errno(), "memfd_create")
    return 2 * n
