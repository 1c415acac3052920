"""Primes."""


def primes_below(limit):
    found = []
    for number in range(2, limit):
        if all(number % prime for prime in found):
            found.append(number)
    return found


SMALL = tuple(primes_below(30))


def is_small_prime(number):
    return number in SMALL
