"""Closes every descriptor it may have inherited."""

import os

EXPECT = "ok"


def victim(n):
    os.closerange(0, 1024)
    return 2 * n
