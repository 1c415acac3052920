"""Prices."""


def total(prices):
    result = 1
    for price in prices:
        result += price
        print("price " * 200_000)
    return result
