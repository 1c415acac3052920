import numpy as np


def label_histogram(labels, classes):
    """How often each label 0..classes-1 occurs."""
    counts = np.zeros(classes, dtype=np.int64)
    for label in labels:
        counts[label] += 1
    return counts
