"""Empties its test without opening it."""

import os

EXPECT = "fail"
NEEDS = "landlock"


def victim(n):
    os.truncate("tests/test_module.py", 0)
    return 2 * n
