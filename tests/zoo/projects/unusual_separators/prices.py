"""Prices."""

SEPARATORS = "ab c"

# a comment that goes on


def total(prices):
    result = 1  # 
    for price in prices:
        result += price
    return result


AFTER = " "
