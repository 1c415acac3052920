import numpy as np


def histogram(pixels):
    """Counts of the values 0..255 in a flat array of unsigned bytes."""
    return np.bincount(pixels, minlength=256)
