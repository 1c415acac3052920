"""Earlier versions in words: what was changed, how it was measured, whether it was accepted, and the text itself.

The text is shown whole or, where that is shorter, as its difference from the current version. Where the window's tokens
do not suffice, the texts of the less telling versions are left out, and it is said; their numbers stay.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import NamedTuple

from secant.prompting.feedback import digest, names
from secant.prompting.measure import first_line, tokens
from secant.prompting.render import Data, Section
from secant.search.acceptance import compare
from secant.search.records import Record
from secant.types import Evaluation, Task


def standing(evaluation: Evaluation, task: Task) -> str:
    """How an evaluation stands, in a few words."""
    if evaluation.rejected and evaluation.speed is None:
        return f"not accepted: {first_line(evaluation.note) or 'it behaves differently'}"
    passed = f"passes {evaluation.passed} of {evaluation.n} {'tests' if task.kind == 'function' else 'cases'}"
    if task.kind == "prompt":  # versions are measured on different cases: a batch, those that choose, all of them
        passed = f"passes {evaluation.passed} of the {evaluation.n} cases that it was tried on"
    if not evaluation.complete:
        passed = f"{passed} that were run before it was given up"
    if task.kind != "function" and any(0 < r.score < 1 for r in evaluation.results):
        passed = f"{passed}, mean score {evaluation.mean:.2f}"
    if evaluation.speed is None:
        return passed
    if evaluation.speed.verdict == "indistinguishable":
        return f"{passed}, no measurable difference in speed"
    return f"{passed}, {evaluation.speed.ratio:.2f}x as fast as the original"


class Shown(NamedTuple):
    """What versions are shown beside, and how much of them."""

    part: str
    """The name of the part that is to be changed."""
    current: str
    """Its current text."""
    evaluation: Evaluation
    """What was measured of that."""
    task: Task
    tokens: int
    """For the texts of all versions."""
    lines: int
    """Of feedback, for each."""
    names: int
    """Cases that a list names."""


def sections(window: Sequence[Record], shown: Shown, template: str) -> list[Section]:
    """One section for each version, in order."""
    values = _affordable([_value(record, shown) for record in window], shown.tokens)
    return [
        Section(template, {**_told(record, shown), "value": value})
        for record, value in zip(window, values, strict=True)
    ]


def _told(record: Record, shown: Shown) -> dict[str, str | Data]:
    measured = digest(record.evaluation, shown.lines)
    beside = compare(record.evaluation, shown.evaluation)
    return {
        "number": str(record.number),
        "status": _status(record),
        "standing": standing(record.evaluation, shown.task),
        "note": note(record),
        "gained": names(beside.fixed, shown.names),
        "lost": names(beside.broken, shown.names),
        "measured": Data("MEASURED", measured) if measured else "",
    }


def _status(record: Record) -> str:
    if record.number == 0:
        return "the original"
    return "accepted" if record.accepted else "REJECTED"


def note(record: Record) -> str:
    """What its writer says that was changed; nothing for the version that the path began with."""
    return first_line(record.proposal.rationale, 300) if record.number else ""


def _value(record: Record, shown: Shown) -> Data:
    parts = record.proposal.artifact.parts
    return difference(shown.current, next((p.text for p in parts if p.name == shown.part), ""))


def difference(current: str, text: str) -> Data:
    """The whole text, or its difference from the current version where that is shorter."""
    lines = difflib.unified_diff(current.splitlines(), text.splitlines(), "current", "this version", lineterm="", n=1)
    changed = "\n".join(lines)
    if changed and len(changed) < len(text):
        return Data("DIFFERENCE", changed)
    return Data("VERSION", text.rstrip("\n"))


def _affordable(values: Sequence[Data], limit: int) -> list[Data | str]:
    """The latest first, as far as the tokens go; a sentence for the others."""
    shown: list[Data | str] = []
    left = limit
    for value in reversed(values):
        cost = tokens(value.text)
        left -= cost
        shown.append(value if left >= 0 else f"(Its text of about {cost} tokens is left out here.)")
        left = left if left >= 0 else left + cost
    return shown[::-1]
