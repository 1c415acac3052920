"""Rows of data on which a prompt fails are underlined, as long as prompt and data are what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types as lsp

from secant.errors import SecantError
from secant.promptfiles.evaldata.reading import read_data
from secant_server.inspections import Readings
from tests.server.conftest import Opening
from tests.server.prompt_sheet import LINE, MODEL, NAME, ROWS, Sheet, data

pytestmark = pytest.mark.asyncio

SECOND = (1, f"{NAME} fails case 2: case 2 says otherwise")
THIRD = (2, f"{NAME} fails case 3: case 3 says otherwise")


@pytest_asyncio.fixture
async def sheet(opening: Opening) -> Sheet:
    return Sheet(await opening(settings=MODEL))


async def underlined(sheet: Sheet, *expected: tuple[int, str]) -> None:
    """Wait until exactly these rows are."""
    uri = sheet.rows.as_uri()
    await sheet.editor.seen.until(lambda: sheet.editor.seen.of("problems"))
    await sheet.editor.seen.until(lambda: sheet.editor.problems(uri) == list(expected))


async def test_failing_rows_are_underlined_and_lead_to_the_prompt(sheet: Sheet) -> None:
    await sheet.scored("2", "3")
    await underlined(sheet, SECOND, THIRD)
    problem = sheet.editor.seen.of("problems")[-1].diagnostics[0]
    assert (problem.source, problem.code, problem.severity) == (
        "secant",
        "failing-case",
        lsp.DiagnosticSeverity.Warning,
    )
    (related,) = problem.related_information
    assert (related.location.uri, related.location.range.start.line) == (sheet.uri, LINE)
    assert related.message == f"{NAME}: 50 % on 4 cases"
    assert problem.range.start.character == problem.range.end.character == 0


async def test_a_changed_prompt_takes_them_back_and_undo_brings_them_again(sheet: Sheet) -> None:
    await sheet.scored("2")
    await underlined(sheet, SECOND)
    sheet.editor.replace(sheet.uri, "one word", "a word")
    await underlined(sheet)
    sheet.editor.undo(sheet.uri)
    await underlined(sheet, SECOND)


async def test_changed_data_takes_them_back(sheet: Sheet) -> None:
    await sheet.scored("2")
    await underlined(sheet, SECOND)
    uri = sheet.editor.open(sheet.rows)
    sheet.editor.type(uri, 0, "\n")
    await underlined(sheet)
    sheet.editor.undo(uri)
    await underlined(sheet, SECOND)
    sheet.rows.write_text(data(ROWS[:3]))
    sheet.editor.close(uri)
    await underlined(sheet)


async def test_a_file_that_is_open_under_two_names_has_them_twice(sheet: Sheet) -> None:
    link = sheet.rows.with_name("link.jsonl")
    link.symlink_to(sheet.rows)
    uris = [sheet.editor.open(sheet.rows), sheet.editor.open(link)]
    await sheet.scored("2")
    for uri in uris:
        await told(sheet, uri, SECOND[1])
    sheet.editor.type(uris[1], 0, "\n")
    await told(sheet, uris[1])


async def test_the_next_score_replaces_them(sheet: Sheet) -> None:
    await sheet.scored("2")
    await underlined(sheet, SECOND)
    await sheet.scored("3")
    await underlined(sheet, THIRD)
    await sheet.scored()
    await underlined(sheet)


async def test_an_accepted_prompt_has_its_own(sheet: Sheet) -> None:
    proposal = await sheet.refined()
    await underlined(sheet, SECOND, THIRD)
    assert await sheet.editor.command("accept", proposal=proposal)
    await underlined(sheet, THIRD)


async def test_another_window_underlines_them_when_the_data_is_opened(sheet: Sheet, opening: Opening) -> None:
    await sheet.scored("2")
    other = await opening(settings=MODEL)
    uri = other.editor.open(sheet.rows)
    await other.editor.seen.until(lambda: other.editor.problems(uri) == [SECOND])


# --- the prompt's own text


async def told(sheet: Sheet, uri: str, *expected: str) -> list[lsp.Diagnostic]:
    """Wait until a document has exactly these problems."""
    wanted = list(expected)
    seen = sheet.editor.seen
    await seen.until(lambda: [message for _, message in sheet.editor.problems(uri)] == wanted and seen.of("problems"))
    return [params.diagnostics for params in seen.of("problems") if params.uri == uri][-1]


async def test_a_placeholder_that_no_case_fills(opening: Opening) -> None:
    sheet = Sheet(await opening(settings=MODEL))
    sheet.editor.replace(sheet.uri, "${input:ticket}", "😋 ${input:tiket}")
    unfilled = "No case fills the placeholder ${input:tiket}. Did you mean ticket?"
    unused = "No placeholder of the prompt uses the field ticket of the cases."
    _, problem = await told(sheet, sheet.uri, unused, unfilled)
    assert (problem.severity, problem.code) == (lsp.DiagnosticSeverity.Error, "unfilled")
    line = "Ticket: 😋 ${input:tiket}"
    start = len(line[: line.index("$")].encode("utf-16-le")) // 2
    assert problem.range == lsp.Range(
        start=lsp.Position(line=LINE + 2, character=start),
        end=lsp.Position(line=LINE + 2, character=start + len("${input:tiket}")),
    )
    sheet.editor.undo(sheet.uri)
    await told(sheet, sheet.uri)


async def test_a_placeholder_that_was_lost_since_it_was_measured(sheet: Sheet) -> None:
    await sheet.scored()
    sheet.editor.replace(sheet.uri, "Ticket: ${input:ticket}", "Ticket:")
    await told(sheet, sheet.uri, "The placeholder ${input:ticket} was lost; the earlier text has it.")


async def test_data_that_cannot_be_read_says_where(sheet: Sheet) -> None:
    rows = sheet.editor.open(sheet.rows)
    sheet.editor.type(rows, 2, "{")
    (problem,) = await told(sheet, rows, sheet_trouble(sheet, rows))
    assert (problem.range.start.line, problem.code) == (2, "unreadable")
    sheet.editor.undo(rows)
    await told(sheet, rows)


def sheet_trouble(sheet: Sheet, uri: str) -> str:
    """What the reader itself says of the data as the editor has it."""
    with pytest.raises(SecantError) as caught:
        read_data(sheet.rows, unsaved=sheet.editor.buffers[uri].text)
    error = caught.value
    return f"{error.message[:1].upper()}{error.message[1:]}. {error.hint}".rstrip()


async def test_each_prompt_of_a_config_is_looked_into(opening: Opening) -> None:
    window = await opening(settings=MODEL)
    path = window.root / "promptfooconfig.yaml"
    config = "prompts:\n  - Sort {{ticket}}\n  - Sort it {{tiket}}\ntests:\n  - vars: {ticket: a}\n"
    path.write_text(config)
    uri = window.editor.open(path)
    await window.editor.seen.until(lambda: len(window.editor.problems(uri)) == 2)
    assert window.editor.problems(uri) == [
        (2, "No placeholder of the prompt uses the field ticket of the cases."),
        (2, "No case fills the placeholder tiket. Did you mean ticket?"),
    ]


async def test_an_empty_prompt_file_is_no_mistake_yet(sheet: Sheet) -> None:
    empty = sheet.window.root / "empty.prompt.md"
    empty.write_text("")
    uri = sheet.editor.open(empty)
    await sheet.scored("2")
    await underlined(sheet, SECOND)
    assert sheet.editor.problems(uri) == []


async def test_data_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    readings, path = Readings(), tmp_path / "a.eval.jsonl"
    path.write_text(data())
    first = readings.of(path, None)
    assert readings.of(path, None) is first
    assert len(readings.of(path, data(ROWS[:2])).rows) == 2
    path.write_text("{")
    for _ in range(2):
        with pytest.raises(SecantError):
            readings.of(path, None)


IN_FILE = "messages:\n  - role: user\n    content: 'Sort {{ticket}}'  # kept\ntestData:\n" + "".join(
    f"  - ticket: {ticket}\n    expected: {label}\n" for ticket, label in ROWS
)


async def test_rows_in_the_prompt_file_itself(opening: Opening) -> None:
    sheet = Sheet(await opening(settings=MODEL), IN_FILE.encode(), "own.prompt.yml")
    assert await sheet.editor.lenses(sheet.uri) == ["Refine prompt", "Score it"]
    await sheet.scored("2")
    row = IN_FILE[: IN_FILE.index("- ticket: I cannot")].count("\n")
    expected = [(row, "own.prompt.yml fails case 2: case 2 says otherwise")]
    await sheet.editor.seen.until(lambda: sheet.editor.problems(sheet.uri) == expected)
    assert (await sheet.editor.lenses(sheet.uri))[0] == "75 % on 4 cases · Refine"
    sheet.editor.replace(sheet.uri, "Sort", "Classify")
    await sheet.editor.seen.until(lambda: sheet.editor.problems(sheet.uri) == [])
