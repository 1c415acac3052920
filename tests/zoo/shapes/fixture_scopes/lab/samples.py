"""Samples of a laboratory."""


def prepare(kind, volume=10):
    if volume <= 0:
        raise ValueError("empty sample")
    return {"kind": kind, "volume": volume, "dilution": [volume / 2**step for step in range(3)]}
