"""Prompts in files of their own that a promptfoo config names: the lens stands in both, the file has the text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types as lsp

from tests.server.conftest import Opening, Window
from tests.server.prompt_sheet import GAIN, MODEL, ROWS

pytestmark = pytest.mark.asyncio

CONFIG = "prompts:\n  - file://prompts/sort.txt\ntests: file://rows.jsonl\n"
TEXT = "Sort this ticket.\r\n\r\nTicket: {{ticket}}\r\n"
BETTER = "Sort this ticket into billing, login or other.\n\nTicket: {{ticket}}\n"
OFFERED = ["Refine prompt", "Score it"]
SCORED = ["75 % on 4 cases · Refine", "Score again", "Report"]


def data(rows: Sequence[tuple[str, str]] = ROWS) -> str:
    return "".join(json.dumps({"vars": {"ticket": ticket}, "expected": label}) + "\n" for ticket, label in rows)


class Desk:
    """A window with a config, the prompt that it names, and its cases."""

    def __init__(self, window: Window, config: str = CONFIG, *, prompt: str = "prompts/sort.txt") -> None:
        self.window, self.editor, self.engines, root = window, window.editor, window.engines, window.root
        self.config, self.prompt, self.rows = root / "promptfooconfig.yaml", root / prompt, root / "rows.jsonl"
        self.prompt.parent.mkdir()
        self.config.write_text(config)
        self.prompt.write_bytes(TEXT.encode())
        self.rows.write_text(data())
        self.uri = self.editor.open(self.config)

    def read(self) -> str:
        """Open the prompt as well."""
        return self.editor.open_text(self.prompt.as_uri(), TEXT)

    async def scored(self, uri: str, *failing: str) -> dict[str, object]:
        """Score it to the end; the request."""
        run = await self.editor.score(uri)
        engine = await self.engines.next()
        engine.begin()
        engine.scored(*failing)
        await self.editor.ended(run)
        return engine.request

    async def refined(self, uri: str) -> str:
        run = await self.editor.refine(uri)
        engine = await self.engines.next()
        engine.begin()
        engine.judged("2", "3")
        engine.rewritten(BETTER, GAIN, "3")
        await self.editor.ended(run)
        return engine.run


@pytest_asyncio.fixture
async def desk(opening: Opening) -> Desk:
    return Desk(await opening(settings=MODEL))


async def commands(desk: Desk, uri: str) -> list[tuple[int, list[object]]]:
    params = lsp.CodeLensParams(text_document=lsp.TextDocumentIdentifier(uri=uri))
    found = await desk.editor.client.text_document_code_lens_async(params)
    return [(each.range.start.line, list(each.command.arguments or ())) for each in found or () if each.command]


async def titles(desk: Desk, line: int) -> list[str]:
    """Of the actions in the config."""
    at = lsp.Position(line=line, character=0)
    params = lsp.CodeActionParams(
        text_document=lsp.TextDocumentIdentifier(uri=desk.uri),
        range=lsp.Range(start=at, end=at),
        context=lsp.CodeActionContext(diagnostics=[]),
    )
    return [action.title for action in await desk.editor.server.life.session.actions(params)]


async def test_the_lens_stands_in_the_config_and_in_the_file(desk: Desk) -> None:
    assert await desk.editor.lenses(desk.uri) == OFFERED
    asked = [{"uri": desk.uri, "position": {"line": 1, "character": 0}, "prompt": "sort.txt"}]
    assert await commands(desk, desk.uri) == [(1, asked)] * 2
    prompt = desk.read()
    assert await desk.editor.lenses(prompt) == OFFERED
    assert await commands(desk, prompt) == [(0, asked)] * 2
    assert await titles(desk, 1) == ["Secant: Refine prompt", "Secant: Score prompt on its cases"]
    assert await titles(desk, 2) == []
    desk.editor.replace(desk.uri, "file://prompts/sort.txt", "'Sort {{ticket}}'")
    await desk.editor.lenses(desk.uri)
    assert await desk.editor.lenses(prompt) == [], "no config names it as it is open"
    desk.editor.close(desk.uri)
    assert await desk.editor.lenses(prompt) == OFFERED, "nothing was saved"
    desk.config.write_text("prompts: ['Sort {{ticket}}']\n")
    assert await desk.editor.lenses(prompt) == [], "no config names it"


async def test_scored_by_the_config_with_what_is_not_saved(desk: Desk) -> None:
    prompt, rows = desk.read(), desk.editor.open_text(desk.rows.as_uri(), data(ROWS[:2]))
    desk.editor.replace(prompt, "this", "that")
    request = await desk.scored(desk.uri)
    assert request["target"] == f"{desk.config}::sort.txt"
    assert request["buffers"] == {str(desk.prompt): TEXT.replace("this", "that"), str(desk.rows): data(ROWS[:2])}
    words = "100 % on 2 cases · Refine"
    assert [(await desk.editor.lenses(uri))[0] for uri in (desk.uri, prompt)] == [words, words]
    desk.editor.undo(prompt)
    assert (await desk.editor.lenses(desk.uri))[0] == "100 % on 2 cases, changed since measured · Refine"
    desk.editor.close(rows)
    assert (await desk.scored(prompt, "2"))["target"] == f"{desk.config}::sort.txt"
    assert await desk.editor.lenses(prompt) == await desk.editor.lenses(desk.uri) == SCORED
    uri = desk.editor.open(desk.rows)
    await desk.editor.seen.until(
        lambda: desk.editor.problems(uri) == [(1, "sort.txt fails case 2: case 2 says otherwise")]
    )


async def test_refined_accepted_undone_and_run_again(desk: Desk) -> None:
    prompt = desk.read()
    proposal = await desk.refined(desk.uri)
    offered = ["50 % → 75 % on 4 cases", "Review", "Apply", "Dismiss"]
    assert await desk.editor.lenses(desk.uri) == await desk.editor.lenses(prompt) == offered
    assert (await titles(desk, 1))[:2] == [f"Apply refined prompt ({offered[0]})", "Review refined prompt"]
    desk.editor.replace(prompt, "this", "that")
    assert await desk.editor.lenses(desk.uri) == ["changed since measured", "Run again", "Dismiss"]
    desk.editor.undo(prompt)
    landed = BETTER.replace("\n", "\r\n")
    assert await desk.editor.content(f"secant:/proposal/{proposal}/0/sort.txt") == landed
    assert await desk.editor.command("accept", proposal=proposal)
    assert (desk.editor.buffers[prompt].text, desk.editor.buffers[desk.uri].text) == (landed, CONFIG)
    assert (await desk.editor.lenses(desk.uri))[0] == "75 % on 4 cases · Refine"
    desk.editor.undo(prompt)
    assert await desk.editor.lenses(desk.uri) == offered
    assert await desk.editor.command("rerun", proposal=proposal)
    engine = await desk.engines.next()
    assert engine.order["refine"]["target"] == f"{desk.config}::sort.txt"
    engine.begin()
    await desk.editor.seen.until(lambda: desk.editor.seen.of("progress"))
    assert (await desk.editor.lenses(desk.uri))[-1] == "Stop"


async def test_several_in_one_entry_are_told_apart(opening: Opening) -> None:
    desk = Desk(await opening(settings=MODEL), CONFIG.replace("sort.txt", "*.txt"))
    (desk.prompt.parent / "brief.txt").write_text("Sort: {{ticket}}\n")
    assert await desk.editor.lenses(desk.uri) == [
        "brief.txt: Refine prompt",
        "Score it",
        "sort.txt: Refine prompt",
        "Score it",
    ]
    assert await desk.editor.command("eval", uri=desk.uri, position={"line": 1, "character": 0}, prompt="sort.txt")
    assert (await desk.engines.next()).order["eval"]["target"] == f"{desk.config}::sort.txt"


async def test_a_placeholder_that_no_case_of_the_config_fills(desk: Desk) -> None:
    prompt = desk.read()
    desk.editor.replace(prompt, "{{ticket}}", "{{tiket}}")
    wanted = [
        (0, "No placeholder of the prompt uses the field ticket of the cases."),
        (2, "No case fills the placeholder tiket. Did you mean ticket?"),
    ]
    await desk.editor.seen.until(lambda: desk.editor.problems(prompt) == wanted)
    (place,) = {each.range.start.character for each in desk.editor.seen.of("problems")[-1].diagnostics[1:]}
    assert place == len("Ticket: {{")


async def test_what_cannot_be_read_has_no_lens(desk: Desk) -> None:
    desk.prompt.unlink()
    assert await desk.editor.lenses(desk.uri) == []
    assert await desk.editor.refine(desk.uri) is None
    assert "sort.txt" in desk.editor.messages[-1]
    assert not Path(desk.prompt).exists()


async def test_cases_outside_the_project_are_read_as_they_are_open(opening: Opening) -> None:
    desk = Desk(await opening(settings=MODEL), CONFIG.replace("rows.jsonl", "../shared.jsonl"))
    shared = desk.window.root.parent / "shared.jsonl"
    shared.write_text(data())
    desk.editor.open_text(shared.as_uri(), data(ROWS[:1]))
    desk.editor.open_text((shared.parent / "diary.jsonl").as_uri(), "nobody's business")
    assert (await desk.scored(desk.uri))["buffers"] == {str(shared): data(ROWS[:1])}
    assert (await desk.editor.lenses(desk.uri))[0] == "100 % on 1 case · Refine"


async def test_a_markdown_prompt_that_an_unsaved_config_names(opening: Opening) -> None:
    desk = Desk(await opening(settings=MODEL), "prompts: []\n", prompt="prompts/sort.md")
    prompt = desk.read()
    assert await desk.editor.lenses(prompt) == []
    desk.editor.replace(desk.uri, "prompts: []\n", CONFIG.replace("sort.txt", "sort.md"))
    assert await desk.editor.lenses(desk.uri) == await desk.editor.lenses(prompt) == OFFERED
    request = await desk.scored(prompt, "2")
    assert (request["target"], list(request["buffers"])) == (f"{desk.config}::sort.md", [str(desk.config)])


async def test_what_was_refined_as_a_prompt_is_one(opening: Opening) -> None:
    """The command line was told of a config with a name of its own, which is none that is looked for."""
    desk = Desk(await opening(settings=MODEL), CONFIG.replace("sort.txt", "sort.md"), prompt="prompts/sort.md")
    assert await desk.editor.refine(desk.uri)
    engine = await desk.engines.next()
    desk.editor.close(desk.uri)
    named = f"{desk.config.rename(desk.window.root / 'support.yaml')}::sort.md"
    engine.request |= {"target": named}
    engine.begin()
    engine.judged("2", "3")
    engine.rewritten(BETTER, GAIN, "3")
    await desk.editor.question()
    other = await opening(settings=MODEL)
    prompt = other.editor.open_text(desk.prompt.as_uri(), TEXT)
    assert await other.editor.lenses(prompt) == ["50 % → 75 % on 4 cases", "Review", "Apply", "Dismiss"]
    assert await other.editor.command("accept", proposal=engine.run)
    assert other.editor.buffers[prompt].text == BETTER.replace("\n", "\r\n")
    assert (await other.editor.lenses(prompt))[0] == "75 % on 4 cases · Refine"
    assert await other.editor.refine(prompt)
    assert (await other.engines.next()).order["refine"]["target"] == named
