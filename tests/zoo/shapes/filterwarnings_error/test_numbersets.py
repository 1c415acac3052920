import pytest
from numbersets import spread


def test_spread():
    assert spread([4, 9, 1]) == 8


def test_one():
    assert spread([4]) == 0


def test_none():
    with pytest.raises(ValueError):
        spread([])
