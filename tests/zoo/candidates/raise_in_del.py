"""Raises where nobody can catch it."""

EXPECT = "ok"


class Fragile:
    def __del__(self):
        raise RuntimeError("from __del__")


def victim(n):
    Fragile()
    return 2 * n
