"""A request for n answers as n requests, for those who give one at a time. Values only: nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence

from secant.models.contract import ModelAnswer, ModelFailure, ModelRequest
from secant.types import Usage


def singles(request: ModelRequest) -> Sequence[ModelRequest]:
    """One request for each of the n answers, with seeds of their own where there is one."""
    seed = request.seed
    return [
        request.model_copy(update={"n": 1, "seed": None if seed is None else (seed + i) % 2**31})
        for i in range(request.n)
    ]


def joined(outcomes: Sequence[ModelAnswer | BaseException]) -> ModelAnswer:
    """All answers as one, or the first failure, which carries what the others cost."""
    answers = [o for o in outcomes if isinstance(o, ModelAnswer)]
    usages = [a.usage for a in answers] + [o.usage for o in outcomes if isinstance(o, ModelFailure) and o.usage]
    total = sum(usages[1:], usages[0]) if usages else None
    for outcome in outcomes:
        if isinstance(outcome, ModelFailure):
            outcome.usage = total
        if isinstance(outcome, BaseException):
            raise outcome
    return ModelAnswer(texts=tuple(t for a in answers for t in a.texts), usage=total or Usage())
