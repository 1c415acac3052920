"""Prints ten megabytes."""

import os

EXPECT = "ok"


def victim(n):
    for _ in range(10):
        os.write(1, b"x" * 1_000_000)
        os.write(2, b"y" * 1_000)
    return 2 * n
