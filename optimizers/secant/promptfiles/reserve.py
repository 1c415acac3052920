"""What a search leaves of a run's budget: enough to read the held-out cases at the end.

Without it a search would spend all there is, and nothing could be said of what it found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from secant.budget import Budget, BudgetExhausted, What
from secant.optimizer import Answered, Completion, LanguageModel
from secant.types import Level

_KEPT_TIME = 0.1
"""Share of the seconds that is kept in any case."""
_SLOWER = 1.5
"""Calls may take so many times longer than those before them."""


class Share:
    """The search's share of a budget. Implements `optimizer.BudgetView`.

    What the calls that are kept back will cost in time, tokens and dollars is estimated by those that were made.
    """

    def __init__(
        self, budget: Budget, runs: int, *, judged: bool = False, concurrency: int = 1, single: float = 0.0
    ) -> None:
        """`runs` of the program are kept back; `judged`: each answer costs a model that judges one more call. `single`:
        dollars that have to be there for one request to be sent, much more than most of them cost.
        """
        self._concurrency = concurrency
        self._single = single if runs else 0.0
        self.each = 2 if judged else 1
        self.calls = runs * self.each
        self._budget = budget

    def remaining(self, what: What) -> float | None:
        left = self._budget.remaining(what)
        return None if left is None else max(0.0, left - self._kept(what))

    def fraction_used(self) -> float:
        limits = self._budget.limits
        fractions = [self._budget.fraction_used()]
        for what in ("calls", "tokens", "usd", "seconds"):
            limit, left = getattr(limits, what), self.remaining(what)
            if limit is not None and left is not None:
                used = limit - (self._budget.remaining(what) or 0.0)
                fractions.append(used / (used + left) if used + left else 1.0)
        return max(fractions)

    def require(self, calls: int) -> None:
        """Raises BudgetExhausted where so many more calls would eat into what is kept."""
        left = self._budget.remaining("calls")
        if left is not None and calls + self.calls > left:
            asked = f"{calls} more calls were due" if calls != 1 else "one more call was due"
            of = f"of the {self._budget.limits.calls} calls that are allowed {left:g} are left"
            raise BudgetExhausted("calls", f"{of}, {self.calls} are kept for the held-out cases, and {asked}")
        units: Mapping[What, str] = {"seconds": "seconds", "tokens": "tokens", "usd": "dollars"}
        for what, unit in units.items():
            left = self._budget.remaining(what)
            if left is not None and left <= self._kept(what) + self._estimated(what, calls):
                limit = getattr(self._budget.limits, what)
                of = f"of the {limit:g} {unit} that are allowed {left:.3g} are left"
                raise BudgetExhausted(what, f"{of}, and they are kept for the held-out cases")

    def _kept(self, what: What) -> float:
        if what == "calls":
            return self.calls
        if what == "seconds":
            return max(_KEPT_TIME * (self._budget.limits.seconds or 0.0), self._estimated(what, self.calls))
        return self._estimated(what, self.calls) + (self._single if what == "usd" else 0.0)

    def _estimated(self, what: What, calls: int) -> float:
        spent = self._budget.usage.get("program")
        if spent is None or not spent.calls:
            return 0.0
        if what == "seconds":
            waves = math.ceil(calls / self._concurrency)
            return _SLOWER * waves * spent.seconds / spent.calls
        each = {"tokens": spent.prompt_tokens + spent.completion_tokens, "usd": spent.usd or 0.0}
        return each.get(what, 0.0) * calls / spent.calls


class Reserve:
    """The same models, for the search's share of the budget. Implements `optimizer.LanguageModel`.

    Raises BudgetExhausted.
    """

    def __init__(self, model: LanguageModel, share: Share) -> None:
        self._model = model
        self._share = share

    def within(self, scope: str) -> Reserve:
        return Reserve(self._model.within(scope), self._share)

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        self._share.require(n * self._each(level))
        return self._model.complete(level, messages, n=n, purpose=purpose)

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        self._share.require(len(batches) * self._each(level))
        return self._model.complete_many(level, batches, purpose=purpose, answered=answered)

    def _each(self, level: Level) -> int:
        return self._share.each if level == "program" else 1
