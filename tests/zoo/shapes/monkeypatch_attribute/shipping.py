"""Shipping."""

RATE = 3


def distance(town):
    raise OSError(f"no map of {town} here")


def cost(town, weight=1):
    if weight > 30:
        return None
    return RATE * distance(town) * weight
