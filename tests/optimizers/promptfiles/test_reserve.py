"""What a search may spend, and what it leaves for the held-out cases."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from secant.budget import Budget, BudgetExhausted, Limits
from secant.models.contract import ModelSettings, Price
from secant.promptfiles.costs import dearest
from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.program import Program
from secant.promptfiles.reserve import Share
from secant.types import Usage
from tests.optimizers.promptfiles.counter import Counter


def spent(budget: Budget, calls: int) -> None:
    budget.reserve(calls=calls).settle("program", Usage(calls=calls, prompt_tokens=10 * calls, usd=0.01 * calls))


def test_an_optimizer_sees_what_is_the_searchs() -> None:
    budget = Budget(Limits(calls=50, usd=1.0))
    share = Share(budget, 20)
    assert (share.remaining("calls"), share.remaining("usd"), share.remaining("tokens")) == (30, 1.0, None)
    spent(budget, 15)
    assert share.remaining("calls") == 15
    assert share.remaining("usd") == pytest.approx(1.0 - 0.15 - 0.2)
    assert share.fraction_used() == pytest.approx(0.5)
    share.require(15)
    with pytest.raises(BudgetExhausted, match="35 are left, 20 are kept for the held-out cases, and 16 more calls"):
        share.require(16)


def test_a_model_that_judges_is_kept_calls_too() -> None:
    share = Share(Budget(Limits(calls=50)), 20, judged=True)
    assert (share.remaining("calls"), share.each) == (10, 2)


def test_what_one_request_sets_aside_is_kept_besides() -> None:
    budget = Budget(Limits(usd=1.0))
    share = Share(budget, 20, single=0.3)
    assert share.remaining("usd") == pytest.approx(0.7)
    spent(budget, 10)
    assert share.remaining("usd") == pytest.approx(1.0 - 0.1 - 0.2 - 0.3)
    assert Share(budget, 0, single=0.3).remaining("usd") == pytest.approx(0.9)


def test_the_dearest_request_is_that_of_the_longest_row_with_a_verdict_on_it(tmp_path: Path) -> None:
    program = Program([PromptPart(name="prompt", role="user", text="Say {{x}}", syntax=("mustache",))])
    rows = [Row(id=str(n), path="d", line=1, fields={"x": "word " * n}, expected="y") for n in (1, 40)]
    price, settings = Price(1e-6, 1e-3), ModelSettings(model="a/b", parameters={"max_tokens": 50})
    models = SimpleNamespace(price=lambda level: price, settings=lambda level: settings)
    exact, judge = SimpleNamespace(asks_model=False), SimpleNamespace(asks_model=True)
    one = dearest(models, program, program.artifact(), rows, exact)
    assert one > 50 * 1e-3 + 200 * 1e-6
    assert dearest(models, program, program.artifact(), rows, judge) > one + 1000 * 1e-6
    assert dearest(SimpleNamespace(), program, program.artifact(), rows, exact) == 0


def test_time_is_kept_as_the_calls_before_took_it() -> None:
    now = [0.0]
    budget = Budget(Limits(seconds=100), clock=lambda: now[0])
    share = Share(budget, 20, concurrency=4)
    assert share.remaining("seconds") == 90
    budget.reserve(calls=8).settle("program", Usage(calls=8, seconds=16.0))
    now[0] = 40.0
    assert share.remaining("seconds") == 60 - 1.5 * 5 * 2  # twenty calls of two seconds, four at a time
    share.require(56)
    with pytest.raises(BudgetExhausted, match="of the 100 seconds that are allowed 60 are left"):
        share.require(60)


def test_a_cap_that_allows_one_step_is_enough_to_find_something(tmp_path: Path) -> None:
    run = Counter(tmp_path).refine(optimizer="gpo", max_calls=44)  # 9 and 18, and 17 for a step
    assert run.finished.outcome == "improved"
    assert run.finished.score.claimed
    assert sum(u.calls for u in run.finished.usage.values()) <= 44
