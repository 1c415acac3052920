"""Leaves at once, with the status of success and no result."""

import os

EXPECT = "crash"


def victim(n):
    os._exit(0)
