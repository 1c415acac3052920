"""What a run with a model will probably ask and cost, and in which words that is said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from scripted import FIX

from secant.budget import Limits
from secant.events import Forecast
from secant.forecasting import Work, answer, critique, foretell, step
from secant.models.contract import ModelSettings, Price
from secant.optimizers.hessiangrad import HessianGradOptimizer
from secant.optimizers.mixed import MixedOptimizer
from secant.optimizers.rewrite import RewriteOptimizer
from secant.spending import foretold
from secant.types import Level

TEXT = "def f(x):\n    return x\n"
PRICE = Price(1e-6, 2e-6)


class Models:
    """Models that nobody can ask; only their names and prices are known."""

    def __init__(self, names: Mapping[Level, str], price: Price | None = PRICE) -> None:
        self._names = names
        self._price = price

    def price(self, level: Level) -> Price | None:
        return None if self.settings(level).lent else self._price

    def settings(self, level: Level) -> ModelSettings:
        return ModelSettings(model=self._names[level])


def told(models: Models, work: Work, limits: Limits | None = None) -> Forecast:
    found = foretell(models, work, limits or Limits())  # pyright: ignore[reportArgumentType]
    assert found is not None
    return found


def test_a_step_is_a_critique_and_a_version_and_the_cost_follows_from_their_lengths() -> None:
    each = step(HessianGradOptimizer(), FIX, TEXT)
    assert sum(e.calls for e in each) == 2
    found = told(Models({"optimizer": "a/b"}), Work(3, each))
    assert (found.models, found.calls, found.lent) == ({"optimizer": "a/b"}, 6, 0)
    usd = 3 * sum(PRICE.prompt * e.prompt_tokens + PRICE.completion * e.completion_tokens for e in each)
    assert found.usd == pytest.approx(usd)
    assert found.tokens == 3 * sum(e.prompt_tokens + e.completion_tokens for e in each)


def test_for_speed_no_critic_is_asked() -> None:
    faster = FIX.model_copy(update={"goal": "faster"})
    assert sum(e.calls for e in step(MixedOptimizer(), faster, TEXT)) == 1


def test_rules_ask_nobody() -> None:
    assert step(RewriteOptimizer(), FIX, TEXT) == ()
    assert foretell(None, Work(3, []), Limits()) is None
    assert foretell(Models({}), Work(3, []), Limits()) is None  # pyright: ignore[reportArgumentType]


def test_caps_end_it_before() -> None:
    each = step(HessianGradOptimizer(), FIX, TEXT)
    found = told(Models({"optimizer": "a/b"}), Work(6, each), Limits(calls=4, usd=0.0001))
    assert (found.calls, found.usd, found.most_calls, found.most_usd) == (4, 0.0001, 4, 0.0001)


def test_lent_calls_are_told_apart_from_paid_ones() -> None:
    models = Models({"optimizer": "vscode:copilot/gpt-4o", "program": "a/b"})
    found = told(models, Work(2, [critique(TEXT, "")], [answer("a problem", TEXT)]))
    assert (found.calls, found.lent, found.usd) == (3, 2, None)
    assert found.models == {"optimizer": "vscode:copilot/gpt-4o", "program": "a/b"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"calls": 12, "usd": 0.0123}, "a/b may be asked: about 12 calls, about $0.0123"),
        ({"calls": 1}, "a/b may be asked: about 1 call, a cost that is not known"),
        (
            {"calls": 12, "usd": 0.01, "most_calls": 20, "most_usd": 0.5},
            "a/b may be asked: about 12 calls, about $0.0100; never more than 20 calls and $0.5000",
        ),
        (
            {"calls": 12, "lent": 12, "most_calls": 20},
            "a/b may be asked: about 12 requests of your plan; never more than 20 calls",
        ),
        (
            {"calls": 12, "most_usd": 2.0},
            "a/b will not be asked: the price of a/b is not known, and $2.00 are the limit",
        ),
    ],
)
def test_the_words(fields: dict[str, object], said: str) -> None:
    assert foretold(Forecast.model_validate({"models": {"optimizer": "a/b"}, "tokens": 1, **fields})) == said
