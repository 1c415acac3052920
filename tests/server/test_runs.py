"""A run from an editor: it begins at once, is watched, and ends with one question."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.server.conftest import BETTER, COUNT, TOTAL, Opening, Window

pytestmark = pytest.mark.asyncio


async def test_a_run_from_the_command_to_the_buffer(window: Window) -> None:
    editor = window.editor
    editor.answers = ["Apply"]
    run = await editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    assert engine.request["target"] == f"{window.path}::total"
    assert engine.request["folder"] == str(window.root)
    engine.begin()
    engine.improved(BETTER)
    assert (await editor.ended(run))["message"] == "improved: 2.3x faster · 14/14 tests"
    question = await editor.question()
    assert question.message == "total: 2.3x faster · 14/14 tests"
    assert [action.title for action in question.actions or ()] == ["Review", "Apply", "Dismiss"]
    await editor.seen.until(lambda: BETTER in window.text)
    assert window.text.replace(BETTER, TOTAL) == window.path.read_text(encoding="utf-8")
    assert len(editor.buffers[window.uri].undo) == 1


async def test_the_command_answers_before_the_engine_has_said_anything(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    assert run
    state = await window.editor.state()
    assert [(view.id, view.state, view.name) for view in state.runs] == [(run, "running", "total")]


async def test_progress_is_begun_reported_and_ended(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    await window.editor.seen.until(lambda: window.editor.progress(run))
    engine.begin()
    engine.progress(7, best="14 of 14 passed, 1.80x", seconds=12.0, fraction=0.4)
    await window.editor.seen.until(lambda: len(window.editor.progress(run)) == 2)
    engine.finish(reason="no rule fits")
    await window.editor.ended(run)
    begin, report, end = window.editor.progress(run)
    assert (begin["title"], begin["cancellable"]) == ("Optimizing total", True)
    assert report["message"] == "trying candidates · cand 7 · best 1.8x · 12 s"
    assert report["percentage"] == 40
    assert end["message"] == "nothing better found · no rule fits"
    assert await window.editor.message("no rule fits") == "total: no rule fits"
    assert not window.editor.seen.of("question")


async def test_an_editor_without_progress(opening: Opening) -> None:
    window = await opening(lsp.ClientCapabilities())
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.progress()
    engine.improved(BETTER)
    await window.editor.question()
    assert run
    assert not window.editor.seen.of("create")
    assert not window.editor.seen.of("progress")


async def test_the_lens_tells_of_the_run_and_stops_it(window: Window) -> None:
    await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.progress(7, best="14 of 14 passed, 1.80x")
    await window.editor.seen.until(lambda: window.editor.seen.of("progress")[1:])
    assert await window.editor.lenses(window.uri) == ["optimizing… cand 7 · best 1.8x", "Stop"]


async def test_a_second_request_is_the_same_run(window: Window) -> None:
    first = await window.editor.optimize(window.uri, 3)
    assert await window.editor.optimize(window.uri, 5) == first
    await window.engines.next()
    assert window.engines.none


async def test_two_requests_at_the_same_moment_are_one_run(window: Window) -> None:
    first, second = await asyncio.gather(*(window.editor.optimize(window.uri, 3) for _ in range(2)))
    assert first == second
    await window.engines.next()
    assert window.engines.none


async def test_two_functions_at_once(window: Window) -> None:
    editor = window.editor
    runs = [await editor.optimize(window.uri, line) for line in (3, 13)]
    for engine in [await window.engines.next() for _ in runs]:
        engine.begin()
        engine.improved(BETTER if "total" in engine.request["target"] else COUNT)
    for run in runs:
        await editor.ended(run)
    for proposal in (await editor.state()).proposals:
        assert await editor.command("accept", proposal=proposal.id)
    assert BETTER in window.text
    assert COUNT in window.text


async def test_stopping_ends_the_progress_at_once_and_keeps_the_best(opening: Opening) -> None:
    window = await opening(grace=30.0)
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.survive(BETTER)
    engine.progress()
    await window.editor.seen.until(lambda: len(window.editor.progress(run)) == 2)
    assert await window.editor.command("stop", run=run)
    assert (await window.editor.ended(run))["message"] == "stopped, keeping the best so far"
    assert await engine.heard() == {"stop": True}
    engine.line("!exit 3")
    question = await window.editor.question()
    assert question.message == "total: fixed · 14/14 tests · stopped before confirmation"
    assert not window.editor.messages


async def test_a_stopped_run_may_still_confirm(opening: Opening) -> None:
    window = await opening(grace=30.0)
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    window.editor.cancel(run)
    assert await engine.heard() == {"stop": True}
    engine.improved(BETTER)
    assert (await window.editor.question()).message == "total: 2.3x faster · 14/14 tests"
    assert [value["kind"] for value in window.editor.progress(run)][-1] == "end"


async def test_an_engine_that_does_not_stop_is_killed(opening: Opening) -> None:
    window = await opening(grace=0.0)
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.survive(BETTER)
    engine.progress()
    await window.editor.seen.until(lambda: len(window.editor.progress(run)) == 2)
    window.editor.cancel(run)
    while await engine.heard() is not None:
        pass
    assert "stopped before confirmation" in (await window.editor.question()).message
    assert [proposal.confirmed for proposal in (await window.editor.state()).proposals] == [False]


async def test_a_run_that_is_discarded_leaves_no_offer(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.survive(BETTER)
    engine.progress()
    await window.editor.seen.until(lambda: len(window.editor.progress(run)) == 2)
    assert await window.editor.command("discard", run=run)
    while await engine.heard() is not None:
        pass
    await window.editor.seen.until(lambda: "stopped, with nothing" in window.editor.log)
    assert await window.editor.lenses(window.uri) == []
    assert not window.editor.seen.of("question")


async def test_stopping_what_is_over_is_no_mistake(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.improved(BETTER)
    await window.editor.ended(run)
    assert await window.editor.command("stop", run=run) is False
    assert not window.editor.messages


async def test_a_failed_run_says_what_to_do(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.fail("pytest is not installed there", hint="Install it: pip install pytest", where="/usr/bin/python3")
    await window.editor.ended(run)
    message = await window.editor.message("pytest")
    assert message == (
        "total was not optimized. /usr/bin/python3: pytest is not installed there. Install it: pip install pytest"
    )
    assert window.editor.messages == [message]
    assert window.editor.buffers[window.uri].version == 1


async def test_an_option_of_the_command_is_a_setting_in_an_editor(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.fail("this is Python 3.6.15, and tests need 3.9 or newer", hint="Name one: --python PATH.")
    await window.editor.ended(run)
    assert (await window.editor.message("3.6.15")).endswith(" newer. Name one: the setting secant.interpreter.")


async def test_an_engine_that_crashes(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.survive(BETTER)
    engine.line("!say Fatal Python error: out of luck")
    engine.line("!crash")
    await window.editor.ended(run)
    message = await window.editor.message("unexpectedly")
    assert message == (
        "total: the engine ended unexpectedly (killed by SIGKILL). Secant's log says more; run it again. "
        "Its best so far is offered, unconfirmed."
    )
    assert "out of luck" in window.editor.log
    assert "Review" in await window.editor.lenses(window.uri)


async def test_an_engine_that_cannot_be_started(opening: Opening) -> None:
    window = await opening(command=("/nowhere/python", "-m", "secant.machine"))
    run = await window.editor.optimize(window.uri, 3)
    assert run
    message = await window.editor.message("cannot be started")
    assert "/nowhere/python" in message
    assert "Install Secant again" in message


async def test_what_an_engine_prints_is_no_event(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.line("hello from a test")
    engine.line('{"type": "of the future"}')
    engine.begin()
    engine.improved(BETTER)
    assert "improved" in (await window.editor.ended(run))["message"]
    assert "hello from a test" in window.editor.log


async def test_a_quiet_editor_is_not_asked(opening: Opening) -> None:
    window = await opening(settings={"notify": "quiet"})
    await window.proposed()
    await window.editor.seen.until(lambda: "2.3x faster" in window.editor.log)
    assert "Apply" in await window.editor.lenses(window.uri)
    assert not window.editor.seen.of("question")


async def test_the_settings_go_into_the_order(opening: Opening) -> None:
    settings = {"interpreter": "/venv/bin/python", "maxSeconds": 30, "maxEvaluations": 5, "goal": "faster"}
    window = await opening(settings=settings)
    await window.editor.optimize(window.uri, 3)
    request = (await window.engines.next()).request
    assert (request["python"], request["max_seconds"], request["max_evaluations"]) == ("/venv/bin/python", 30.0, 5)
    assert request["goal"] == "faster"


async def test_the_command_may_name_the_goal(window: Window) -> None:
    await window.editor.optimize(window.uri, 3, goal="fix")
    assert (await window.engines.next()).request["goal"] == "fix"


async def test_unsaved_documents_of_the_project_are_seen(window: Window, tmp_path: Path) -> None:
    editor = window.editor
    helper, saved, elsewhere = window.root / "helper.py", window.root / "saved.py", tmp_path / "elsewhere.py"
    for path in (helper, saved, elsewhere):
        path.write_text("x = 1\n")
        editor.open(path)
    editor.type(helper.as_uri(), 0, "y = '😋'\r\n")
    editor.type(elsewhere.as_uri(), 0, "y = 2\n")
    new = editor.open_text((window.root / "test_new.py").as_uri(), "def test_new(): pass\n")
    assert new
    await editor.optimize(window.uri, 3)
    assert (await window.engines.next()).request["buffers"] == {
        str(helper): "y = '😋'\r\nx = 1\n",
        str(window.root / "test_new.py"): "def test_new(): pass\n",
    }


async def test_a_dirty_target_is_optimized_as_it_is_in_the_buffer(window: Window) -> None:
    window.editor.type(window.uri, 0, "# not saved\n")
    await window.editor.optimize(window.uri, 4)
    assert (await window.engines.next()).request["buffers"] == {str(window.path): window.text}


async def test_a_run_goes_on_where_it_was_interrupted(opening: Opening, window: Window) -> None:
    await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.line("!crash")
    await window.editor.message("unexpectedly")
    later = await opening()
    interrupted = (await later.editor.state()).runs[0]
    assert interrupted.state == "interrupted"
    answer = await later.editor.command("resume", run=interrupted.id)
    assert answer["run"] == interrupted.id == engine.run
    again = await later.engines.next()
    assert again.order == {"resume": {"folder": str(window.root), "run": engine.run}}
    again.improved(BETTER)
    await later.editor.ended(interrupted.id)
    assert "Apply" in await later.editor.lenses(window.uri)


async def test_it_is_run_again_where_the_function_is_now(window: Window) -> None:
    proposal = await window.proposed()
    window.editor.replace(window.uri, "t += x", "t = t + x")
    window.editor.type(window.uri, 0, "# above\n")
    assert await window.editor.lenses(window.uri) == ["changed since measured", "Run again", "Dismiss"]
    answer = await window.editor.command("rerun", proposal=proposal)
    assert answer["name"] == "total"
    assert "t = t + x" in (await window.engines.next()).request["buffers"][str(window.path)]


async def test_nothing_is_left_when_the_editor_leaves(window: Window) -> None:
    """Not even an engine that heeds nothing any more."""
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.line("!deaf")
    engine.begin()
    engine.progress()
    await window.editor.seen.until(lambda: len(window.editor.progress(run)) == 2)
    await window.editor.leave()
    while await engine.heard() is not None:
        pass


async def test_a_question_and_a_command_that_wait_do_not_disturb_the_shutdown(window: Window) -> None:
    proposal = await window.proposed()
    await window.editor.question()
    accepting = asyncio.ensure_future(window.editor.command("accept", proposal=proposal))
    window.editor.before_edit = lambda: None
    window.editor.telling = False  # the server waits for the change
    await window.editor.seen.until(lambda: window.editor.seen.of("edit"))
    await window.editor.leave()
    assert await accepting is False
    assert not [m for m in window.editor.messages if "fault" in m]
