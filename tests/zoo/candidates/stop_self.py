"""Stops its own process."""

import os
import signal

EXPECT = "timeout"


def victim(n):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 2 * n
