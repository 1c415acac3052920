import pytest
from merging import merge


def test_nothing():
    assert merge() == {}


def test_later_wins():
    assert merge({"a": 1, "b": 1}, {"b": 2}) == {"a": 1, "b": 2}


def test_overrides():
    assert merge({"a": 1}, a=3, c=4) == {"a": 3, "c": 4}


def test_none_removes():
    assert merge({"a": 1}, a=None) == {}


def test_unpacked():
    assert merge(*[{"x": n} for n in range(3)], **{"y": 9}) == {"x": 2, "y": 9}


def test_wrong_type():
    with pytest.raises((TypeError, ValueError)):
        merge(7)
