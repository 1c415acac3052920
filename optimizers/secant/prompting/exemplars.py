"""Cases as a model is shown them: what goes in, what is expected, what a prompt led to, bounded by tokens.

Cases of the report split never come here: optimizers do not have them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from secant.prompting.measure import shortened, tokens
from secant.types import Case, CaseResult

_WORD = re.compile(r"\w+")
_LABELS = frozenset({"expected", "got"})


def shown(value: JsonValue) -> str:
    """A value of a case in words: a text as it is, fields one below the other, everything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        if len(value) == 1:
            return shown(next(iter(value.values())))
        return "\n".join(f"{name}: {shown(each)}" for name, each in value.items())
    return json.dumps(value, ensure_ascii=False)


def exemplar(case: Case, most: int, result: CaseResult | None = None) -> str:
    """One case, and what a prompt led to on it; each of its sides is cut to `most` tokens."""
    lines = [f"Input: {shortened(shown(case.input), most)}"]
    if case.expected is not None:
        lines.append(f"Expected: {shortened(shown(case.expected), most)}")
    if result is not None:
        lines.append(f"Got ({_grade(result)}): {shortened(_output(result), most)}")
        if result.score < 1 and says_more(result.feedback, shown(case.expected), shown(result.output)):
            lines.append(f"Feedback: {shortened(result.feedback.strip(), most)}")
    return "\n".join(lines)


def exemplars(
    cases: Sequence[Case],
    *,
    limit: int,
    each: int = 200,
    results: Mapping[str, CaseResult] | None = None,
    numbered: bool = False,
) -> list[str]:
    """As many cases as `limit` tokens hold, at least one, in their order; `results` are what a prompt led to."""
    told: list[str] = []
    left = limit
    for number, case in enumerate(cases, start=1):
        text = exemplar(case, each, (results or {}).get(case.id))
        left -= tokens(text)
        if told and left < 0:
            break
        told.append(f"Case {number}\n{text}" if numbered else text)
    return told


def _grade(result: CaseResult) -> str:
    if 0 < result.score < 1:
        return f"score {round(100 * result.score)}"
    return "right" if result.score >= 1 else "wrong"


def _output(result: CaseResult) -> str:
    if result.output is not None:
        return shown(result.output)
    return "no answer" if result.error == "none" else f"no answer, {result.error}"


def says_more(feedback: str, expected: str, got: str) -> bool:
    """More than that the one was expected and the other was got, which stands in the case already."""
    said = set(_WORD.findall(feedback.casefold())) - _LABELS
    return not said <= set(_WORD.findall(f"{expected} {got}".casefold()))
