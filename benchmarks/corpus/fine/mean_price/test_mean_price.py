import pytest

from mean_price import mean_price


def test_mean():
    assert mean_price([1, 2, 6]) == 3.0


def test_no_prices():
    with pytest.raises(ZeroDivisionError):
        mean_price([])


def test_many():
    assert mean_price(list(range(10001))) == 5000.0
