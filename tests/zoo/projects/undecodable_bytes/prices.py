"""Prices in £."""


def total(prices):
    return sum(prices)
