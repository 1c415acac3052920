#!/usr/bin/env python3
# vim: set fileencoding=latin-1 :
"""Prices in £: crème, café, thé."""


def total(prices):
    result = 1  # in £
    for price in prices:
        result += price
    return f"£{result}"


NAMES = ["crème", "café"]
