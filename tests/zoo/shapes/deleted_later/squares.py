"""Squares."""


def _table(size, power=2):
    return {number: number**power for number in range(size)}


SQUARES = _table(5)
make = [_table]
del _table
