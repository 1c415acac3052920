"""Which model serves which level: a level that was given none borrows another's. Knows no provider."""

from __future__ import annotations

from collections.abc import Mapping

from secant.errors import BadRequest
from secant.models.contract import ModelSettings
from secant.types import Level

_LENDERS: Mapping[Level, tuple[Level, ...]] = {
    "program": ("program", "optimizer"),
    "optimizer": ("optimizer", "program"),
    "meta": ("meta", "optimizer", "program"),
}


def resolved(given: Mapping[Level, ModelSettings]) -> Mapping[Level, ModelSettings]:
    """The settings of every level. Raises BadRequest where neither a program's nor an optimizer's are given."""
    found: dict[Level, ModelSettings] = {}
    for level, lenders in _LENDERS.items():
        settings = next((given[lender] for lender in lenders if lender in given), None)
        if settings is None:
            raise BadRequest(
                f"no model is configured for the level {level}",
                hint="Name one: --model openai/gpt-4o-mini. `secant models` says what is configured and reachable.",
            )
        found[level] = settings
    return found
