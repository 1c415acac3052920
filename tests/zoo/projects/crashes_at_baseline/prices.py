"""Prices."""

import os
import signal


def total(prices):
    if not prices:
        os.kill(os.getpid(), signal.SIGKILL)
    return sum(prices)
