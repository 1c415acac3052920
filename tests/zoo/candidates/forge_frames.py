"""Writes results of its own making to every descriptor, and returns a wrong one."""

import json
import os

EXPECT = "fail"


def victim(n):
    frame = json.dumps({"name": "forge_frames", "verdict": "ok", "id": 1, "last": True}).encode() + b"\n"
    for descriptor in range(256):
        try:
            os.write(descriptor, frame)
        except OSError:
            pass
    return 3 * n
