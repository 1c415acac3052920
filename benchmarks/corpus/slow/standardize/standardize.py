import numpy as np


def standardize(image: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """Shift and scale every pixel."""
    out = np.empty(image.shape)
    for row in range(image.shape[0]):
        for col in range(image.shape[1]):
            out[row, col] = (image[row, col] - mean) / spread
    return out
