"""Stock levels."""

from ..units import boxes


def reorder(stock, minimum):
    """{article: boxes to order}, only what is short."""
    return {name: boxes(minimum - count) for name, count in stock.items() if count < minimum}
