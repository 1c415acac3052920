"""The one retry layer: capped, exponential, jittered; the same request again, never another model or other parameters.

Knows neither providers nor budgets: an attempt is a function. Jitter is drawn from the call's name and sleeping is
given, so nothing here depends on chance or on a clock.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import Field

from secant.models.contract import RETRIED, ModelFailure
from secant.types import Frozen

Sleep = Callable[[float], Awaitable[object]]
Answer = TypeVar("Answer")


class RetryRules(Frozen):
    """How often and how patiently a request is asked again."""

    attempts: int = Field(default=4, ge=1)
    """All attempts, the first among them."""
    first_seconds: float = Field(default=1.0, ge=0)
    factor: float = Field(default=2.0, ge=1)
    longest_seconds: float = Field(default=30.0, ge=0)
    retry_after_cap: float = Field(default=60.0, ge=0)
    """A server that names a time (Retry-After) is waited for, but never longer than this."""

    def delay(self, key: str, attempt: int, retry_after: float | None = None) -> float:
        """Seconds to wait after the failed `attempt` (from 1). Half of the wait is jitter, so that a crowd disperses;
        what the server asks for is only ever lengthened."""
        draw = random.Random(f"{key}/{attempt}").random()
        if retry_after is not None:
            return min(max(0.0, retry_after), self.retry_after_cap) * (1.0 + 0.1 * draw)
        wait = min(self.longest_seconds, self.first_seconds * self.factor ** (attempt - 1))
        return wait * (0.5 + 0.5 * draw)


class GaveUp(Exception):  # noqa: N818 - an outcome
    """No further attempt is made. An attempt raises it by itself where asking again is out of the question."""

    def __init__(self, failure: ModelFailure, attempts: int) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.attempts = attempts


async def retried(
    attempt: Callable[[int], Awaitable[Answer]], *, rules: RetryRules, key: str, sleep: Sleep
) -> tuple[Answer, int]:
    """The answer and the number of attempts it took. Raises GaveUp; `attempt` gets its number, from 1."""
    for number in range(1, rules.attempts):
        try:
            return await attempt(number), number
        except ModelFailure as failure:
            if failure.kind not in RETRIED:
                raise GaveUp(failure, number) from failure
            await sleep(rules.delay(key, number, failure.retry_after))
    try:
        return await attempt(rules.attempts), rules.attempts
    except ModelFailure as failure:
        raise GaveUp(failure, rules.attempts) from failure
