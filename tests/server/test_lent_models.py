"""Models that the editor lends to a run: asked for by its engine, answered by the editor, withdrawn by either side."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcInternalError

from secant_server.engine import COMMAND
from tests.optimizers.test_model_runs import TESTS, WRONG
from tests.server.conftest import BETTER, Opening, Window, code
from tests.server.puppet import Puppet
from tests.zoo.models.lent import refused, repaired
from tests.zoo.models.repairer import REPAIRED

pytestmark = pytest.mark.asyncio

YES = {"text": "yes", "model": "gpt-4o-2024", "finish": "stop", "promptTokens": 3, "completionTokens": 1}


async def under_way(opening: Opening, **options: Any) -> tuple[Window, Puppet, str]:
    """A run in an editor that lends models."""
    window = await opening(code(lentModels=True), **options)
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    return window, engine, run


async def completed(engine: Puppet) -> dict[str, Any]:
    """The next answer that the engine gets."""
    line = await engine.heard()
    assert line is not None
    return line["completed"]


async def asked(window: Window, count: int = 1) -> list[Any]:
    return await window.editor.seen.until(lambda: window.editor.seen.of("complete")[count - 1 :])


def answering(window: Window, answer: object) -> None:
    async def models(_params: Any) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    window.editor.models = models


async def test_a_request_of_an_engine_is_answered_by_the_editor(opening: Opening) -> None:
    window, engine, run = await under_way(opening)
    answering(window, YES)
    engine.ask("7", "well?", parameters={"temperature": 0.5})
    assert await completed(engine) == {"id": "7", **YES}
    (params,) = await asked(window)
    assert (params.run, params.model, params.maxTokens) == (run, "copilot/gpt-4o", 100)
    assert [(m.role, m.content) for m in params.messages] == [("user", "well?")]
    assert params.parameters.temperature == 0.5
    engine.improved(BETTER)
    assert "improved" in (await window.editor.ended(run))["message"]
    assert window.editor.seen.of("withdrawn") == []


async def test_answers_find_their_request_in_whatever_order_they_come(opening: Opening) -> None:
    window, engine, _ = await under_way(opening)
    gates = {text: asyncio.Event() for text in ("a", "b")}

    async def models(params: Any) -> object:
        text = params.messages[0].content
        await gates[text].wait()
        return {**YES, "text": text.upper()}

    window.editor.models = models
    engine.ask("1", "a")
    engine.ask("2", "b")
    await asked(window, 2)
    for identity, text in (("2", "b"), ("1", "a")):
        gates[text].set()
        found = await completed(engine)
        assert (found["id"], found["text"]) == (identity, text.upper())


async def test_two_runs_may_call_their_requests_the_same(opening: Opening) -> None:
    window, first, _ = await under_way(opening)
    await window.editor.optimize(window.uri, 13)
    second = await window.engines.next()
    second.begin()

    async def models(params: Any) -> object:
        return {**YES, "text": params.messages[0].content}

    window.editor.models = models
    first.ask("1", "of the first")
    second.ask("1", "of the second")
    assert (await completed(first))["text"] == "of the first"
    assert (await completed(second))["text"] == "of the second"


async def test_what_the_engine_withdraws_is_cancelled_in_the_editor(opening: Opening) -> None:
    window, engine, run = await under_way(opening)
    engine.ask("1")
    (params,) = await asked(window)
    engine.withdraw("1")
    await window.editor.seen.until(lambda: window.editor.seen.of("withdrawn"))
    assert window.editor.seen.of("withdrawn") == [params.id]
    answering(window, YES)
    engine.ask("2")
    assert (await completed(engine))["id"] == "2"  # and nothing for the first
    engine.improved(BETTER)
    await window.editor.ended(run)


async def test_a_late_answer_to_what_was_withdrawn_harms_nothing(opening: Opening) -> None:
    """An editor may ignore that it was told to stop, and answer."""
    window, engine, run = await under_way(opening)
    gate = asyncio.Event()

    async def deaf(_params: Any) -> object:
        work = asyncio.create_task(gate.wait())
        while not work.done():
            try:
                await asyncio.shield(work)
            except asyncio.CancelledError:
                gate.set()
        return YES

    window.editor.models = deaf
    engine.ask("1")
    await asked(window)
    engine.withdraw("1")
    await gate.wait()
    answering(window, {**YES, "text": "the second"})
    engine.ask("2")
    assert (await completed(engine))["text"] == "the second"
    engine.improved(BETTER)
    await window.editor.ended(run)
    assert window.editor.messages == []


@pytest.mark.parametrize("how", ["crash", "discard", "finish"])
async def test_the_end_of_a_run_withdraws_all_that_it_asked(opening: Opening, how: str) -> None:
    window, engine, run = await under_way(opening)
    engine.ask("1")
    engine.ask("2")
    ids = {params.id for params in await asked(window, 2)} | {window.editor.seen.of("complete")[0].id}
    if how == "crash":
        engine.line("!crash")
    elif how == "discard":
        await window.editor.command("discard", run=run)
    else:
        engine.finish(reason="enough")
    await window.editor.seen.until(lambda: len(window.editor.seen.of("withdrawn")) == 2)
    assert set(window.editor.seen.of("withdrawn")) == ids


async def test_a_stopped_run_is_told_to_stop_and_what_it_asked_ends_with_it(opening: Opening) -> None:
    window, engine, run = await under_way(opening, grace=0.0)
    engine.ask("1")
    await asked(window)
    window.editor.cancel(run)
    await window.editor.seen.until(lambda: window.editor.seen.of("withdrawn"))


async def test_closing_the_window_leaves_nothing_behind(opening: Opening) -> None:
    window, engine, _ = await under_way(opening)
    engine.ask("1")
    await asked(window)
    await window.editor.leave()
    while await engine.heard() is not None:
        pass


async def test_an_editor_that_lends_none_is_asked_for_none(window: Window) -> None:
    await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.ask("1")
    failure = (await completed(engine))["failure"]
    assert failure["kind"] == "not_found"
    assert failure["message"] == "this editor lends no models"
    assert window.editor.seen.of("complete") == []


@pytest.mark.parametrize("nonsense", [None, 5, "yes", [], {}, {"text": 5}, {"failure": {"kind": "boredom"}}])
async def test_an_answer_that_is_none_is_malformed(opening: Opening, nonsense: object) -> None:
    window, engine, _ = await under_way(opening)
    answering(window, nonsense)
    engine.ask("1")
    assert (await completed(engine))["failure"]["kind"] == "malformed"


@pytest.mark.parametrize("kind", ["quota", "authentication", "not_found", "rate_limit"])
async def test_a_failure_of_the_editor_goes_back_as_it_is(opening: Opening, kind: str) -> None:
    window, engine, _ = await under_way(opening)
    failure = {"kind": kind, "message": "no", "retryAfter": 2.5}
    answering(window, {"failure": failure})
    engine.ask("1")
    assert await completed(engine) == {"id": "1", "failure": failure}


async def test_an_error_of_the_editor_is_a_failure(opening: Opening) -> None:
    window, engine, _ = await under_way(opening)
    answering(window, JsonRpcInternalError("out of luck"))
    engine.ask("1")
    failure = (await completed(engine))["failure"]
    assert (failure["kind"], failure["message"]) == ("server", "the editor failed: out of luck")


@pytest.mark.parametrize(
    "line", ['{"complete": 5}', '{"complete": {"id": "1"}}', '{"withdraw": {"id": "never asked"}}']
)
async def test_lines_that_only_look_like_requests_harm_nothing(opening: Opening, line: str) -> None:
    window, engine, run = await under_way(opening)
    engine.line(line)
    engine.improved(BETTER)
    assert "improved" in (await window.editor.ended(run))["message"]
    assert ("no event" in window.editor.log) == ("withdraw" not in line)


# --- the whole way, with the real engine


@pytest.fixture
def roman(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A function that a model repairs."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (project / "roman.py").write_text(WRONG)
    (project / "test_roman.py").write_text(TESTS)
    return project / "roman.py"


def settings(**more: Any) -> dict[str, Any]:
    chosen = {"model": "vscode:copilot/gpt-4o", "optimizer": "textgrad", "interpreter": sys.executable}
    return {**chosen, "maxCalls": 20, **more}


async def test_a_lent_model_repairs_a_function_of_the_editor(opening: Opening, roman: Path) -> None:
    window = await opening(code(lentModels=True), settings=settings(), command=COMMAND)
    editor = window.editor
    lock = asyncio.Lock()

    async def models(params: Any) -> object:
        async with lock:
            messages = [{"role": m.role, "content": m.content} for m in params.messages]
            return repaired({"model": params.model, "messages": messages})

    editor.models = models
    editor.answers = ["Apply"]
    uri = editor.open(roman)
    run = await editor.optimize(uri, 0)
    await editor.seen.until(lambda: REPAIRED in editor.buffers[uri].text)
    calls = len(editor.seen.of("complete"))
    (view,) = (await editor.state()).runs
    assert (view.id, view.state, view.outcome) == (run, "finished", "improved")
    assert view.spent == f"{calls} of 20 requests to your editor's models"
    assert [(u.level, u.calls, u.lent, u.usd) for u in view.usage] == [("optimizer", calls, calls, None)]
    assert "may be asked: about" in view.forecast
    assert "vscode:copilot/gpt-4o may be asked" in editor.log
    page = await editor.content(f"secant:/run/{run}/to_roman.md")
    assert "Expected at the start: vscode:copilot/gpt-4o may be asked" in page
    assert "requests of your plan |" in page
    assert editor.messages == []


async def test_a_quota_that_is_used_up_is_said_in_the_editor(opening: Opening, roman: Path) -> None:
    window = await opening(code(lentModels=True), settings=settings(), command=COMMAND)
    answering(window, refused("quota", "You have used all premium requests."))
    uri = window.editor.open(roman)
    run = await window.editor.optimize(uri, 0)
    assert "quota" in (await window.editor.ended(run))["message"]
    message = await window.editor.message("to_roman")
    assert "the quota for vscode:copilot/gpt-4o is used up: You have used all premium requests." in message
    assert len(window.editor.seen.of("complete")) == 1


async def test_an_editor_that_lends_none_says_what_to_do(opening: Opening, roman: Path) -> None:
    window = await opening(settings=settings(), command=COMMAND)
    await window.editor.optimize(window.editor.open(roman), 0)
    message = await window.editor.message("to_roman")
    assert message == (
        "to_roman: nothing better was found: vscode:copilot/gpt-4o was not found: this editor lends no models. Run it "
        "in VS Code with Secant's extension and choose one of the models that it lends, or name a model of your own: "
        "the setting secant.model"
    )


async def test_a_person_who_stops_a_run_stops_the_model(opening: Opening, roman: Path) -> None:
    window = await opening(code(lentModels=True), settings=settings(), command=COMMAND, grace=30.0)
    uri = window.editor.open(roman)
    run = await window.editor.optimize(uri, 0)
    (params,) = await asked(window)
    window.editor.cancel(run)
    await window.editor.seen.until(lambda: window.editor.seen.of("withdrawn"))
    assert window.editor.seen.of("withdrawn") == [params.id]
    await window.editor.seen.until(lambda: "stopped, with nothing better so far" in window.editor.log)


# --- the models to choose from


async def test_an_engine_says_which_models_there_are(opening: Opening, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.secant]\nmodel = "vscode:copilot/gpt-4o"\n')
    window = await opening(command=COMMAND)
    found = await window.editor.command("models", uri=window.uri)
    first = {key: found[0][key] for key in ("name", "source", "price")}
    assert first == {"name": "vscode:copilot/gpt-4o", "source": "project", "price": "requests of your plan"}


async def test_without_a_document_the_first_folder_is_meant(window: Window) -> None:
    answer = asyncio.create_task(window.editor.command("models"))
    engine = await window.engines.next()
    assert engine.order == {"models": {"folder": str(window.root)}}
    known = {"name": "openai/gpt-4o-mini", "provider": "openai", "source": "key", "detail": "", "price": ""}
    engine.line(json.dumps({"models": [known]}))
    assert await answer == [known]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"type": "failed", "message": "no such setting", "hint": "Did you mean model?"}', "Did you mean model?"),
        ("nonsense", "could not be found out"),
        ("!exit 1", "could not be found out"),
    ],
)
async def test_where_the_models_cannot_be_found_out_that_is_said(window: Window, line: str, said: str) -> None:
    answer = asyncio.create_task(window.editor.command("models"))
    (await window.engines.next()).line(line)
    assert await answer == []
    assert said in await window.editor.message(said)
