"""String constants of Python files as prompts in an editor: beside the functions, and byte for byte but their text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from secant.promptfiles.opening import open_prompt
from secant.promptfiles.place import Place
from secant_server.outline import outline
from secant_server.targets import Selection
from secant_server.text import excerpt
from tests.server.conftest import Opening
from tests.server.prompt_sheet import MODEL, Sheet

SOURCE = '''"""Prompts for the desk."""

__version__ = "1 beta"
NAME = "the desk"


def desk(ticket):
    return SUPPORT.format(ticket=ticket)


class Mail:
    limit = 3
    SUPPORT = (  # kept
        "Sort this ticket.\\n"  # so is this
        "Ticket: {ticket}\\n"
    )

    def send(self):
        return desk(self.SUPPORT)
'''.replace("\n", "\r\n")
LINE = 12
OFFERED = ["Refine prompt", "Score it"]


async def opened(opening: Opening, source: str = SOURCE) -> Sheet:
    return Sheet(await opening(settings=MODEL), source.encode(), "sort.py")


def written(sheet: Sheet, text: str) -> str:
    """What the engine gives back: the lines with another text of the constant."""
    return Place(open_prompt(sheet.path, "Mail.SUPPORT", unsaved=sheet.text)).source({"prompt": text})


@pytest.mark.asyncio
async def test_a_constant_is_offered_where_cases_stand_beside_its_file(opening: Opening) -> None:
    sheet = await opened(opening)
    assert await sheet.editor.lenses(sheet.uri) == OFFERED
    assert [action.title for action in await sheet.actions(LINE)] == [
        "Secant: Refine prompt",
        "Secant: Score prompt on its cases",
    ]
    assert [action.title for action in await sheet.actions(6)] == ["Optimize 'desk' with Secant"]
    assert await sheet.actions(LINE - 1) == [] == await sheet.actions(3), "a class body, a single word"
    sheet.rows.unlink()
    assert await sheet.editor.lenses(sheet.uri) == []
    assert await sheet.actions(LINE) == []
    assert next(action.title for action in await sheet.actions(LINE, "refactor")) == "Secant: Refine prompt"


@pytest.mark.asyncio
async def test_functions_keep_their_lenses(opening: Opening) -> None:
    sheet = Sheet(await opening(settings={**MODEL, "codeLens": "functions"}), SOURCE.encode(), "sort.py")
    await sheet.editor.seen.until(lambda: sheet.editor.seen.of("configuration"))
    await sheet.editor.state()
    assert await sheet.editor.lenses(sheet.uri) == ["Optimize", *OFFERED, "Optimize"]


@pytest.mark.asyncio
async def test_scored_refined_accepted_undone_and_rejected(opening: Opening) -> None:
    sheet = await opened(opening)
    await sheet.scored("2")
    rows = sheet.rows.as_uri()
    await sheet.editor.seen.until(lambda: sheet.editor.problems(rows))
    assert sheet.editor.problems(rows) == [(1, "Mail.SUPPORT fails case 2: case 2 says otherwise")]
    assert await sheet.editor.lenses(sheet.uri) == ["75 % on 4 cases · Refine", "Score again", "Report"]
    better = written(sheet, "Sort this ticket into billing, login or other.\nTicket: {ticket}")
    run = await sheet.editor.refine(sheet.uri)
    engine = await sheet.engines.next()
    assert engine.order["refine"]["target"] == f"{sheet.path}::Mail.SUPPORT"
    sheet.finish(engine, better)
    await sheet.editor.ended(run)
    assert (await sheet.editor.question()).message.startswith("Mail.SUPPORT (sort.py): 50 % → 75 % on 4 cases")
    landed = SOURCE.replace("ticket.\\n", "ticket into billing, login or other.\\n")
    assert await sheet.editor.content(f"secant:/proposal/{engine.run}/0/sort.py") == landed
    assert await sheet.editor.hover(sheet.uri, LINE) is not None

    assert await sheet.editor.command("accept", proposal=engine.run)
    assert sheet.text == landed
    (edit,) = sheet.editor.seen.of("edit")
    assert [each.range.start.line for each in edit.document_changes[0].edits] == [LINE + 1]
    assert sheet.path.read_bytes() == SOURCE.encode(), "nothing is saved"
    sheet.editor.undo(sheet.uri)
    assert sheet.text == SOURCE
    assert (await sheet.editor.lenses(sheet.uri))[1:] == ["Review", "Apply", "Dismiss"]
    sheet.editor.replace(sheet.uri, "limit = 3", "limit = 4")
    assert (await sheet.editor.lenses(sheet.uri))[1] == "Review", "the rest of the file is not what was measured"
    assert await sheet.editor.command("reject", proposal=engine.run)
    assert (await sheet.editor.lenses(sheet.uri))[0] == "50 % on 4 cases · Refine"
    sheet.editor.replace(sheet.uri, "{ticket}", "{tiket}")
    assert (await sheet.editor.lenses(sheet.uri))[0] == "50 % on 4 cases, changed since measured · Refine"
    lost = "The placeholder {ticket} was lost; the earlier text has it."
    await sheet.editor.seen.until(lambda: (LINE + 1, lost) in sheet.editor.problems(sheet.uri))


@pytest.mark.asyncio
async def test_a_score_of_the_command_line_stands_above_one_without_cases_beside_it(opening: Opening) -> None:
    sheet = await opened(opening)
    run = await sheet.editor.score(sheet.uri)
    engine = await sheet.engines.next()
    more = sheet.rows.rename(sheet.window.root / "more.jsonl")
    engine.request |= {"data": ["more.jsonl"]}
    engine.begin()
    engine.scored()
    await sheet.editor.ended(run)
    assert (await sheet.editor.lenses(sheet.uri))[0] == "100 % on 4 cases · Refine"
    assert await sheet.editor.command("refine", uri=sheet.uri, position={"line": LINE, "character": 0})
    assert (await sheet.engines.next()).order["refine"]["data"] == [str(more)]


@pytest.mark.asyncio
async def test_a_placeholder_that_no_case_fills_is_underlined_where_it_stands(opening: Opening) -> None:
    other = 'LOST = "Cannot open {path}: {reason}"\r\n'
    sheet = await opened(opening, f"{other}{SOURCE.replace('Sort this', 'Sort {kind}:')}")
    await sheet.editor.seen.until(lambda: sheet.editor.problems(sheet.uri))
    assert sheet.editor.problems(sheet.uri) == [(14, "No case fills the placeholder {kind}. They have: ticket.")]
    place = sheet.editor.seen.of("problems")[-1].diagnostics[0].range
    row = '        "Sort '
    assert (place.start.character, place.end.character) == (len(row), len(row) + len("{kind}"))


@pytest.mark.asyncio
async def test_a_refusal_says_what_is_there(opening: Opening) -> None:
    sheet = await opened(opening)
    assert await sheet.editor.optimize(sheet.uri, LINE) is None
    assert "There is no function here" in sheet.editor.messages[-1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A = 'one two'\n", ["A"]),
        ("A: str = '''\none'''.strip()\n", ["A"]),
        ("if x:\n    A = ('one'\n      'two')\n", ["A"]),
        ("A = f'one {two}'\nB = b'one two'\nC = 'one' + 'two'\nD = ''\n__all__ = 'one two'\n", []),
        ("A = 'one two'\nA = 'one three'\n", []),
        ("def A(): pass\nA = 'one two'\n", []),
        ("def f():\n    A = 'one two'\n", []),
    ],
)
def test_constants_stand_where_the_engine_finds_them(text: str, found: Sequence[str], tmp_path: Path) -> None:
    path = tmp_path / "sort.py"
    path.write_text(text)
    read = outline(text, path)
    assert [constant.name for constant in read.constants] == found
    for constant in read.constants:
        assert excerpt(text, constant.span) == Place(open_prompt(path, constant.name)).text
        assert read.at(constant.line) == constant
        assert read.prompts == [], "there are no cases"
        assert read.meant(Selection(constant.line, constant.line, empty=True), "prompt").target == constant


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("A = 'one {two}'\nB = 'one two'\nC = 'one'\n", ["A"]),
        ("A = 'one'\nB = 'one two'\nC = '{\"one\": 2}'\n", ["B", "C"]),
        ("A = '''\none\ntwo\n'''\nSYSTEM = 'one two'\nB = 'one two'\n", ["A", "SYSTEM"]),
        ("A = 'one'\n", []),
    ],
)
def test_those_that_look_most_like_a_prompt_are_offered(text: str, offered: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "sort.eval.jsonl").write_text("")
    read = outline(text, tmp_path / "sort.py")
    assert [target.name for target in read.targets] == offered
