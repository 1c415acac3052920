"""Answers compared as numbers."""

from __future__ import annotations

from typing import cast

from secant.promptfiles.evaldata.rows import CheckSpec, Row
from secant.promptfiles.metrics.contract import Grade
from secant.promptfiles.metrics.kinds import Item, Plain, quoted, text_of, wanted
from secant.promptfiles.metrics.numbers import Number, equal, last_number, number_of
from secant.promptfiles.metrics.texts import behind_label


class Numeric(Plain):
    """The last number of the answer is the expected one, that behind the last `Answer:` where it has such a line.

    The option `tolerance` is an absolute difference that still counts as equal.
    """

    def says(self, check: CheckSpec) -> str:
        value = "the expected number" if check.value is None else text_of(check.value)
        within = _tolerance(check)
        last = "its last number (that behind the last `Answer:` where there is such a line)"
        return f"{last} equals {value}" + (f", give or take {within:g}" if within else "")

    def objection(self, check: CheckSpec, row: Row) -> str:
        value = wanted(check, row)
        if value is None:
            return "it has no expected answer"
        return (
            ""
            if number_of(value) is not None
            else f"there is no number in its expected answer {quoted(text_of(value))}"
        )

    def judged(self, item: Item) -> Grade:
        expected = number_of(item.value)
        if expected is None:
            return Grade(score=0.0, feedback="the expected answer has no number", error="parse")
        found = answered(item.output)
        if found is None:
            return Grade(
                score=0.0, feedback=f"expected {expected.text}, there is no number in the answer", error="parse"
            )
        shown = found.text
        if equal(expected, found, _tolerance(item.check)):
            return Grade(score=1.0, extracted=shown)
        return Grade(score=0.0, feedback=f"expected {expected.text}, the last number is {shown}", extracted=shown)


def answered(output: str) -> Number | None:
    """The number that an answer ends on."""
    line = behind_label(output)
    return (last_number(line) if line is not None else None) or last_number(output)


def _tolerance(check: CheckSpec) -> float:
    value = check.options.get("tolerance", 0.0)
    return float(cast("float", value)) if isinstance(value, int | float) else 0.0
