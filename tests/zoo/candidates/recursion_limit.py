"""Raises the recursion limit."""

import sys

EXPECT = "ok"


def victim(n):
    sys.setrecursionlimit(123_456)
    return 2 * n
