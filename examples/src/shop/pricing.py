"""Prices of orders. All amounts are whole cents."""

from __future__ import annotations

from dataclasses import dataclass

VOLUME_FROM = 10
VOLUME_PERCENT = 5
FREE_SHIPPING_FROM = 5000
SHIPPING = 490

Packs = tuple[tuple[int, int], ...]
"""Pack sizes on offer, each with its price."""


@dataclass(frozen=True)
class Line:
    """One line of an order."""

    article: str
    unit_price: int
    quantity: int


def order_total(lines: list[Line], voucher_percent: int = 0) -> int:
    """What the customer pays.

    A line of ten pieces or more is 5 % cheaper, a voucher takes its share of all goods, and shipping is free for goods
    of 50.00 and more after all discounts. An empty order costs nothing.
    """
    if not lines:
        return 0
    goods = 0
    for line in lines:
        amount = line.unit_price * line.quantity
        if line.quantity >= VOLUME_FROM:
            amount -= amount * VOLUME_PERCENT // 100
        goods += amount
    goods -= goods * voucher_percent // 100
    shipping = 0 if amount >= FREE_SHIPPING_FROM else SHIPPING
    return goods + shipping


def cheapest_packs(pieces: int, packs: Packs) -> int | None:
    """The lowest price of exactly `pieces` pieces, or None where no combination of packs has as many."""
    if pieces == 0:
        return 0
    best = None
    for size, price in packs:
        if size <= pieces:
            rest = cheapest_packs(pieces - size, packs)
            if rest is not None and (best is None or rest + price < best):
                best = rest + price
    return best
