"""A script that was never meant to be imported."""

import sys


def total(prices):
    return sum(prices)


print(total([int(argument) for argument in sys.argv[1:] if argument.isdigit()]))
sys.exit(0)
