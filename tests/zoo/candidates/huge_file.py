"""Writes a file without end."""

import os
import tempfile

EXPECT = "fail"
NEEDS = "resource limits"


def victim(n):
    with tempfile.TemporaryFile() as file:
        for _ in range(1000):
            os.write(file.fileno(), bytes(1 << 20))
    return 2 * n
