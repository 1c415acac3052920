"""Do two texts of a function behave alike? Compared on recorded calls and on generated ones, by the worker's bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from secant.functions.drawing import HypothesisMissing
from secant.functions.inputs import Literals, generated
from secant.functions.neighbours import neighbours
from secant.functions.process import WorkerDied
from secant.functions.workers import Workers
from secant.types import Frozen

_SECONDS = 60.0
_GENERATED = 120
_MOST_EXAMPLES = 3


class Comparison(Frozen):
    """What a comparison found; `difference` in words, empty where there is none."""

    difference: str = ""
    compared: int = 0
    skipped: int = 0
    examples: tuple[Mapping[str, str], ...] = ()
    """Each `{"call", "first", "second", "what"}`."""


class Behaviour:
    """Compares texts of one unit. `literals` are the recorded calls, as `Workers.record` answered."""

    def __init__(
        self, workers: Workers, literals: Literals, *, tolerance: float, on_missing: Callable[[], None]
    ) -> None:
        self._workers = workers
        self._literals = literals
        self._tolerance = tolerance
        self._on_missing = on_missing

    def against_original(self, text: str) -> Comparison:
        """The original against a unit text."""
        return self._compare(None, text, self._drawn)

    def between(self, first: str, second: str) -> Comparison:
        """Two unit texts, for the inputs on which alternatives differ. Nothing is drawn where the recorded calls and
        their neighbours tell them apart: drawing costs more than the comparison.
        """
        near = self._compare(first, second, neighbours(self._literals, _GENERATED))
        return near if near.difference else self._compare(first, second, self._drawn)

    @cached_property
    def _drawn(self) -> Sequence[Mapping[str, Any]]:
        try:
            return generated(self._literals, _GENERATED)
        except HypothesisMissing:
            self._on_missing()
            return ()

    def _compare(self, first: str | None, second: str, inputs: Sequence[Mapping[str, Any]]) -> Comparison:
        try:
            answer = self._workers.compare(
                first, second, inputs=inputs, seconds=_SECONDS, tolerance=self._tolerance, most=_MOST_EXAMPLES
            )
        except WorkerDied as died:  # what was found before it died is worth more than this comparison
            return Comparison(difference=f"cannot be compared: {died.message}")
        if "error" in answer:
            return Comparison(difference=f"cannot be compared: {answer['message']}")
        examples: Sequence[Mapping[str, str]] = answer.get("differences", [])
        difference = ""
        if examples:
            one = examples[0]
            difference = f"{one['call']} gives {one['second']} instead of {one['first']} ({one['what']})"
        elif answer.get("death"):
            difference = f"the comparison {answer['death']}"
        return Comparison(
            difference=difference,
            compared=answer.get("compared", 0),
            skipped=answer.get("skipped", 0),
            examples=tuple(examples),
        )
