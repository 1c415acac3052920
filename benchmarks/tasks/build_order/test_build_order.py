import pytest
from build_order import build_order


def test_chain():
    assert build_order({"c": ["b"], "b": ["a"], "a": []}) == ["a", "b", "c"]


def test_not_named():
    assert build_order({"door": ["handle"]}) == ["handle", "door"]


def test_alphabetical():
    assert build_order({"b": [], "a": [], "c": []}) == ["a", "b", "c"]


def test_short_names():
    assert build_order({"axle": [], "rim": [], "b": []}) == ["b", "rim", "axle"]


def test_popular():
    assert build_order({"a": [], "z": [], "car": ["z"], "bus": ["z"], "van": ["a"]}) == ["z", "a", "bus", "car", "van"]


def test_as_soon_as_possible():
    assert build_order({"b": ["aa"], "aa": [], "cc": []}) == ["aa", "b", "cc"]


def test_first():
    assert build_order({"a": [], "b": [], "c": []}, first=["c", "b"]) == ["c", "b", "a"]


def test_first_needs_another():
    assert build_order({"a": [], "c": ["b"], "b": []}, first=["c"]) == ["b", "c", "a"]


def test_question_mark():
    assert build_order({"a": ["?b"], "b": []}) == ["b", "a"]


def test_question_mark_of_nothing():
    assert build_order({"a": ["?paint"], "b": []}) == ["a", "b"]


def test_question_marks_in_a_circle():
    assert build_order({"a": ["?b"], "b": ["?a"]}) == ["a", "b"]


def test_exclamation_mark():
    assert build_order({"z": ["!a"], "a": []}) == ["z", "a"]


def test_star():
    assert build_order({"all": ["wheel*"], "wheel2": [], "wheel1": [], "zip": []}) == ["wheel1", "wheel2", "all", "zip"]


def test_star_and_itself():
    assert build_order({"a0": ["a*"], "ab": []}) == ["ab", "a0"]


def test_circle():
    with pytest.raises(ValueError, match="^cycle: a -> b -> a$"):
        build_order({"b": ["a"], "a": ["b"], "c": []})


def test_circle_of_one():
    with pytest.raises(ValueError, match="^cycle: a -> a$"):
        build_order({"a": ["a"]})


def test_circle_by_exclamation_mark():
    with pytest.raises(ValueError, match="^cycle: a -> b -> a$"):
        build_order({"a": ["b", "!b"], "b": []})
