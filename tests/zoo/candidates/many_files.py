"""Opens thousands of files."""

import os

EXPECT = "fail"
NEEDS = "resource limits"


def victim(n):
    opened = [open(os.devnull) for _ in range(5000)]
    return 2 * n * bool(opened)
