"""Shows progress."""

import sys


def show(done, total, *, width=10):
    if total <= 0:
        print("nothing to do", file=sys.stderr)
        return
    filled = width * done // total
    print("[" + "#" * filled + "." * (width - filled) + "]", end="\n" if done == total else "\r")
