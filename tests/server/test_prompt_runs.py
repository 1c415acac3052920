"""Prompt files in an editor: offered, scored, refined, reviewed, accepted, in words of their own, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import pytest_asyncio

from secant_server.engine import COMMAND
from tests.optimizers.promptfiles.counter import CODES, PROMPT, rows
from tests.server.conftest import Opening
from tests.server.prompt_sheet import BETTER, BODY, GAIN, HEAD, LINE, MODEL, NAME, ROWS, Sheet, data
from tests.zoo.models.server import serving

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def sheet(opening: Opening) -> Sheet:
    return Sheet(await opening(settings=MODEL))


# --- what is offered


async def test_a_prompt_with_cases_is_offered_on_its_first_line(sheet: Sheet) -> None:
    assert await sheet.editor.lenses(sheet.uri) == ["Refine prompt", "Score it"]
    refine, score = await sheet.actions(LINE)
    assert (refine.title, score.title) == ("Secant: Refine prompt", "Secant: Score prompt on its cases")
    assert refine.command is not None and refine.command.command == "secant.refine"
    assert refine.command.arguments == [{"uri": sheet.uri, "position": {"line": LINE, "character": 0}}]
    assert await sheet.actions(LINE + 2) == []
    assert [action.kind for action in await sheet.actions(0, "refactor")] == [
        "refactor.rewrite.secant.refine",
        "refactor.rewrite.secant.eval",
    ]


@pytest.mark.parametrize(("mode", "shown"), [("proposals", []), ("functions", ["Refine prompt", "Score it"])])
async def test_one_without_cases_waits_to_be_asked(opening: Opening, mode: str, shown: list[str]) -> None:
    sheet = Sheet(await opening(settings={"codeLens": mode}), name="AGENTS.md")
    await sheet.editor.seen.until(lambda: sheet.editor.seen.of("configuration"))
    await sheet.editor.state()
    assert await sheet.editor.lenses(sheet.uri) == shown
    assert await sheet.actions(LINE) == []


async def test_plain_text_is_a_prompt_where_cases_stand_beside_it(sheet: Sheet) -> None:
    for name, found in (("sort.md", True), ("sort.txt", True), ("notes.md", False), ("notes.txt", False)):
        path = sheet.window.root / name
        path.write_text("Sort {{ticket}}\n")
        uri = sheet.editor.open(path)
        assert await sheet.editor.lenses(uri) == (["Refine prompt", "Score it"] if found else []), name


async def test_a_front_matter_alone_is_no_prompt(opening: Opening) -> None:
    sheet = Sheet(await opening(settings=MODEL), HEAD.encode())
    assert await sheet.editor.lenses(sheet.uri) == []
    (action,) = await sheet.actions(0, "refactor")
    assert action.disabled is not None and "no prompt text" in action.disabled.reason


# --- scores


async def test_a_score_stands_above_the_prompt_until_that_changes(sheet: Sheet) -> None:
    run = await sheet.scored("2")
    assert await sheet.editor.message("sort.prompt.md: 75 % on 4 cases.")
    assert await sheet.editor.lenses(sheet.uri) == ["75 % on 4 cases · Refine", "Score again", "Report"]
    sheet.editor.replace(sheet.uri, "one word", "a word")
    assert (await sheet.editor.lenses(sheet.uri))[0] == "75 % on 4 cases, changed since measured · Refine"
    sheet.editor.undo(sheet.uri)
    assert (await sheet.editor.lenses(sheet.uri))[0] == "75 % on 4 cases · Refine"
    (view,) = (await sheet.editor.state()).runs
    assert (view.id, view.name, view.judges, view.outcome, view.summary) == (
        view.id, NAME, "cases", "scored", "75 % on 4 cases",
    )  # fmt: skip
    assert run


async def test_a_search_that_found_nothing_leaves_the_score_on_more_cases(sheet: Sheet) -> None:
    await sheet.scored("2")
    await sheet.sought_in_vain(n=2)
    assert (await sheet.editor.lenses(sheet.uri))[0] == "75 % on 4 cases · Refine"
    sheet.editor.replace(sheet.uri, "one word", "a word")
    assert (await sheet.editor.lenses(sheet.uri))[0] == "75 % on 4 cases, changed since measured · Refine"


async def test_another_window_knows_the_score(sheet: Sheet, opening: Opening) -> None:
    await sheet.scored("2")
    other = await opening(settings=MODEL)
    uri = other.editor.open(sheet.path)
    assert (await other.editor.lenses(uri))[0] == "75 % on 4 cases · Refine"
    (view,) = (await other.editor.state()).runs
    assert (view.name, view.judges, view.summary) == (NAME, "cases", "75 % on 4 cases")


async def test_without_a_model_a_prompt_can_be_scored_and_not_refined(opening: Opening) -> None:
    sheet = Sheet(await opening())
    assert await sheet.editor.score(sheet.uri)
    assert (await sheet.engines.next()).order["eval"]["models"] is None
    other = Sheet(await opening(), name="other.prompt.md")
    assert await other.editor.refine(other.uri) is None
    assert other.editor.messages[-1].startswith("A prompt is refined by a model, and none is configured. Set secant.")


async def test_scoring_is_called_so(sheet: Sheet) -> None:
    run = await sheet.editor.score(sheet.uri)
    engine = await sheet.engines.next()
    engine.begin()
    begun = (await sheet.editor.seen.until(lambda: sheet.editor.progress(run)))[0]
    assert begun["title"] == f"Scoring {NAME}"
    assert (await sheet.editor.lenses(sheet.uri)) == ["scoring…", "Stop"]
    assert [action.title for action in await sheet.actions(LINE)] == ["Stop scoring prompt"]
    engine.fail("the data has no cases", where="sort.eval.jsonl")
    assert await sheet.editor.message("sort.prompt.md was not scored. sort.eval.jsonl: the data has no cases.")


# --- the whole way


async def test_the_order_is_what_the_command_line_would_ask_for(opening: Opening) -> None:
    sheet = Sheet(
        await opening(settings={**MODEL, "promptOptimizer": "gepa", "promptMetric": "regex:^b", "maxUsd": 0.5})
    )
    sheet.editor.replace(sheet.uri, "one word", "a word")
    rows = sheet.editor.open_text(sheet.rows.as_uri(), data(ROWS[:3]))
    assert await sheet.editor.refine(sheet.uri)
    asked = (await sheet.engines.next()).order["refine"]
    assert (asked["target"], asked["optimizer"], asked["max_usd"]) == (str(sheet.path), "gepa", 0.5)
    assert asked["metric"] == "regex:^b"
    assert asked["models"]["levels"]["program"]["model"] == "openai/small-model"
    assert asked["buffers"] == {str(sheet.path): sheet.text, str(sheet.rows): sheet.editor.buffers[rows].text}


async def test_a_project_that_is_reached_through_a_link(opening: Opening, project: Path) -> None:
    """What is unsaved there is scored as it is, and one run is one run, whatever the file is called."""
    (link := project.with_name("link")).symlink_to(project)
    sheet = Sheet(await opening(None, link, settings=MODEL))
    sheet.editor.close(sheet.uri)
    linked = link / NAME
    sheet.uri = sheet.editor.open(linked)
    sheet.editor.replace(sheet.uri, "one word", "a word")
    run = await sheet.editor.score(sheet.uri)
    engine = await sheet.engines.next()
    assert engine.order["eval"]["buffers"] == {str(linked): sheet.text}
    assert await sheet.editor.score(sheet.path.as_uri()) == run
    engine.begin()
    engine.scored("2")
    await sheet.editor.ended(run)
    assert await sheet.editor.lenses(sheet.uri) == ["75 % on 4 cases · Refine", "Score again", "Report"]


async def test_what_the_command_line_named_holds_in_the_editor(sheet: Sheet) -> None:
    run = await sheet.editor.score(sheet.uri)
    engine = await sheet.engines.next()
    (sheet.window.root / "more.jsonl").write_text(data())
    engine.request |= {"data": ["more.jsonl"], "metric": "python:judge.py::score", "repeats": 3}
    engine.begin()
    engine.scored()
    await sheet.editor.ended(run)
    assert await sheet.editor.refine(sheet.uri)
    asked = (await sheet.engines.next()).order["refine"]
    root = sheet.window.root
    assert (asked["data"], asked["metric"], asked["repeats"]) == (
        [str(root / "more.jsonl")], f"python:{root / 'judge.py'}::score", 3,
    )  # fmt: skip


async def test_refined_reviewed_accepted_undone_and_rejected(sheet: Sheet) -> None:
    sheet.editor.answers = ["Review"]
    proposal = await sheet.refined()
    words = "50 % → 75 % on 4 cases"
    assert (await sheet.editor.question()).message == f"{NAME}: {words} · not distinguishable from noise"
    review = (await sheet.editor.seen.until(lambda: sheet.editor.seen.of("review")))[0]
    assert (review.title, review.uri) == (f"{NAME}: current ↔ {words}", sheet.uri)
    offered = [words, "Review", "Apply", "Dismiss"]
    assert await sheet.editor.lenses(sheet.uri) == offered
    hover = await sheet.editor.hover(sheet.uri, LINE)
    assert hover is not None and hover.startswith(f"**Secant: {words} · not distinguishable from noise**")
    landed = HEAD + BETTER.replace("\n", "\r\n")
    assert await sheet.editor.content(f"secant:/proposal/{proposal}/0/{NAME}") == landed

    assert await sheet.editor.command("accept", proposal=proposal)
    assert sheet.text == landed
    (edit,) = sheet.editor.seen.of("edit")
    (change,) = edit.document_changes
    assert change.text_document.version == 1 and min(each.range.start.line for each in change.edits) >= LINE
    assert sheet.path.read_bytes() == (HEAD + BODY).encode(), "nothing is saved"
    assert await sheet.editor.lenses(sheet.uri) == ["75 % on 4 cases · Refine", "Score again", "Report"]
    sheet.editor.undo(sheet.uri)
    assert sheet.text == HEAD + BODY
    assert await sheet.editor.lenses(sheet.uri) == offered
    assert await sheet.editor.command("reject", proposal=proposal)
    assert (await sheet.editor.state()).proposals[0].standing == "rejected"
    assert (await sheet.editor.lenses(sheet.uri))[0] == "50 % on 4 cases · Refine"
    assert await sheet.editor.refine(sheet.uri)
    assert (await sheet.engines.next()).order["refine"]["rejected"] == [BETTER]


@pytest.mark.parametrize(("bom", "tail"), [(b"", ""), (b"\xef\xbb\xbf", "\r\n\r\n")])
async def test_every_byte_outside_the_prompt_stays(opening: Opening, bom: bytes, tail: str) -> None:
    raw = bom + (HEAD + BODY.removesuffix("\r\n") + tail).encode()
    sheet = Sheet(await opening(settings=MODEL), raw)
    assert await sheet.editor.command("accept", proposal=await sheet.refined())
    new = BETTER.removesuffix("\n").replace("\n", "\r\n")
    assert bom + sheet.text.encode() == bom + (HEAD + new + tail).encode()


async def test_the_actions_of_a_proposal(sheet: Sheet) -> None:
    await sheet.refined()
    assert [action.title for action in await sheet.actions(LINE)] == [
        "Apply refined prompt (50 % → 75 % on 4 cases)",
        "Review refined prompt",
        "Dismiss refined prompt",
        "Secant: Refine prompt",
        "Secant: Score prompt on its cases",
    ]


async def test_a_changed_prompt_makes_it_stale_and_it_is_run_again(sheet: Sheet) -> None:
    proposal = await sheet.refined()
    sheet.editor.replace(sheet.uri, "mode: ask", "mode: agent")
    assert (await sheet.editor.lenses(sheet.uri))[1] == "Review", "the front matter is not what was measured"
    sheet.editor.replace(sheet.uri, "one word", "a word")
    assert await sheet.editor.lenses(sheet.uri) == ["changed since measured", "Run again", "Dismiss"]
    assert await sheet.editor.command("accept", proposal=proposal) is False
    assert sheet.editor.messages[-1] == "The prompt changed since this was measured. Refine it again."
    content = await sheet.editor.content(f"secant:/proposal/{proposal}/0/{NAME}")
    assert content.startswith("<!-- Secant: The prompt changed since this was measured.")
    assert (await sheet.editor.command("rerun", proposal=proposal))["name"] == NAME
    assert (await sheet.engines.next()).order["refine"]["target"] == str(sheet.path)


async def test_progress_and_stop_in_words_of_their_own(sheet: Sheet) -> None:
    run = await sheet.editor.refine(sheet.uri)
    engine = await sheet.engines.next()
    engine.begin()
    begun = (await sheet.editor.seen.until(lambda: sheet.editor.progress(run)))[0]
    assert begun["title"] == f"Refining {NAME}"
    engine.progress(3, best="3 of 4 passed")
    await sheet.editor.seen.until(lambda: len(sheet.editor.progress(run)) > 1)
    assert "prompt 3 · best 3/4 cases" in sheet.editor.progress(run)[1]["message"]
    assert await sheet.editor.lenses(sheet.uri) == ["refining… prompt 3 · best 3/4 cases", "Stop"]
    titles = [action.title for action in await sheet.actions(LINE)]
    assert titles == ["Stop refining prompt and keep the best so far"]
    assert await sheet.editor.command("stop", run=run)
    assert await engine.heard() == {"stop": True}
    seen = GAIN.model_copy(update={"split": "select"})
    engine.finish("stopped", source=BETTER, score=seen, stopped=True)
    words = "50 % → 75 % on 4 cases · on cases that the search has seen · stopped before confirmation"
    assert (await sheet.editor.question()).message == f"{NAME}: {words}"


async def test_what_is_being_scored_is_not_refined_meanwhile(sheet: Sheet) -> None:
    run = await sheet.editor.score(sheet.uri)
    assert await sheet.editor.score(sheet.uri) == run
    assert await sheet.editor.refine(sheet.uri) is None
    assert sheet.editor.messages[-1] == f"{NAME} is being scored already. Wait until that is over, or stop it."


async def test_what_is_no_prompt_is_declined_with_the_reason(sheet: Sheet) -> None:
    assert await sheet.editor.refine(sheet.window.uri) is None
    assert sheet.editor.messages[-1] == (
        "shop.py, line 1: There is no prompt here: put the cursor into a string that is assigned to a name, or open a "
        "prompt file."
    )
    (notes := sheet.window.root / "notes.md").write_text("# Notes\n")
    assert await sheet.editor.score(sheet.editor.open(notes)) is None
    assert "notes.md has no cases beside it: write them into notes.eval.jsonl" in sheet.editor.messages[-1]
    assert await sheet.editor.solve(sheet.uri, 0) is None
    assert sheet.editor.messages[-1].startswith(f"{NAME} is a prompt, no problem with a solution.")


async def test_a_byte_that_is_no_text(opening: Opening) -> None:
    sheet = Sheet(await opening(settings=MODEL))
    latin = sheet.window.root / "latin.prompt.md"
    latin.write_bytes("Für dich: {{x}}\n".encode("latin-1"))
    assert await sheet.editor.refine(latin.as_uri()) is None
    assert "0xfc is not UTF-8" in sheet.editor.messages[-1]
    assert Path(latin).exists()


# --- the real engine


async def test_a_model_refines_it_and_the_engine_agrees_where(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECANT_TEST_KEY", "a key of the test")
    with serving("router") as server:
        model = {**MODEL, "baseUrl": server.base_url, "keyVariable": "SECANT_TEST_KEY"}
        window = await opening(settings=model, command=COMMAND)
        editor, (path, data) = window.editor, (window.root / "route.prompt.md", window.root / "route.eval.jsonl")
        data.write_text("".join(json.dumps(row) + "\n" for row in rows()))
        path.write_bytes(PROMPT.encode())
        uri = editor.open(path)
        run = await editor.score(uri)
        assert (await editor.ended(run))["message"] == "0 % on 30 cases"
        await editor.seen.until(lambda: len(editor.problems(data.as_uri())) == 30)
        assert (await editor.lenses(uri))[0] == "0 % on 30 cases · Refine"
        run = await editor.refine(uri)
        words = "0 % → 100 % on 9 cases"
        assert (await editor.ended(run))["message"] == f"improved: {words}"
    (proposal,) = (await editor.state()).proposals
    assert (proposal.standing, proposal.name, proposal.rationale) == ("ready", "route.prompt.md", "names the codes")
    page = await editor.content(f"secant:/run/{proposal.id}/report.md")
    assert f"**{words}: names the codes.**" in page
    assert "told apart from noise (exact sign test" in page
    assert "](/route.eval.jsonl#L" in page
    assert await editor.command("accept", proposal=proposal.id)
    assert editor.buffers[uri].text == PROMPT.replace("Answer with the queue.", CODES)
    await editor.seen.until(lambda: editor.problems(data.as_uri()) == [])
    editor.undo(uri)
    assert editor.buffers[uri].text == PROMPT
