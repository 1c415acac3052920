"""What models cost, where a person in an editor sees it; and what a model could do, said once where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from secant.events import Finished, Forecast, ModelCalled, Progress
from secant.models.contract import ModelCall
from secant.types import Usage
from secant_server import sentences
from secant_server.reports import report
from tests.server.conftest import BETTER, Opening, Window
from tests.server.golden import runs

HINT = "A model can propose more: --model NAME. What is configured and reachable: secant models"


def used(calls: int = 3, usd: float | None = 0.004, **more: Any) -> Usage:
    return Usage(calls=calls, prompt_tokens=100 * calls, completion_tokens=10 * calls, usd=usd, **more)


def test_the_progress_says_what_was_spent() -> None:
    event = Progress(phase="propose", evaluations=7, seconds=12.0, usage={"optimizer": used()})
    assert sentences.progress(event, 20) == "writing candidates · cand 7 · 3 of 20 calls, $0.0040 · 12 s"
    both = event.model_copy(update={"usage": {"program": used(1, None), "optimizer": used(2)}})
    assert "3 calls, cost unknown (program 1, optimizer 2)" in sentences.progress(both)


@pytest.mark.asyncio
async def test_a_run_shows_its_spend_while_it_goes_on(opening: Opening) -> None:
    window = await opening(settings={"maxCalls": 20})
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.tell(Forecast(models={"optimizer": "a/b"}, calls=12, tokens=9000, usd=0.01, most_calls=20))
    engine.progress(7, usage={"optimizer": used().model_dump()})
    await window.editor.seen.until(lambda: "3 of 20 calls" in str(window.editor.progress(run)))
    (view,) = (await window.editor.state()).runs
    assert view.spent == "3 of 20 calls, $0.0040"
    assert view.forecast == "a/b may be asked: about 12 calls, about $0.0100; never more than 20 calls"
    assert [(u.level, u.calls, u.promptTokens, u.completionTokens, u.usd, u.lent) for u in view.usage] == [
        ("optimizer", 3, 300, 30, 0.004, 0)
    ]
    assert "total: a/b may be asked: about 12 calls" in window.editor.log


@pytest.mark.asyncio
async def test_why_a_model_went_no_further_is_said_with_what_was_found(window: Window) -> None:
    await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    why = "this is the best before the model failed: the quota for vscode:a is used up\nName another one."
    engine.finish(outcome="improved", source=BETTER, diff="-", reason=why)
    question = await window.editor.question()
    assert question.message.startswith("total: ")
    assert "(this is the best before the model failed: the quota for vscode:a is used up. Name" in question.message


@pytest.mark.asyncio
async def test_how_to_name_a_model_is_said_once(window: Window) -> None:
    for reason, advice in (
        ("first", " (A model can propose more: name one in the setting secant.model.)"),
        ("next", ""),
    ):
        await window.editor.optimize(window.uri, 3)
        engine = await window.engines.next()
        engine.begin()
        engine.finish(reason=reason, hint=HINT)
        assert await window.editor.message(reason) == f"total: {reason}{advice}"


def finished(**usage: Usage) -> Finished:
    end = runs.barren()[-1]
    assert isinstance(end, Finished)
    return end.model_copy(update={"usage": usage, "hint": HINT})


def test_the_report_has_every_level_and_their_sum() -> None:
    end = finished(program=used(1, None), optimizer=used(2))
    page = report([*runs.barren()[:-1], *runs.stamped(end)])
    assert "| program | 1 | 100 | 10 | unknown |" in page
    assert "| optimizer | 2 | 200 | 20 | 0.0040 |" in page
    assert "| all | 3 | 300 | 30 | unknown |" in page
    assert "A model can propose more: name one in the setting secant.model." in page


def test_the_report_counts_what_an_editor_lent_in_requests() -> None:
    page = report([*runs.barren()[:-1], *runs.stamped(finished(optimizer=used(2, None, lent=2)))])
    assert "| optimizer | 2 | 200 | 20 | requests of your plan |" in page
    assert "| all |" not in page


def test_a_run_that_is_not_over_has_spent_what_its_calls_cost() -> None:
    calls = [ModelCalled(call=ModelCall(key=str(n), level="optimizer", usage=used(1, 0.002))) for n in range(2)]
    told = Forecast(models={"optimizer": "a/b"}, calls=12, tokens=9000, usd=0.01)
    page = report([*runs.repair()[:6], *runs.stamped(told, *calls)], running=True)
    assert "| optimizer | 2 | 200 | 20 | 0.0040 |" in page
    assert "Expected at the start: a/b may be asked: about 12 calls, about \\$0.0100." in page


def test_a_version_of_a_model_has_its_tests_in_the_report() -> None:
    version = runs.evaluated("a", "cases", 2, note="2 of 3")
    page = report([*runs.repair()[:6], *runs.stamped(version)])
    assert "| 2/3 |" in page
    assert "did not pass everything" in page


def test_the_report_names_models_and_caps() -> None:
    request = {**runs.STARTED.request, "max_calls": 20, "max_usd": 0.5}
    request["models"] = {"levels": {"program": {"model": "a/b"}, "optimizer": {"model": "a/b"}}}
    page = report([runs.STARTED.model_copy(update={"request": request}), *runs.barren()[1:]])
    assert "`a/b`, seed" in page
    assert "at most 20 calls" in page
    assert "at most 0.5 USD" in page
