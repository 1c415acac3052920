"""The half of a run's budget that its search may use: the other half is for as many fresh samples, to compare with.

Without it a search would spend all there is, and the vote over what it found would stand unjudged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from secant.budget import Budget, BudgetExhausted
from secant.optimizer import Answered, Completion, LanguageModel
from secant.types import Level

KEPT = "the rest of it is kept for as many fresh answers, to compare with"
_WHATS: tuple[Literal["calls", "tokens", "usd"], ...] = ("calls", "tokens", "usd")
_CONFIRMING = 2
"""Calls beyond both halves: a second critique of the winner, and its repetition."""


class Half:
    """The same models, up to half of each cap. Raises BudgetExhausted beyond. Implements `optimizer.LanguageModel`."""

    def __init__(self, model: LanguageModel, budget: Budget, *, confirming: bool) -> None:
        """`confirming`: the winner will need calls of its own."""
        self._model = model
        self._budget = budget
        self._confirming = confirming

    def within(self, scope: str) -> Half:
        return Half(self._model.within(scope), self._budget, confirming=self._confirming)

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        self._require(n)
        return self._model.complete(level, messages, n=n, purpose=purpose)

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        self._require(len(batches))
        return self._model.complete_many(level, batches, purpose=purpose, answered=answered)

    def _require(self, calls: int) -> None:
        kept = _CONFIRMING if self._confirming else 0
        for what in _WHATS:
            limit: float | None = getattr(self._budget.limits, what)
            left = self._budget.remaining(what)
            if limit is None or left is None:
                continue
            used = limit - left
            if 2 * (used + calls) + kept > limit if what == "calls" else 2 * used >= limit:
                unit = "dollars" if what == "usd" else what
                raise BudgetExhausted(what, f"half of the {limit:g} {unit} are used, and {KEPT}")
