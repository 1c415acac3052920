"""Changes the working folder."""

import os

EXPECT = "ok"


def victim(n):
    os.chdir("/")
    return 2 * n
