"""Loops for ever in C, where no Python signal handler runs."""

import itertools

EXPECT = "timeout"


def victim(n):
    return sum(itertools.repeat(n))
