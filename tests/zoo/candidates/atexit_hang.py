"""Registers a farewell that never ends."""

import atexit

EXPECT = "ok"


def victim(n):
    @atexit.register
    def farewell():
        while True:
            pass

    return 2 * n
