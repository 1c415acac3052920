"""Answers that must match a regular expression."""

from __future__ import annotations

import re
from collections.abc import Sequence

from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.bounded import Asked, Told, held_against
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.differing import difference
from secant.promptfiles.metrics.kinds import Item, quoted, text_of, wanted
from secant.solutions.answer import same
from secant.solutions.matching import given_up

COMPARE = "compare"
"""The option with which what the pattern finds last (its first group where it has one) must be the expected answer."""


class Matching:
    """Somewhere in the answer the pattern matches; `^` and `$` are the ends of a line."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def says(self, check: CheckSpec) -> str:
        pattern = "the expected regular expression" if check.value is None else f"`{text_of(check.value)}`"
        if _compares(check):
            return f"what {pattern} finds last in it is the expected answer"
        return f"it matches {pattern}"

    def objection(self, check: CheckSpec, row: Row) -> str:
        value = wanted(check, row)
        if value is None:
            return "it has no expected answer"
        if _compares(check) and row.expected is None:
            return "it has no expected answer"
        trouble = fault(text_of(value))
        return f"its pattern is no regular expression: {trouble}" if trouble else ""

    def grade(self, items: Sequence[Item]) -> Sequence[Grade]:
        asked = [Asked({"pattern": text_of(item.value), "last": _compares(item.check)}, item.output) for item in items]
        told = held_against(asked, self._seconds)
        return [self._graded(item, each) for item, each in zip(items, told, strict=True)]

    def close(self) -> None:
        pass

    def _graded(self, item: Item, told: Told) -> Grade:
        pattern = text_of(item.value)
        if told.slow:
            what = given_up(pattern, self._seconds)
            return Grade(score=0.0, feedback=what, error="timeout", unusable=what)
        if told.fault:
            what = f"{pattern} cannot be looked for: {told.fault}"
            return Grade(score=0.0, feedback=what, error="crash", unusable=what)
        if not told.found:
            what = f"nothing in it matches {pattern}; it says {quoted(item.output)}"
            return Grade(score=0.0, feedback=what, error="parse" if _compares(item.check) else "none")
        if not _compares(item.check):
            return Grade(score=1.0)
        expected, found = text_of(item.row.expected), told.text or ""
        if same(found, expected):
            return Grade(score=1.0, extracted=found)
        return Grade(score=0.0, feedback=difference(expected, found), extracted=found)


def fault(pattern: str) -> str:
    """Why a text is no regular expression; empty where it is one."""
    try:
        re.compile(pattern, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error) or type(error).__name__
    return ""


def _compares(check: CheckSpec) -> bool:
    return bool(check.options.get(COMPARE))
