"""Changes the environment."""

import os

EXPECT = "ok"


def victim(n):
    os.environ["PATH"] = "/nowhere"
    os.environ.pop("TMPDIR")
    return 2 * n
