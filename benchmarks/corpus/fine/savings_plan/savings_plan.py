from itertools import accumulate


def balances(payments):
    """Balance after each payment."""
    return list(accumulate(payments))
