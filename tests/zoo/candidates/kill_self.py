"""Kills its own process."""

import os
import signal

EXPECT = "crash"


def victim(n):
    os.kill(os.getpid(), signal.SIGKILL)
