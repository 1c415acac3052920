"""Moves a file of the project away."""

import os

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    os.rename("module.py", "module.bak")
    return 2 * n
