"""Parity."""


def is_even(number):
    return number % 2 == 0 if isinstance(number, int) else None
