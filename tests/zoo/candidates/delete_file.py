"""Deletes a file of the project."""

import os

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    os.remove("module.py")
    return 2 * n
