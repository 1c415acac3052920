import primes


def test_constant():
    assert primes.SMALL[-1] == 29


def test_uses_the_constant():
    assert [number for number in range(20, 30) if primes.is_small_prime(number)] == [23, 29]


def test_called():
    assert primes.primes_below(10) == [2, 3, 5, 7]


def test_count():
    assert len(primes.SMALL) == 10
