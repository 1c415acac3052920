"""Opens the worker's descriptors through /proc, to write results of its own."""

import os

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    folder = f"/proc/{os.getppid()}/fd"
    for name in os.listdir(folder):
        os.readlink(f"{folder}/{name}")
    return 2 * n
