"""Empties the module table and the import path."""

import sys

EXPECT = "ok"


def victim(n):
    for name in ("os", "json", "time", "struct"):
        sys.modules.pop(name, None)
    sys.path.clear()
    return 2 * n
