"""What a run is about and what judges it there, which is what the words for its result depend on. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["function", "solution", "prompt"]
Judges = Literal["tests", "checks", "critique", "cases"]
"""A function has tests, a prompt has cases; a solution has checks, or without any the model's own critique."""

Doing = Literal["optimizing", "refining", "scoring"]
"""What a run does with its text."""

_CHECKS = ("checks", "run_code", "must_match")


def judges_of(kind: str, request: Mapping[str, Any]) -> Judges:
    """What judges in a run of this kind that was asked for so."""
    if kind in ("prompt", "evaluation"):
        return "cases"
    if kind != "solution":
        return "tests"
    return "checks" if any(request.get(name) for name in _CHECKS) else "critique"


def doing_of(kind: str) -> Doing:
    """What a run of this kind does."""
    match kind:
        case "function":
            return "optimizing"
        case "evaluation":
            return "scoring"
        case _:
            return "refining"


def kind_of(judges: Judges) -> Kind:
    """What is judged so."""
    match judges:
        case "tests":
            return "function"
        case "cases":
            return "prompt"
        case "checks" | "critique":
            return "solution"
