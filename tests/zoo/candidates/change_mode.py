"""Makes a file of the project executable by all."""

import os

EXPECT = "fail"
NEEDS = "file namespace"
OTHERWISE = "ok"


def victim(n):
    os.chmod("module.py", 0o755)
    return 2 * n
