def sum_of_multiples(limit, a=3, b=5):
    """Sum of the numbers below limit that a or b divides."""
    total = 0
    n = 0
    while n < limit:
        if n % a == 0 or n % b == 0:
            total += n
        n += 1
    return total
