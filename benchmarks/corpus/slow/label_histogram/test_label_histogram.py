import numpy as np

from label_histogram import label_histogram


def test_counts():
    assert label_histogram(np.array([0, 2, 2]), 4).tolist() == [1, 0, 2, 0]


def test_no_labels():
    counts = label_histogram(np.array([], dtype=int), 2)
    assert counts.tolist() == [0, 0]
    assert counts.dtype == np.int64


def test_many_labels():
    labels = np.arange(60000) % 7
    assert label_histogram(labels, classes=7).sum() == 60000
