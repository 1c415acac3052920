"""Solutions in an editor: offered, refined, reviewed, accepted, in the ways of functions and in words of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types as lsp

from secant_server.engine import COMMAND
from tests.server.conftest import Opening, Window
from tests.zoo.models.packer import PACKED
from tests.zoo.models.server import serving

pytestmark = pytest.mark.asyncio

EXAMPLE = Path(__file__).parents[2] / "examples" / "problems" / "parcels.md"
TEXT = EXAMPLE.read_text()
BASE = TEXT[TEXT.index("The heaviest") : TEXT.index("\n## Notes")]
HEADING = TEXT[: TEXT.index("## Solution")].count("\n")
LABEL = "Solution (parcels.md)"
FOUND = "the critique finds no mistake"
MODEL = {"model": "openai/small-model"}


class Sheet:
    """A window with a problem and its solution."""

    def __init__(self, window: Window, raw: bytes) -> None:
        self.window, self.editor, self.engines = window, window.editor, window.engines
        self.path = window.root / "parcels.md"
        self.path.write_bytes(raw)
        self.uri = self.editor.open_text(self.path.as_uri(), raw.decode("utf-8-sig"))

    @property
    def text(self) -> str:
        return self.editor.buffers[self.uri].text

    async def actions(self, line: int, *only: str, uri: str = "") -> list[lsp.CodeAction]:
        """As the server gives them: the client here takes those with a command for commands."""
        at = lsp.Position(line=line, character=0)
        params = lsp.CodeActionParams(
            text_document=lsp.TextDocumentIdentifier(uri=uri or self.uri),
            range=lsp.Range(start=at, end=at),
            context=lsp.CodeActionContext(diagnostics=[], only=list(only) or None),
        )
        return await self.editor.server.life.session.actions(params)

    async def refined(self, solution: str = PACKED) -> str:
        """Refine to the end; the id of the proposal."""
        run = await self.editor.solve(self.uri, HEADING)
        engine = await self.engines.next()
        engine.begin()
        engine.refined(solution)
        await self.editor.ended(run)
        return engine.run


@pytest_asyncio.fixture
async def sheet(opening: Opening) -> Sheet:
    return Sheet(await opening(settings=MODEL), TEXT.encode())


# --- what is offered


async def test_a_solution_is_offered_on_its_heading_and_from_a_menu(sheet: Sheet) -> None:
    for line, only in ((HEADING, ()), (0, ("refactor",))):
        (action,) = await sheet.actions(line, *only)
        assert (action.title, action.kind) == ("Secant: Refine solution", "refactor.rewrite.secant.solve")
        assert action.command is not None and action.command.command == "secant.solve"
        assert action.command.arguments == [
            {"uri": sheet.uri, "position": {"line": HEADING, "character": 0}, "section": "## Solution"}
        ]


async def test_a_lens_stands_above_a_solution_where_it_is_wanted(opening: Opening) -> None:
    sheet = Sheet(await opening(settings={"codeLens": "functions"}), TEXT.encode())
    await sheet.editor.seen.until(lambda: sheet.editor.seen.of("lens refresh"))
    assert await sheet.editor.lenses(sheet.uri) == ["Refine solution"]


async def test_other_markdown_is_left_alone(sheet: Sheet) -> None:
    readme = sheet.window.root / "README.md"
    readme.write_text("# Read me\n\nIt works.\n\n## Install\n\nAs usual.\n")
    uri = sheet.editor.open(readme)
    assert await sheet.actions(4, uri=uri) == []
    assert [a.title for a in await sheet.actions(4, "refactor", uri=uri)] == ["Secant: Refine 'Install'"]
    assert await sheet.editor.lenses(uri) == []


async def test_what_cannot_be_refined_is_disabled_with_the_reason(sheet: Sheet) -> None:
    alone = sheet.window.root / "alone.md"
    alone.write_text("## Solution\n\nYes.\n")
    (action,) = await sheet.actions(0, "refactor", uri=sheet.editor.open(alone))
    assert action.disabled is not None
    assert (action.title, "There is no problem" in action.disabled.reason) == ("Secant: Refine solution", True)


# --- the whole way


async def test_the_order_is_what_the_command_line_would_ask_for(sheet: Sheet) -> None:
    sheet.editor.replace(sheet.uri, "leaves at six", "leaves at seven")
    assert await sheet.editor.solve(sheet.uri, 0)
    engine = await sheet.engines.next()
    asked = engine.order["solve"]
    assert (asked["target"], asked["select"], asked["optimizer"]) == (str(sheet.path), "## Solution", "hessiangrad")
    assert asked["models"]["levels"]["program"]["model"] == "openai/small-model"
    assert asked["buffers"] == {str(sheet.path): sheet.text}


async def test_refined_reviewed_accepted_undone_and_rejected(sheet: Sheet) -> None:
    sheet.editor.answers = ["Review"]
    proposal = await sheet.refined()
    question = await sheet.editor.question()
    assert question.message == f"{LABEL}: {FOUND}"
    review = (await sheet.editor.seen.until(lambda: sheet.editor.seen.of("review")))[0]
    assert (review.title, review.uri) == (f"{LABEL}: current ↔ {FOUND}", sheet.uri)
    offered = [FOUND, "Review", "Apply", "Dismiss"]
    assert await sheet.editor.lenses(sheet.uri) == offered
    hover = await sheet.editor.hover(sheet.uri, HEADING)
    assert hover is not None and hover.startswith(f"**Secant: {FOUND}**")
    assert "+Box 1: 9 + 7 + 4" in hover
    document = f"secant:/proposal/{proposal}/0/parcels.md"
    assert await sheet.editor.content(document) == TEXT.replace(BASE, PACKED)

    assert await sheet.editor.command("accept", proposal=proposal)
    assert sheet.text == TEXT.replace(BASE, PACKED)
    assert await sheet.editor.lenses(sheet.uri) == []
    assert (await sheet.editor.state()).proposals[0].standing == "applied"
    sheet.editor.undo(sheet.uri)
    assert sheet.text == TEXT
    assert await sheet.editor.lenses(sheet.uri) == offered
    assert await sheet.editor.command("reject", proposal=proposal)
    assert (await sheet.editor.state()).proposals[0].standing == "rejected"
    assert await sheet.editor.lenses(sheet.uri) == []


async def test_the_actions_of_a_proposal(sheet: Sheet) -> None:
    await sheet.refined()
    titles = [action.title for action in await sheet.actions(HEADING)]
    assert titles == [
        f"Apply refined solution ({FOUND})",
        "Review refined solution",
        "Dismiss refined solution",
        "Secant: Refine solution",
    ]


async def test_progress_and_stop_in_words_of_their_own(sheet: Sheet) -> None:
    run = await sheet.editor.solve(sheet.uri, HEADING)
    engine = await sheet.engines.next()
    engine.begin()
    begun = (await sheet.editor.seen.until(lambda: sheet.editor.progress(run)))[0]
    assert begun["title"] == f"Refining {LABEL}"
    engine.progress(3, best="1 of 1 passed")
    await sheet.editor.seen.until(lambda: len(sheet.editor.progress(run)) > 1)
    assert "version 3 · best: the critique finds no mistake" in sheet.editor.progress(run)[1]["message"]
    assert await sheet.editor.lenses(sheet.uri) == [f"refining… version 3 · best: {FOUND}", "Stop"]
    titles = [action.title for action in await sheet.actions(HEADING)]
    assert titles == ["Stop refining solution and keep the best so far"]
    assert await sheet.editor.command("stop", run=run)
    assert await engine.heard() == {"stop": True}
    engine.survive(PACKED)
    engine.finish("stopped", source=PACKED, stopped=True)
    await sheet.editor.question()
    assert (await sheet.editor.state()).proposals[0].confirmed is False


async def test_two_requests_are_one_run(sheet: Sheet) -> None:
    assert await sheet.editor.solve(sheet.uri, 0) == await sheet.editor.solve(sheet.uri, HEADING)


async def test_a_changed_problem_makes_it_stale_and_it_is_run_again(sheet: Sheet) -> None:
    proposal = await sheet.refined()
    sheet.editor.replace(sheet.uri, "at most 20 kg", "at most 21 kg")
    assert await sheet.editor.lenses(sheet.uri) == ["changed since measured", "Run again", "Dismiss"]
    assert await sheet.editor.command("accept", proposal=proposal) is False
    assert sheet.editor.messages[-1].startswith("The solution or its problem changed since this was measured.")
    content = await sheet.editor.content(f"secant:/proposal/{proposal}/0/parcels.md")
    assert content.startswith("<!-- Secant: The solution or its problem changed")
    assert (await sheet.editor.command("rerun", proposal=proposal))["name"] == LABEL
    assert (await sheet.engines.next()).order["solve"]["select"] == "## Solution"


async def test_checks_of_the_command_line_judge_again(sheet: Sheet) -> None:
    (sheet.window.root / "checks.py").write_text("def packs(answer):\n    return answer == '2'\n")
    run = await sheet.editor.solve(sheet.uri, HEADING)
    engine = await sheet.engines.next()
    engine.request |= {"checks": ["checks.py::packs"], "must_match": ["Box"]}
    engine.begin()
    engine.refined(PACKED)
    await sheet.editor.ended(run)
    assert (await sheet.editor.lenses(sheet.uri))[0] == "fixed · 1/1 check"
    sheet.editor.replace(sheet.uri, "Answer: 3", "Answer: 4")
    assert await sheet.editor.command("rerun", proposal=engine.run)
    asked = (await sheet.engines.next()).order["solve"]
    assert asked["checks"] == [str(sheet.window.root / "checks.py::packs")]
    assert asked["must_match"] == ["Box"]


async def test_a_rejected_text_is_not_asked_for_again(sheet: Sheet) -> None:
    assert await sheet.editor.command("reject", proposal=await sheet.refined())
    await sheet.editor.solve(sheet.uri, HEADING)
    assert (await sheet.engines.next()).order["solve"]["rejected"] == [PACKED]


async def test_a_run_that_broke_off_is_gone_on_with(sheet: Sheet) -> None:
    run = await sheet.editor.solve(sheet.uri, HEADING)
    engine = await sheet.engines.next()
    engine.begin()
    engine.survive(PACKED)
    engine.line("!crash")
    await sheet.editor.ended(run)
    (view,) = (await sheet.editor.state()).runs
    assert (view.name, view.judges) == (LABEL, "critique")
    answer = await sheet.editor.command("resume", run=engine.run)
    assert answer["name"] == LABEL
    again = await sheet.engines.next()
    assert again.order == {"resume": {"folder": str(sheet.window.root), "run": engine.run}}
    assert (await sheet.editor.lenses(sheet.uri))[0].startswith("refining…")


async def test_another_window_offers_the_same(sheet: Sheet, opening: Opening) -> None:
    proposal = await sheet.refined()
    other = await opening(settings=MODEL)
    uri = other.editor.open(sheet.path)
    assert await other.editor.lenses(uri) == [FOUND, "Review", "Apply", "Dismiss"]
    (view,) = (await other.editor.state()).proposals
    assert (view.id, view.name, view.judges, view.summary) == (proposal, LABEL, "critique", FOUND)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
async def test_line_ends_and_byte_order_mark_stay(opening: Opening, bom: bytes) -> None:
    raw = bom + TEXT.replace("\n", "\r\n").encode()
    sheet = Sheet(await opening(settings=MODEL), raw)
    assert await sheet.editor.command("accept", proposal=await sheet.refined())
    assert bom + sheet.text.encode() == raw.replace(
        BASE.replace("\n", "\r\n").encode(), PACKED.replace("\n", "\r\n").encode()
    )


async def test_a_solution_is_written_where_there_is_none(opening: Opening) -> None:
    problem = TEXT[: TEXT.index("\n## Solution")]
    sheet = Sheet(await opening(settings=MODEL), problem.encode())
    assert await sheet.editor.command("accept", proposal=await sheet.refined())
    assert sheet.text == f"{problem}\n## Solution\n\n{PACKED}"


async def test_the_report_speaks_of_the_critique(sheet: Sheet) -> None:
    proposal = await sheet.refined()
    page = await sheet.editor.content(f"secant:/run/{proposal}/report.md")
    assert page.startswith(f"# {LABEL}\n")
    assert "**Improved: repaired.**" in page
    assert "test" not in page


# --- what cannot be done


async def refused(sheet: Sheet, uri: str, **more: object) -> str:
    assert await sheet.editor.solve(uri, HEADING, **more) is None
    (message,) = sheet.editor.messages
    assert sheet.engines.none
    return message


async def test_without_a_model_it_says_how_to_name_one(opening: Opening) -> None:
    sheet = Sheet(await opening(), TEXT.encode())
    message = await refused(sheet, sheet.uri)
    assert message.startswith("A solution is refined by a model, and none is configured. Set secant.model, for example")


async def test_a_function_is_no_solution_and_the_other_way_round(sheet: Sheet) -> None:
    assert await refused(sheet, sheet.window.uri) == (
        "shop.py is not a Markdown file. Open the .md file that has the problem and its solution."
    )
    assert await sheet.editor.optimize(sheet.uri, HEADING) is None
    assert sheet.editor.messages[-1] == ("parcels.md is not a Python file. Open the .py file that has the function.")


async def test_a_section_that_is_gone(sheet: Sheet) -> None:
    assert "parcels.md has no section '## Idea'" in await refused(sheet, sheet.uri, section="## Idea")


async def test_a_file_that_is_not_text(sheet: Sheet) -> None:
    latin = sheet.window.root / "latin1.md"
    shutil.copy(Path(__file__).parents[1] / "zoo" / "solutions" / "latin1.md", latin)
    assert "0xe9 is not UTF-8" in await refused(sheet, latin.as_uri())


# --- the real engine


async def test_a_model_refines_it_and_the_engine_agrees_where(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECANT_TEST_KEY", "a key of the test")
    with serving("reader") as server:
        model = {**MODEL, "baseUrl": server.base_url, "keyVariable": "SECANT_TEST_KEY"}
        sheet = Sheet(await opening(settings=model, command=COMMAND), TEXT.encode())
        run = await sheet.editor.solve(sheet.uri, HEADING)
        assert (await sheet.editor.ended(run))["message"] == f"improved: {FOUND}"
    (proposal,) = (await sheet.editor.state()).proposals
    assert (proposal.standing, proposal.name, proposal.rationale) == (
        "ready", LABEL, "Greedy is not best: both boxes can be full.",
    )  # fmt: skip
    page = await sheet.editor.content(f"secant:/run/{proposal.id}/report.md")
    assert "No check was given: the model's own critique, which is weak evidence." in page
    assert "| ★ | Greedy is not best: both boxes can be full. | no mistake |" in page
    assert await sheet.editor.command("accept", proposal=proposal.id)
    assert sheet.text == TEXT.replace(BASE, PACKED)
