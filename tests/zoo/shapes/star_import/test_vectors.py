import pytest
from planes import side
from vectors import *


def test_dot():
    assert dot([1, 2, 3], [4, 5, 6]) == 32


def test_norm():
    assert norm([3, 4]) == 5


def test_side():
    assert side([1, 0], [-2, 5]) == -1


def test_lengths():
    with pytest.raises(ValueError):
        dot([1], [1, 2])
