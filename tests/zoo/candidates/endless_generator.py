"""Reads to the end of a generator that has none."""

EXPECT = "timeout"


def forever(n):
    while True:
        yield n


def victim(n):
    return max(forever(n))
