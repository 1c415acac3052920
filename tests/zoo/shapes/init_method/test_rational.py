import pytest
from rational import HALF, Rational


def test_made_at_import():
    assert (HALF.top, HALF.bottom) == (1, 2)


def test_sign():
    number = Rational(3, -6)
    assert (number.top, number.bottom) == (-1, 2)


def test_whole():
    assert Rational(4).bottom == 1


def test_zero():
    with pytest.raises(ZeroDivisionError):
        Rational(1, 0)
