"""Reads the worker's environment from /proc."""

import os

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    with open(f"/proc/{os.getppid()}/environ", "rb") as file:
        return 2 * n if file.read() else 0
