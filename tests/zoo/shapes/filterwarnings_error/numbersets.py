"""Spreads."""

import warnings


def spread(values):
    values = list(values)
    if len(values) == 1:
        warnings.warn("harmless: one value")
    return max(values) - min(values)
