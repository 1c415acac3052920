"""Cases as a model is shown them: what goes in and what is expected, bounded by tokens.

Cases of the report split never come here: optimizers do not have them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import JsonValue

from secant.prompting.measure import shortened, tokens
from secant.types import Case


def shown(value: JsonValue) -> str:
    """A value of a case in words: a text as it is, fields one below the other, everything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        if len(value) == 1:
            return shown(next(iter(value.values())))
        return "\n".join(f"{name}: {shown(each)}" for name, each in value.items())
    return json.dumps(value, ensure_ascii=False)


def exemplar(case: Case, most: int) -> str:
    """One case; each of its sides is cut to `most` tokens."""
    given = shortened(shown(case.input), most)
    if case.expected is None:
        return f"Input: {given}"
    return f"Input: {given}\nExpected: {shortened(shown(case.expected), most)}"


def exemplars(cases: Sequence[Case], *, limit: int, each: int = 200) -> str:
    """As many cases as `limit` tokens hold, at least one, in their order, with a blank line between them."""
    told: list[str] = []
    left = limit
    for case in cases:
        text = exemplar(case, each)
        left -= tokens(text)
        if told and left < 0:
            break
        told.append(text)
    return "\n\n".join(told)
