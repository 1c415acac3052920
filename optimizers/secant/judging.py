"""What a run is about and what judges it there, which is what the words for its result depend on. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["function", "solution"]
Judges = Literal["tests", "checks", "critique"]
"""A function has tests; a solution has checks, or without any the model's own critique."""

_CHECKS = ("checks", "run_code", "must_match")


def judges_of(kind: str, request: Mapping[str, Any]) -> Judges:
    """What judges in a run of this kind that was asked for so."""
    if kind != "solution":
        return "tests"
    return "checks" if any(request.get(name) for name in _CHECKS) else "critique"


def kind_of(judges: Judges) -> Kind:
    """What is judged so."""
    return "function" if judges == "tests" else "solution"
