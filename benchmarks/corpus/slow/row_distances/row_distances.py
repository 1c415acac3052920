import numpy as np


def pairwise_distances(points):
    """Euclidean distance between all rows of an (n, d) array, as (n, n)."""
    n, dims = points.shape
    distances = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            squared = 0.0
            for d in range(dims):
                squared += (points[i, d] - points[j, d]) ** 2
            distances[i, j] = np.sqrt(squared)
    return distances
