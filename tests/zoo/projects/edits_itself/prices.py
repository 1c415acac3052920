"""Prices."""


def total(prices):
    result = 1
    for price in prices:
        result += price
    return result
