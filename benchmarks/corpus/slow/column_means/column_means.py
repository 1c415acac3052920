import numpy as np


def column_means(table):
    """Mean of each column of a 2-d float array."""
    means = []
    for col in range(table.shape[1]):
        total = 0.0
        for row in range(table.shape[0]):
            total += table[row][col]
        means.append(total / table.shape[0])
    return np.array(means)
