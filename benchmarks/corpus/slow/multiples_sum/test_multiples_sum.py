from multiples_sum import sum_of_multiples


def test_small():
    assert sum_of_multiples(10) == 23
    assert sum_of_multiples(0) == 0


def test_other_divisors():
    assert sum_of_multiples(20, a=7, b=14) == 21
    assert sum_of_multiples(7, 2, 2) == 12


def test_large():
    assert sum_of_multiples(300_000) == 20999850000
