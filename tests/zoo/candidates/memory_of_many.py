"""Shares out a lot of memory among processes, each of which stays below its limit."""

import os

EXPECT = "crash"


def victim(n):
    for _ in range(6):
        if os.fork() == 0:
            hoard = bytearray(os.urandom(1 << 20)) * 80
            while hoard:
                pass
    while True:
        os.wait()
