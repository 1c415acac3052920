import numpy as np

from pixel_histogram import histogram


def test_counts():
    counts = histogram(np.array([0, 255, 255], dtype=np.uint8))
    assert (counts[0], counts[255], counts.size) == (1, 2, 256)


def test_photo():
    assert histogram((np.arange(70000) % 256).astype(np.uint8)).sum() == 70000
