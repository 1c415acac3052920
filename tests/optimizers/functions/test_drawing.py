"""Drawing from a strategy: as many as asked for, each once, the same every time; and hypothesis may be missing."""

from __future__ import annotations

import sys

import pytest
from hypothesis import configuration
from hypothesis import strategies as st

from secant.functions.drawing import HypothesisMissing, drawn, require_hypothesis


def test_values_are_different_and_no_more_than_asked_for() -> None:
    values = drawn(st.lists(st.integers(0, 9), max_size=3), 20)
    assert 10 < len(values) <= 20
    assert len({repr(value) for value in values}) == len(values)


def test_few_values_are_drawn_once_each() -> None:
    assert sorted(drawn(st.booleans(), 50)) == [False, True]


def test_the_same_strategy_gives_the_same_values() -> None:
    assert drawn(st.text(), 15) == drawn(st.text(), 15)


def test_the_home_of_hypothesis_is_put_back() -> None:
    before = configuration.storage_directory("x", intent_to_write=False).path
    drawn(st.text(), 3)
    assert configuration.storage_directory("x", intent_to_write=False).path == before


def test_a_missing_hypothesis_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    require_hypothesis()
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(HypothesisMissing):
        require_hypothesis()
