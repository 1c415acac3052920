"""Earlier versions in words: what was changed, how it was measured, whether it was accepted, and the text itself.

The text is shown whole or, where that is shorter, as its difference from the current version. Where the window's tokens
do not suffice, the texts of the less telling versions are left out, and it is said; their numbers stay.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from secant.prompting.feedback import digest
from secant.prompting.measure import first_line, tokens
from secant.prompting.render import Data, Section
from secant.search.records import Record
from secant.types import Evaluation, Task


def standing(evaluation: Evaluation, task: Task) -> str:
    """How an evaluation stands, in a few words."""
    if evaluation.rejected and evaluation.speed is None:
        return f"not accepted: {first_line(evaluation.note) or 'it behaves differently'}"
    passed = f"passes {evaluation.passed} of {evaluation.n} {'tests' if task.kind == 'function' else 'cases'}"
    if not evaluation.complete:
        passed = f"{passed} that were run before it was given up"
    if task.kind != "function" and any(0 < r.score < 1 for r in evaluation.results):
        passed = f"{passed}, mean score {evaluation.mean:.2f}"
    if evaluation.speed is None:
        return passed
    if evaluation.speed.verdict == "indistinguishable":
        return f"{passed}, no measurable difference in speed"
    return f"{passed}, {evaluation.speed.ratio:.2f}x as fast as the original"


def sections(
    window: Sequence[Record], *, part: str, current: str, task: Task, template: str, limit: int, lines: int
) -> list[Section]:
    """One section for each version, in order."""
    shown = _affordable([_value(record, part, current) for record in window], limit)
    return [
        Section(
            template,
            {
                "number": str(record.number),
                "status": _status(record),
                "standing": standing(record.evaluation, task),
                "note": note(record),
                "measured": digest(record.evaluation, lines),
                "value": value,
            },
        )
        for record, value in zip(window, shown, strict=True)
    ]


def _status(record: Record) -> str:
    if record.number == 0:
        return "the original"
    return "accepted" if record.accepted else "REJECTED"


def note(record: Record) -> str:
    """What its writer says that was changed; nothing for the version that the path began with."""
    return first_line(record.proposal.rationale, 300) if record.number else ""


def _value(record: Record, part: str, current: str) -> Data:
    return difference(current, next((p.text for p in record.proposal.artifact.parts if p.name == part), ""))


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
