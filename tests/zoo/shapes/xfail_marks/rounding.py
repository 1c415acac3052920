"""Rounds amounts."""


def to_cents(amount):
    """Half-cents are rounded to even: a known fault."""
    if amount < 0:
        raise NotImplementedError
    return round(amount * 100)
