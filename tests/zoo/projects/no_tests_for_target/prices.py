"""Prices."""


def total(prices):
    return sum(prices)


def rounded(price):
    return round(price, 2)
