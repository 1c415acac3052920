def partitions(n, largest=None):
    """Number of ways to write n as a sum of positive integers, order ignored."""
    if largest is None:
        largest = n
    if n == 0:
        return 1
    if n < 0 or largest == 0:
        return 0
    return partitions(n - largest, largest=largest) + partitions(n, largest=largest - 1)
