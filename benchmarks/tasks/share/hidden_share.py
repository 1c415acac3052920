import pytest
from share import share


def test_one_cent():
    assert share(1, [1, 1]) == [0, 1]


def test_tie_of_unequal_weights():
    assert share(8, [5, 3, 5, 3]) == [2, 2, 2, 2]


def test_two_left_over():
    assert share(5, [1, 1, 1]) == [1, 2, 2]


def test_largest_remainder_first():
    assert share(10, [0.55, 0.25, 0.20]) == [5, 3, 2]


def test_large_amount():
    assert share(10**20 + 1, [1, 1]) == [5 * 10**19, 5 * 10**19 + 1]


def test_negative_units():
    assert share(-103, [1, 3, 1], 5) == [-20, -63, -20]


def test_odd_cents_go_to_the_first_largest():
    assert share(13, [1, 1], 5) == [8, 5]


def test_less_than_a_unit():
    assert share(3, [1, 2], 10) == [0, 3]


def test_zero_with_units():
    assert share(50, [1, 0, 1], 10) == [20, 0, 30]


def test_three_zeros():
    assert share(8, [0, 0, 0]) == [2, 3, 3]


def test_percent_with_remainders():
    assert share(101, ["50%", "50%"]) == [50, 51]


def test_fraction_of_a_percent():
    assert share(1000, ["12.5%", None]) == [125, 875]


def test_two_unknown():
    assert share(100, [None, "50%", None]) == [25, 50, 25]


def test_unknown_counts_as_one():
    assert share(100, [None, 3]) == [25, 75]


def test_nothing_left_for_the_rest():
    assert share(100, ["100%", 1]) == [100, 0]


def test_decimal_text():
    assert share(40, ["0.5", "1.5"]) == [10, 30]


def test_negative_weight():
    with pytest.raises(ValueError):
        share(10, [1, -1])


def test_nobody_for_something():
    with pytest.raises(ValueError):
        share(10, [])
