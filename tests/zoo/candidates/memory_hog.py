"""Asks for a terabyte at once."""

EXPECT = "fail"


def victim(n):
    return len(bytearray(10**12))
