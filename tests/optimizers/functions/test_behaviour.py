"""What a comparison of two texts comes to; the bench's answers are given."""

from __future__ import annotations

from typing import Any

import pytest

from secant.functions import behaviour
from secant.functions.behaviour import Behaviour
from secant.functions.drawing import HypothesisMissing
from secant.functions.inputs import generated
from secant.functions.neighbours import neighbours
from secant.functions.process import WorkerDied

LITERALS = [{"args": ["3", "[1, 2]"], "kwargs": {}}]
DIFFERENCE = {"call": "f([])", "first": "0", "second": "ValueError", "what": "exception"}


class Bench:
    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.asked: list[dict[str, Any]] = []

    def compare(self, first: str | None, second: str, **fields: Any) -> dict[str, Any]:
        self.asked.append({"first": first, "second": second, **fields})
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def behaviours(bench: Bench) -> Behaviour:
    return Behaviour(bench, LITERALS, tolerance=1e-6, on_missing=lambda: None)


def test_no_difference_is_none() -> None:
    found = behaviours(Bench({"compared": 12, "skipped": 1, "differences": []})).against_original("new")
    assert (found.difference, found.compared, found.skipped, found.examples) == ("", 12, 1, ())


def test_the_first_difference_is_told_in_words_and_all_are_kept() -> None:
    other = {**DIFFERENCE, "call": "f([1])"}
    found = behaviours(Bench({"compared": 2, "skipped": 0, "differences": [DIFFERENCE, other]})).against_original("new")
    assert found.difference == "f([]) gives ValueError instead of 0 (exception)"
    assert found.examples == (DIFFERENCE, other)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": "unswappable", "message": "it has another closure"}, "cannot be compared: it has another closure"),
        ({"compared": 1, "differences": [], "death": "ran out of memory"}, "the comparison ran out of memory"),
        (WorkerDied("The test worker ended."), "cannot be compared: The test worker ended."),
    ],
)
def test_what_cannot_be_compared_counts_as_different(answer: Any, said: str) -> None:
    """So that it is turned down, and the run and what it found go on."""
    assert behaviours(Bench(answer)).against_original("new").difference == said


def test_the_original_is_the_first_text_unless_another_is_given() -> None:
    bench = Bench({"compared": 1, "differences": []})
    compared = behaviours(bench)
    compared.against_original("new")
    compared.between("one", "other")
    assert [(asked["first"], asked["second"]) for asked in bench.asked[:2]] == [(None, "new"), ("one", "other")]
    assert all(asked["tolerance"] == 1e-6 and len(asked["inputs"]) > 10 for asked in bench.asked)


def test_nothing_is_drawn_where_neighbours_tell_two_texts_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawing(*_: object) -> None:
        raise AssertionError("drawn")

    monkeypatch.setattr(behaviour, "generated", drawing)
    bench = Bench({"compared": 1, "differences": [DIFFERENCE]})
    assert behaviours(bench).between("one", "other").difference
    assert [asked["inputs"] for asked in bench.asked] == [neighbours(LITERALS, 120)]


def test_two_texts_alike_on_all_neighbours_are_compared_on_drawn_inputs_too() -> None:
    bench = Bench({"compared": 1, "differences": []})
    assert not behaviours(bench).between("one", "other").difference
    near, drawn = (asked["inputs"] for asked in bench.asked)
    assert near == neighbours(LITERALS, 120)
    assert drawn == generated(LITERALS, 120)


def test_without_hypothesis_the_recorded_calls_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise HypothesisMissing

    monkeypatch.setattr(behaviour, "generated", missing)
    bench, said = Bench({"compared": 1, "differences": []}), []
    found = Behaviour(bench, LITERALS, tolerance=0.0, on_missing=lambda: said.append("missing"))
    assert found.against_original("new").compared == 1
    assert found.against_original("newer").compared == 1
    assert said == ["missing"]
    assert [list(asked["inputs"]) for asked in bench.asked] == [[], []]
