"""Tells once, before a run asks a model anything, what that will probably come to. The budget keeps the promises.

The figures are those of `models.forecast`; here is what they start from: the calls of a step, and how long its requests
are. Asks nobody and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from secant.budget import Limits
from secant.events import Forecast
from secant.models.contract import Message, ModelSettings, Price
from secant.models.forecast import Expected, capped, expected, forecast
from secant.models.prices import CAPS
from secant.models.tokens import prompt_bound
from secant.optimizer import LanguageModel, Optimizer, StepAsking
from secant.types import Level, Task

STEPS = 6
"""Of a run that nothing limits: most are over by then, or get nowhere."""
_INSTRUCTIONS = " " * 2500
"""As long as what every request says by itself."""
_FEEDBACK = " " * 3000
"""As long as the feedback of a middling step, and what is shown of earlier versions beside their texts."""
_CRITIQUE = " " * 1200


@runtime_checkable
class Priced(Protocol):
    """Models of which it is known what they cost."""

    def price(self, level: Level) -> Price | None: ...

    def settings(self, level: Level) -> ModelSettings: ...


@runtime_checkable
class Remembering(Protocol):
    """Models that know which answers they have already."""

    def due(self, level: Level, batches: Sequence[Sequence[Mapping[str, str]]]) -> int: ...


class Work(NamedTuple):
    """What a run is expected to ask."""

    steps: int
    each: Sequence[Expected]
    """In each step."""
    once: Sequence[Expected] = ()


def step(optimizer: Optimizer, task: Task, text: str, around: str = "") -> Sequence[Expected]:
    """The calls of one step on an artifact with this text, shown with what is `around` it; none by rules alone."""
    if not isinstance(optimizer, StepAsking):
        return ()
    calls = optimizer.step_calls(task)
    shown = f"{_INSTRUCTIONS}{text}{around}{_FEEDBACK}"
    versions = expected("optimizer", f"{shown}{text}{_CRITIQUE}", calls=calls.versions, answer=text or None)
    critiques = expected("optimizer", shown, calls=calls.critiques, answer=_CRITIQUE)
    return [each for each in (versions, critiques) if each.calls]


def critique(text: str, around: str) -> Expected:
    """A request that only judges a text."""
    return expected("optimizer", f"{_INSTRUCTIONS}{text}{around}", answer=_CRITIQUE)


def answer(problem: str, text: str) -> Expected:
    """A request for a fresh text."""
    return expected("program", f"{_INSTRUCTIONS}{problem}", answer=text or None)


def foretell(model: LanguageModel | None, work: Work, limits: Limits) -> Forecast | None:
    """What there is to tell; None where nothing will be asked or nobody knows whom."""
    if not isinstance(model, Priced):
        return None
    asked = [(work.steps, each) for each in work.each] + [(1, each) for each in work.once]
    whole = [each.model_copy(update={"calls": times * each.calls}) for times, each in asked if times and each.calls]
    levels: dict[Level, None] = dict.fromkeys(each.level for each in whole)
    if not levels:
        return None
    settings = {level: model.settings(level) for level in levels}
    prices: dict[Level, Price | None] = {level: model.price(level) for level in levels}
    lent = forecast(1, [each for each in whole if settings[each.level].lent], prices).calls
    total = forecast(1, whole, prices)
    within = capped(total, calls=limits.calls, tokens=limits.tokens, usd=limits.usd)
    return Forecast(
        models={level: settings[level].model for level in levels},
        calls=within.calls,
        tokens=within.tokens,
        usd=within.usd,
        lent=within.calls if lent == total.calls else min(lent, within.calls),
        most_calls=limits.calls,
        most_usd=limits.usd,
    )


def due(model: LanguageModel, level: Level, batches: Sequence[Sequence[Mapping[str, str]]]) -> int:
    """How many of these requests have to be paid for; all, where nobody remembers an answer."""
    return model.due(level, batches) if isinstance(model, Remembering) else len(batches)


def at_most(model: LanguageModel, level: Level, text: str) -> float:
    """Dollars that have to be there before a request with this text is sent; 0 where no price is known."""
    price = model.price(level) if isinstance(model, Priced) else None
    if price is None or not isinstance(model, Priced):
        return 0.0
    caps = [cap for cap in map(model.settings(level).parameters.get, CAPS) if isinstance(cap, int)]
    prompt = prompt_bound([Message(role="user", content=text)])
    return price.prompt * prompt + price.completion * max(caps, default=0)
