import numpy as np


def weighted_sum(values, weights):
    """Sum of values times weights, both float arrays of one length."""
    total = 0.0
    for i in range(len(values)):
        total += values[i] * weights[i]
    return float(total)
