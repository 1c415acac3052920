import pytest
from fast import clamp


def test_inside():
    assert clamp(5) == 5


def test_outside():
    assert (clamp(-1), clamp(101)) == (0, 100)


def test_bounds():
    with pytest.raises(ValueError):
        clamp(1, low=3, high=2)
