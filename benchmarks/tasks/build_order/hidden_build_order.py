import pytest
from build_order import build_order


def test_nothing():
    assert build_order({}) == []


def test_diamond():
    assert build_order({"d": ["b", "c"], "b": ["a"], "c": ["a"], "a": []}) == ["a", "b", "c", "d"]


def test_two_not_named():
    assert build_order({"door": ["lock", "bar"]}) == ["bar", "lock", "door"]


def test_length_before_alphabet():
    assert build_order({"aaa": [], "zz": [], "y": []}) == ["y", "zz", "aaa"]


def test_use_before_length():
    assert build_order({"long": [], "s": [], "t": ["long"]}) == ["long", "s", "t"]


def test_twice_needed_counts_once_each():
    assert build_order({"x": ["m", "m"], "y": ["n"], "m": [], "n": []}) == ["m", "n", "x", "y"]


def test_use_by_star():
    assert build_order({"a": [], "wood1": [], "all": ["wood*"]}) == ["wood1", "a", "all"]


def test_first_before_use():
    assert build_order({"a": [], "b": [], "c": ["a"]}, first=["b"]) == ["b", "a", "c"]


def test_first_of_unknown():
    assert build_order({"a": []}, first=["zebra"]) == ["a"]


def test_first_as_tuple():
    assert build_order({"a": [], "b": []}, ("b",)) == ["b", "a"]


def test_question_mark_chain():
    assert build_order({"a": ["?b"], "b": ["?c"], "c": []}) == ["c", "b", "a"]


def test_question_mark_of_not_named_part():
    assert build_order({"a": ["?c"], "b": ["c"]}) == ["c", "a", "b"]


def test_question_mark_gives_way():
    assert build_order({"a": ["b"], "b": ["?a"], "c": ["a"]}) == ["b", "a", "c"]


def test_question_mark_does_not_count_as_use():
    assert build_order({"b": [], "a": [], "c": ["?b"]}) == ["a", "b", "c"]


def test_exclamation_mark_of_not_named_part():
    assert build_order({"m": ["!k"]}) == ["m", "k"]


def test_circle_of_three():
    with pytest.raises(ValueError, match="^cycle: a -> c -> b -> a$"):
        build_order({"c": ["b"], "b": ["a"], "a": ["c"], "d": ["a"]})


def test_circle_behind():
    with pytest.raises(ValueError, match="^cycle: x -> y -> x$"):
        build_order({"a": ["x"], "x": ["y"], "y": ["x"]})


def test_first_does_not_break_needs():
    assert build_order({"a": ["b"], "b": [], "c": []}, first=["a", "c"]) == ["c", "b", "a"]
