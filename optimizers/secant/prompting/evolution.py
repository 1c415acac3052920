"""The evolution report as lines of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.search.evolution import Transition


def rows(transitions: Sequence[Transition], names: Mapping[str, str]) -> str:
    """A line for each step; `names` says how versions are called. What was not measured is said to be unknown."""
    return "\n".join(_row(step, names) for step in transitions)


def _row(step: Transition, names: Mapping[str, str]) -> str:
    before, after = (names.get(each, "an earlier version") for each in (step.before, step.artifact))
    fate = "accepted" if step.accepted else "REJECTED"
    counted = f" ({len(step.fixed)} fixed, {len(step.broken)} broken of {step.n})" if step.n else ""
    numbers = [
        f"text {step.step_size:.2f}",
        f"score {_signed(step.score_change)}{counted}",
        f"responses {_number(step.response_change)}",
        f"sensitivity {_number(step.sensitivity)}",
        f"bend {_signed(step.bend)}",
    ]
    return f"{before} -> {after} ({fate}): {', '.join(numbers)}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _signed(value: float | None) -> str:
    return "unknown" if value is None else f"{value:+.2f}"
