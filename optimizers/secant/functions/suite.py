"""The tests that judge a function: which they are, how they went on the original, and by which path candidates run.

Plain values. How they come about is `baseline`'s business, how they are run `evaluator`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from secant.events import FoundTest
from secant.types import Frozen

OK_OUTCOMES = frozenset({"passed", "xfailed", "xpassed"})
RunPath = Literal["swap", "fresh", "cold"]


class Details(Frozen):
    """What the frames of a failure held, as texts (see the worker's `explaining`)."""

    arguments: str = ""
    """Of the call that came from the test, where the failure lies in a call behind it."""
    variables: str = ""
    """Of the deepest frame in the function's file, where the failure passed through it."""
    test_line: int | None = None
    """Line of the test's file."""
    test_variables: str = ""


class JudgingTest(Frozen):
    """One test and what it did on the original."""

    id: str
    outcome: str
    plain: bool = False
    """It needs nothing of pytest but its parameters."""
    seconds: float = 0.0
    ticks: int = 0
    """Loop steps and entries of the function during the test."""
    lines: tuple[int, ...] = ()
    """Lines of the unit's text that ran."""
    message: str = ""
    error: str = ""
    error_line: int | None = None
    """Line of the file where the failure passed through the target's file, the deepest."""
    details: Details = Details()

    @property
    def passes(self) -> bool:
        return self.outcome in OK_OUTCOMES


def cheapest_first(tests: Sequence[JudgingTest]) -> tuple[JudgingTest, ...]:
    """Failing tests first, the cheap before the dear: a wrong candidate is turned down soonest so."""
    return tuple(sorted(tests, key=lambda t: (t.passes, t.seconds, t.id)))


class Suite(Frozen):
    """The judging tests, those left out with the reason, and the path that candidates take."""

    tests: tuple[JudgingTest, ...]
    """In pytest's order."""
    onlookers: tuple[JudgingTest, ...] = ()
    """Tests that never run the function: candidates are not run on them, and a winner must leave them as they were."""
    left_out: tuple[FoundTest, ...] = ()
    path: RunPath = "swap"
    path_reason: str = ""
    any_order: bool = False
    """The tests were seen to say the same in another order than pytest's: single ones may be run by themselves."""
    variable_types: Mapping[str, tuple[str, ...]] = {}
    attribute_types: Mapping[str, tuple[str, ...]] = {}

    @cached_property
    def in_order(self) -> tuple[JudgingTest, ...]:
        """The tests with the most telling first, for reports and for screening."""
        return cheapest_first(self.tests)

    @property
    def failing(self) -> tuple[JudgingTest, ...]:
        return tuple(t for t in self.tests if not t.passes)

    @property
    def passing(self) -> tuple[JudgingTest, ...]:
        return tuple(t for t in self.tests if t.passes)

    @cached_property
    def most_ticks(self) -> int:
        """The most loop steps that a test used which came to its end, passed or not; the measure of fuel."""
        return max((t.ticks for t in self.tests if t.outcome not in {"timeout", "crash"}), default=0)

    @cached_property
    def total_seconds(self) -> float:
        return sum(t.seconds for t in self.tests)
