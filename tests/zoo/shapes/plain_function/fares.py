"""Ticket prices of a small ferry line."""


def fare(zones, child=False):
    """Price in cents for a number of zones."""
    if zones < 1:
        raise ValueError("at least one zone")
    price = 250 + 120 * (zones - 1)
    return price // 2 if child else price
