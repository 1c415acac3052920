import pytest

from gear_ratio import reduce_ratio


def test_ratio():
    assert reduce_ratio(42, 12) == (7, 2)
    assert reduce_ratio(5, 7) == (5, 7)
    assert reduce_ratio(0, 3) == (0, 1)


def test_no_ratio():
    with pytest.raises(ZeroDivisionError):
        reduce_ratio(0, 0)
