"""What a search leaves of a run's budget: enough to read the held-out cases at the end.

Without it a search would spend all there is, and nothing could be said of what it found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.budget import Budget, BudgetExhausted
from secant.optimizer import Completion, LanguageModel
from secant.types import Level

_KEPT_TIME = 0.1
"""Share of the seconds."""


class Reserve:
    """The same models, with so many calls of the program kept back. Implements `optimizer.LanguageModel`.

    What those calls will cost in tokens and dollars is estimated by those that were made. Raises BudgetExhausted.
    """

    def __init__(self, model: LanguageModel, budget: Budget, calls: int) -> None:
        self._model = model
        self._budget = budget
        self._calls = calls

    def within(self, scope: str) -> Reserve:
        return Reserve(self._model.within(scope), self._budget, self._calls)

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        self._require(n)
        return self._model.complete(level, messages, n=n, purpose=purpose)

    def complete_many(
        self, level: Level, batches: Sequence[Sequence[Mapping[str, str]]], *, purpose: str = ""
    ) -> Sequence[Completion]:
        self._require(len(batches))
        return self._model.complete_many(level, batches, purpose=purpose)

    def _require(self, calls: int) -> None:
        kept = f"the rest is kept for the held-out cases ({self._calls} calls)"
        left = self._budget.remaining("calls")
        if left is not None and calls + self._calls > left:
            raise BudgetExhausted("calls", f"{left:g} calls are left, and {kept}")
        seconds = self._budget.remaining("seconds")
        if seconds is not None and seconds <= _KEPT_TIME * (self._budget.limits.seconds or 0):
            raise BudgetExhausted("seconds", f"{seconds:.0f} s are left, and {kept}")
        spent = self._budget.usage.get("program")
        if spent is None or not spent.calls:
            return
        more = (calls + self._calls) / spent.calls
        tokens = self._budget.remaining("tokens")
        if tokens is not None and tokens < more * (spent.prompt_tokens + spent.completion_tokens):
            raise BudgetExhausted("tokens", f"{tokens:g} tokens are left, and {kept}")
        dollars = self._budget.remaining("usd")
        if dollars is not None and spent.usd is not None and dollars < more * spent.usd:
            raise BudgetExhausted("usd", f"{dollars:.4f} dollars are left, and {kept}")
