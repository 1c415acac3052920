def primes_up_to(limit):
    """All primes up to and including limit."""
    primes = []
    for n in range(2, limit + 1):
        if all(n % d != 0 for d in range(2, n)):
            primes.append(n)
    return primes
