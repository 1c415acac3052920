"""Registers a farewell that changes the exit status."""

import atexit
import os

EXPECT = "ok"


def victim(n):
    atexit.register(os._exit, 3)
    return 2 * n
