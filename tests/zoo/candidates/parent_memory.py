"""Opens the worker's memory for writing."""

import os

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    with open(f"/proc/{os.getppid()}/mem", "r+b"):
        return 2 * n
