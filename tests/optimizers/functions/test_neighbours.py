"""Neighbours of recorded calls: of the same types, different from them, cheap."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from secant.functions.neighbours import changed_once, neighbours

VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text("ab ", max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text("ab"), inner),
    max_leaves=8,
)


@given(VALUES)
def test_a_change_keeps_the_type(value: object) -> None:
    assert all(type(changed) is type(value) for changed in changed_once(value))


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(1, 40))
def test_inputs_are_literals_different_and_no_more_than_asked_for(values: list[object], count: int) -> None:
    literals = [{"args": [repr(value), None], "kwargs": {"k": "1"}} for value in values]
    found = neighbours(literals, count)
    assert 0 < len(found) <= count
    assert len({repr(f["args"]) for f in found}) == len(found)
    for each in found:
        assert set(each["args"]) == {"0", "k"}  # what is no literal stays that of the recorded call
        assert 0 <= each["base"] < len(values)
        for text in each["args"].values():
            ast.literal_eval(text)


def test_every_recorded_call_is_changed_before_any_is_changed_twice() -> None:
    literals = [{"args": [str(number)], "kwargs": {}} for number in (10, 20, 30)]
    assert [each["base"] for each in neighbours(literals, 6)] == [0, 1, 2, 0, 1, 2]


def test_calls_without_literals_have_no_neighbours() -> None:
    assert neighbours([{"args": [None], "kwargs": {}}], 5) == []
