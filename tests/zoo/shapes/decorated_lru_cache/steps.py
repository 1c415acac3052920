"""Collatz."""

from functools import lru_cache


@lru_cache(maxsize=None)
def steps(number):
    """Steps from number down to 1."""
    if number < 1:
        raise ValueError(number)
    if number == 1:
        return 0
    return 1 + steps(number // 2 if number % 2 == 0 else 3 * number + 1)
