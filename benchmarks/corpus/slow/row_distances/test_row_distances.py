import numpy as np

from row_distances import pairwise_distances


def test_triangle():
    points = np.array([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(pairwise_distances(points), [[0.0, 5.0], [5.0, 0.0]])


def test_cloud():
    points = np.random.default_rng(2).normal(size=(90, 3))
    distances = pairwise_distances(points)
    np.testing.assert_allclose(distances, distances.T)
    np.testing.assert_allclose(distances[3, 70], np.linalg.norm(points[3] - points[70]))
