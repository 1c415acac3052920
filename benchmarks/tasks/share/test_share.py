import pytest
from share import share


def test_halves():
    assert share(100, [1, 1]) == [50, 50]


def test_one_and_three():
    assert share(200, [1, 3]) == [50, 150]


def test_two_thirds():
    assert share(100, [2, 2, 2, 1]) == [28, 29, 29, 14]


def test_thirds():
    assert share(101, [1, 1, 1]) == [33, 34, 34]


def test_halves_of_one():
    assert share(2, [3, 1]) == [1, 1]


def test_below_zero():
    assert share(-101, [1, 1, 1]) == [-33, -34, -34]


def test_units():
    assert share(100, [1, 1, 1], 10) == [30, 30, 40]


def test_odd_cents():
    assert share(103, [1, 3, 1], 5) == [20, 63, 20]


def test_zero_weight():
    assert share(100, [0, 1, 2]) == [0, 33, 67]


def test_only_zeros():
    assert share(10, [0, 0]) == [5, 5]


def test_percent():
    assert share(200, ["25%", "75%"]) == [50, 150]


def test_percent_and_rest():
    assert share(100, ["40%", 1, 2]) == [40, 20, 40]


def test_unknown():
    assert share(100, ["25%", None]) == [25, 75]


def test_decimal():
    assert share(30, [0.1, 0.2]) == [10, 20]


def test_ratio():
    assert share(120, ["1/3", "1/6", "1/2"]) == [40, 20, 60]


def test_too_much():
    with pytest.raises(ValueError):
        share(100, ["60%", "60%"])


def test_too_little():
    with pytest.raises(ValueError):
        share(100, ["60%", "30%"])


def test_nobody():
    assert share(0, []) == []
