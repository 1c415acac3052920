"""Calls sys.exit with success."""

import sys

EXPECT = "fail"


def victim(n):
    sys.exit(0)
