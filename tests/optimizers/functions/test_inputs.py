"""Inputs in the likeness of recorded calls: of the same types, about the same sizes, and the same every time."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.functions import inputs
from secant.functions.drawing import HypothesisMissing
from secant.functions.inputs import generated, like

_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), st.binary()
)
_KEYS = st.one_of(st.integers(), st.text(max_size=4), st.tuples(st.integers(), st.text(max_size=2)))
_LITERALS = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(_KEYS, inner, max_size=3),
        st.sets(_KEYS, max_size=4),
    ),
    max_leaves=8,
)


def kinds(value: Any) -> set[type]:
    """The types of a value and of everything in it."""
    found = {type(value)}
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple | set):
        for item in value:
            found |= kinds(item)
    return found


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(_LITERALS, min_size=1, max_size=4))
def test_what_is_like_some_values_has_their_types(data: st.DataObject, values: list[Any]) -> None:
    drawn = data.draw(like(values))
    assert type(drawn) in {type(value) for value in values}
    assert kinds(drawn) <= set().union(*map(kinds, values))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(_LITERALS, min_size=1, max_size=4))
def test_it_can_be_sent_as_a_literal(data: st.DataObject, values: list[Any]) -> None:
    drawn = data.draw(like(values))
    assert ast.literal_eval(repr(drawn)) == drawn


@given(st.data(), st.lists(st.integers(), min_size=1))
def test_numbers_stay_about_where_they_were(data: st.DataObject, values: list[int]) -> None:
    assert min(0, min(values) - 1) <= data.draw(like(values)) <= max(values) + 2


@given(st.data(), st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_every_float_is_a_bound(data: st.DataObject, values: list[float]) -> None:
    """2.7 too, which no 32 bits can hold exactly."""
    assert min(0.0, *values) <= data.draw(like([2.7, *values])) <= max(2.7, *values)


@given(st.data())
def test_text_is_made_of_the_same_letters(data: st.DataObject) -> None:
    drawn = data.draw(like(["aba", "cc"]))
    assert set(drawn) <= set("abc")
    assert len(drawn) <= 5


@given(st.data())
def test_tuples_of_one_length_are_records(data: st.DataObject) -> None:
    name, price = data.draw(like([("pear", 3), ("fig", 11)]))
    assert isinstance(name, str)
    assert isinstance(price, int)


@given(st.data())
def test_mappings_with_the_same_keys_are_records(data: st.DataObject) -> None:
    drawn = data.draw(like([{"name": "pear", "price": 3}, {"name": "fig", "price": 11}]))
    assert {name: type(value) for name, value in drawn.items()} == {"name": str, "price": int}


@pytest.mark.parametrize("empty", [[], (), {}, set(), "", b""])
def test_an_empty_value_says_nothing_of_what_may_be_in_one(empty: Any) -> None:
    drawn = generated([{"args": [repr(empty)], "kwargs": {}}], 5)
    assert type(empty)() in [ast.literal_eval(call["args"]["0"]) for call in drawn]


CALLS = [
    {"args": ["[1, 2.7]", None], "kwargs": {"unit": "'kg'"}},
    {"args": ["[]", "3"], "kwargs": {}},
]


def test_arguments_are_named_by_position_or_name() -> None:
    drawn = generated(CALLS, 40)
    assert 10 < len(drawn) <= 40
    assert {tuple(call["args"]) for call in drawn if call["base"] == 0} == {("0", "unit")}
    assert {tuple(call["args"]) for call in drawn if call["base"] == 1} == {("0", "1")}


def test_no_input_comes_twice() -> None:
    drawn = [repr(call) for call in generated(CALLS, 60)]
    assert len(drawn) == len(set(drawn))


def test_calls_without_a_literal_have_no_likeness() -> None:
    assert generated([{"args": [None], "kwargs": {"file": None}}], 10) == []
    assert generated([], 10) == []


def test_nothing_is_written_into_the_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert generated([{"args": ["'text'", "0.1"], "kwargs": {}}], 10)
    assert list(tmp_path.iterdir()) == []


def test_the_same_calls_give_the_same_inputs_in_every_process(tmp_path: Path) -> None:
    script = (
        "import ast; from secant.functions.inputs import generated\n"
        "calls = [{'args': [\"{'pear', 'fig', 'plum', 'kiwi'}\", \"{'a': 1, 'b': 2}\"], 'kwargs': {}}]\n"
        "for call in generated(calls, 12):\n"
        "    print([sorted(ast.literal_eval(text)) for text in call['args'].values()])\n"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert texts[0].count("\n") > 3


def test_without_hypothesis_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise HypothesisMissing

    monkeypatch.setattr(inputs, "require_hypothesis", missing)
    with pytest.raises(HypothesisMissing):
        generated(CALLS, 1)
