"""Recurs without end."""

EXPECT = "fail"


def victim(n):
    return victim(n + 1)
