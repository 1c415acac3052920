"""Replaces the call that makes its successors."""

import os

EXPECT = "ok"


def victim(n):
    os.fork = lambda: 0
    os.waitpid = lambda *_: (0, 0)
    return 2 * n
