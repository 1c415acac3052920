import pytest
from paint import paint


def test_one():
    assert paint([(0, 5, "red")]) == [(0, 5, "red")]


def test_apart():
    assert paint([(7, 9, "red"), (0, 5, "blue")]) == [(0, 5, "blue"), (7, 9, "red")]


def test_same_colour():
    assert paint([(0, 5, "red"), (3, 8, "red")]) == [(0, 8, "red")]


def test_later_covers():
    assert paint([(0, 5, "red"), (3, 8, "blue")]) == [(0, 3, "red"), (3, 8, "blue")]


def test_in_the_middle():
    assert paint([(0, 9, "red"), (3, 5, "blue")]) == [(0, 3, "red"), (3, 5, "blue"), (5, 9, "red")]


def test_neighbours():
    assert paint([(0, 3, "red"), (3, 5, "blue"), (5, 7, "red")]) == [(0, 3, "red"), (3, 5, "blue"), (5, 7, "red")]


def test_gap():
    assert paint([(0, 3, "red"), (4, 6, "red"), (8, 9, "red")], gap=1) == [(0, 6, "red"), (8, 9, "red")]


def test_gap_of_two_colours():
    assert paint([(0, 3, "red"), (4, 6, "blue")], gap=1) == [(0, 3, "red"), (4, 6, "blue")]


def test_backwards():
    assert paint([(5, 0, "red")]) == [(0, 5, "red")]


def test_no_colour():
    assert paint([(0, 9, "red"), (3, 5, None)]) == [(0, 3, "red"), (5, 9, "red")]


def test_question_mark():
    assert paint([(3, 5, "red"), (0, 9, "blue?")]) == [(0, 3, "blue"), (3, 5, "red"), (5, 9, "blue")]


def test_exclamation_mark():
    assert paint([(3, 5, "!red"), (0, 9, "blue")]) == [(0, 3, "blue"), (3, 5, "red"), (5, 9, "blue")]


def test_exclamation_mark_and_no_colour():
    assert paint([(3, 5, "!red"), (0, 9, "blue"), (4, 9, None)]) == [(0, 3, "blue"), (3, 5, "red")]


def test_point():
    assert paint([(0, 9, "red"), (4, 4, "post")]) == [(0, 4, "red"), (4, 9, "red")]


def test_point_between():
    assert paint([(4, 4, None), (0, 4, "red"), (5, 9, "red")], gap=2) == [(0, 4, "red"), (5, 9, "red")]


def test_nothing():
    assert paint([]) == []


def test_negative_gap():
    with pytest.raises(ValueError):
        paint([(0, 1, "red")], gap=-1)
