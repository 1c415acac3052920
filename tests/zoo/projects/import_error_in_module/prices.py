"""Prices."""

from currencies_that_do_not_exist import RATES


def total(prices):
    return sum(prices) * RATES["EUR"]
