"""Turns the garbage collector off."""

import gc

EXPECT = "ok"


def victim(n):
    gc.disable()
    return 2 * n
