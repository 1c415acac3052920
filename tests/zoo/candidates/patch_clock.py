"""Replaces the clock and random numbers."""

import random
import time

EXPECT = "ok"


def victim(n):
    time.time = time.perf_counter = time.process_time = lambda: 0.0
    random.random = lambda: 0.5
    return 2 * n
