import pytest

from relative_prices import relative_prices


def test_shares():
    assert relative_prices([10.0, 20.0, 15.0]) == [0.0, 1.0, 0.5]


def test_no_prices():
    assert relative_prices([]) == []


def test_one_price_has_no_range():
    with pytest.raises(ZeroDivisionError):
        relative_prices([3.0, 3.0])


def test_catalogue():
    shares = relative_prices([float(i % 101) for i in range(600)])
    assert min(shares) == 0.0
    assert max(shares) == 1.0
    assert shares[50] == 0.5
