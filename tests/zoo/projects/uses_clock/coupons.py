"""Coupons."""

import time


def is_valid(expires, now=None):
    if now is None:
        now = time.time()
    return now > expires
