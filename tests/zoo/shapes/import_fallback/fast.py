"""Clamps numbers, quickly where the accelerator is installed."""

try:
    from _no_such_accelerator import clamp
except ImportError:

    def clamp(number, low=0, high=100):
        if low > high:
            raise ValueError("low above high")
        return max(low, min(high, number))
