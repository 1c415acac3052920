"""Signals every process of the machine (with SIGCONT, which harms none)."""

import os
import signal

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    os.kill(-1, signal.SIGCONT)
    return 2 * n
