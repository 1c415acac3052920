from bisect import bisect_right


def bracket(limits, income):
    """Index of the bracket of an income; limits ascend and belong to the upper bracket."""
    return bisect_right(limits, income)
