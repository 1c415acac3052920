"""Makes a user namespace, where it would be root."""

import ctypes

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    return 2 * n
