def count_ways(n, steps=(1, 2, 3)):
    """Number of ways to climb n stairs, taking 1, 2 or 3 at a time."""
    if n == 0:
        return 1
    if n < 0:
        return 0
    return sum(count_ways(n - step, steps) for step in steps)
