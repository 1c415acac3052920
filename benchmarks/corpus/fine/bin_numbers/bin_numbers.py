import numpy as np


def bin_numbers(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Number of the bin of each value; a value on an edge belongs to the upper bin."""
    return edges.searchsorted(values, "right")
