"""Lengths."""

METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344}


def convert(value, source, target="m"):
    return value * METRES[source] / METRES[target]
