from divisors import divisors


def test_small():
    assert divisors(1) == [1]
    assert divisors(12) == [1, 2, 3, 4, 6, 12]
    assert divisors(13) == [1, 13]


def test_square_has_its_root_once():
    assert divisors(36) == [1, 2, 3, 4, 6, 9, 12, 18, 36]


def test_large():
    assert len(divisors(720720)) == 240
