import numpy as np


def multiply(a, b):
    """Matrix product of two float matrices."""
    rows, inner = a.shape
    cols = b.shape[1]
    result = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            for k in range(inner):
                result[i, j] += a[i, k] * b[k, j]
    return result
