from math import gcd


def reduce_ratio(a: int, b: int) -> tuple:
    """The ratio a : b in lowest terms."""
    divisor = gcd(a, b)
    return a // divisor, b // divisor
