"""Reads a token from its environment."""

import os

EXPECT = "fail"


def victim(n):
    return 2 * n if os.environ["SECRET_TOKEN"] else 0
