import numpy as np


def smooth(signal: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide the kernel over the signal, full overlaps only."""
    n, k = len(signal), len(kernel)
    out = np.zeros(n - k + 1)
    for i in range(n - k + 1):
        acc = 0.0
        for j in range(k):
            acc += signal[i + j] * kernel[j]
        out[i] = acc
    return out
