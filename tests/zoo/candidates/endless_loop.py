"""Loops for ever in Python."""

EXPECT = "timeout"


def victim(n):
    while True:
        n += 1
