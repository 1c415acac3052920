import pytest
from tokens import numbers


def test_numbers():
    assert numbers("a 1 -2 3x 4") == [1, -2, 4]


def test_least():
    with pytest.raises(ValueError, match="only 1"):
        numbers("7 x", least=2)


def test_zero_counts():
    assert numbers("0", least=1) == [0]
