def balance_point(weights):
    """First index with equal sums on both sides, or -1."""
    for i in range(len(weights)):
        if sum(weights[:i]) == sum(weights[i + 1 :]):
            return i
    return -1
