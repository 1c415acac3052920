"""Robust estimates."""


def trimmed_mean(values, cut=1):
    """Mean without the cut lowest and highest values."""
    kept = sorted(values)[cut : len(values) - cut]
    if not kept:
        raise ValueError("nothing left")
    return sum(kept) / len(kept)
