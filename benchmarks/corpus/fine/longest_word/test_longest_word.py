import pytest

from longest_word import longest


def test_first_of_equals():
    assert longest(["a", "bcd", "efg"]) == "bcd"


def test_none():
    with pytest.raises(ValueError):
        longest([])


def test_many():
    assert longest(["x" * (i % 97) for i in range(5000)]) == "x" * 96
