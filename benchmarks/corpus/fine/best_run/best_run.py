def best_run(values):
    """Greatest sum of consecutive values, at least one of them (Kadane)."""
    rest = iter(values)
    best = current = next(rest)
    for value in rest:
        current = current + value if current > 0 else value
        if current > best:
            best = current
    return best
