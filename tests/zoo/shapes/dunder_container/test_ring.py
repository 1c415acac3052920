import pytest
from ring import Ring


def test_wraps():
    ring = Ring("abc")
    assert (ring[0], ring[4], ring[-1], ring[-7]) == ("a", "b", "c", "c")


def test_slice():
    part = Ring("abcd")[1:3]
    assert isinstance(part, Ring)
    assert list(part) == ["b", "c"]


def test_empty():
    with pytest.raises(IndexError):
        Ring([])[0]


def test_reversed():
    assert list(reversed(Ring([1, 2, 3]))) == [3, 2, 1]
