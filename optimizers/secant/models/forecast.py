"""What a run will probably cost, before it is begun: an estimate to decide by, while the budget keeps the promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.models.contract import Price
from secant.models.prices import cost
from secant.models.tokens import guess
from secant.types import Frozen, Level

_ANSWER_TOKENS = 600
"""Of an answer whose length nothing is known about: a critique, or a function of middling size."""


class Expected(Frozen):
    """The calls of one kind that a step is expected to make."""

    level: Level
    calls: float = 1.0
    """For each step; below 1 where only some steps make it."""
    prompt_tokens: int
    completion_tokens: int = _ANSWER_TOKENS


class Forecast(Frozen):
    """About so much, unless a cap ends the run before. `usd` is None where a price is not known."""

    calls: int
    tokens: int
    usd: float | None


def expected(level: Level, prompt: str, *, calls: float = 1.0, answer: str | None = None) -> Expected:
    """From a sample prompt, and a sample answer where there is one (the present text, for a rewrite of it)."""
    size = _ANSWER_TOKENS if answer is None else max(1, guess(answer))
    return Expected(level=level, calls=calls, prompt_tokens=max(1, guess(prompt)), completion_tokens=size)


def forecast(steps: int, each: Sequence[Expected], price: Mapping[Level, Price | None]) -> Forecast:
    """The sum over `steps` steps, each of which makes the calls of `each`."""
    calls, tokens, usd = 0.0, 0.0, 0.0
    known = True
    for one in each:
        times = steps * one.calls
        dollars = cost(price.get(one.level), one.prompt_tokens, one.completion_tokens)
        calls += times
        tokens += times * (one.prompt_tokens + one.completion_tokens)
        usd += times * (dollars or 0.0)
        known = known and (dollars is not None or not times)
    return Forecast(calls=round(calls), tokens=round(tokens), usd=usd if known else None)


def capped(forecast: Forecast, *, calls: int | None, tokens: int | None, usd: float | None) -> Forecast:
    """The same, where caps end the run before."""
    return Forecast(
        calls=forecast.calls if calls is None else min(calls, forecast.calls),
        tokens=forecast.tokens if tokens is None else min(tokens, forecast.tokens),
        usd=forecast.usd if usd is None or forecast.usd is None else min(usd, forecast.usd),
    )
