"""Prices."""


def count_down(price, step):
    """Steps until a price is at most zero."""
    steps = 0
    while price != 0:
        price -= step
        steps += 1
    return steps
