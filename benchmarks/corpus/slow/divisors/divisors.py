def divisors(n: int):
    """All divisors of a positive number, ascending."""
    found = []
    for candidate in range(1, n + 1):
        if n % candidate == 0:
            found.append(candidate)
    return found
