"""Drawing from a strategy: as many as asked for, each once, the same every time; and hypothesis may be missing."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

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


def test_what_is_drawn_does_not_depend_on_the_code_that_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """hypothesis would draw the constants of every local module, these among them."""
    numbers = [10**12 + 7 * number for number in range(200)]
    (tmp_path / "loaded_numbers.py").write_text(f"NUMBERS = {numbers!r}\n")
    strategy = st.lists(st.integers(0, 10**13), min_size=20, max_size=20)
    before = drawn(strategy, 30)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("loaded_numbers")
    try:
        assert drawn(strategy, 30) == before
    finally:
        del sys.modules["loaded_numbers"]
