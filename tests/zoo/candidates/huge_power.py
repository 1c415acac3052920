"""Computes one number that takes C code minutes."""

EXPECT = "timeout"


def victim(n):
    return n ** 10**8
