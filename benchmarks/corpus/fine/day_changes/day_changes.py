from operator import sub


def changes(values):
    """Difference of each value of a list from the one before."""
    return list(map(sub, values[1:], values))
