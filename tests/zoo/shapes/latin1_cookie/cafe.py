# -*- coding: latin-1 -*-
"""Menu of a café."""

CURRENCY = "£"


def menu(dishes):
    """Lines, the crème brûlée last."""
    ordered = sorted(dishes, key=lambda dish: dish[0] == "crème brûlée")
    return [f"{name} {CURRENCY}{price}" for name, price in ordered]


CLOSED = "fermé"
