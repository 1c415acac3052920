"""Sleeps."""

import time

EXPECT = "timeout"


def victim(n):
    time.sleep(10**6)
    return 2 * n
