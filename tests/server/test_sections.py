"""Sections of a Markdown text: which one is meant, how a proposal stands to it, and that nothing else ever changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.events import TestCount
from secant.solutions.document import read_document
from secant_server.proposals import Decision, Option, Placed, Proposal, merged, placed, placed_all
from secant_server.sections import Sections
from secant_server.targets import Selection
from secant_server.text import Span, excerpt, lines

ZOO = Path(__file__).parents[1] / "zoo" / "solutions"
TEXT = """# Product

What is 17 * 24?

## Solution

It is 398.

### Check

Answer: 398

## Notes

From a book.
"""
BASE = "It is 398.\n\n### Check\n\nAnswer: 398\n"
BETTER = "It is 408.\n\nAnswer: 408\n"
SHEET = "# Sheet\n## One\nFirst?\n### Solution\na\n## Two\nSecond?\n### Solution\n\n## Three\nThird?\n### Solution\n"
PROPOSAL = Proposal(
    id="r1",
    path=Path("/problem.md"),
    name="## Solution",
    base=BASE,
    given=Sections(TEXT).targets[0].given,
    judges="critique",
    options=(Option(source=BETTER, tests=TestCount(passed=1, total=1)),),
    created=2.0,
)


def meant(text: str, first: int, last: int | None = None) -> str:
    """The name of what is meant by a cursor in a line, or by a selection; the reason why nothing is."""
    pick = Sections(text).meant(Selection(first, first if last is None else last, empty=last is None))
    return pick.target.name if pick.target is not None else pick.reason


def stands(text: str, decision: Decision | None = None, proposal: Proposal = PROPOSAL) -> Placed:
    return placed(proposal, text, Sections(text), decision)


# --- where they are


def test_a_solution_is_its_own_lines() -> None:
    (found,) = Sections(TEXT).targets
    assert (found.name, found.line, found.span, found.head, found.extent) == (
        "## Solution", 4, Span(6, 11), Span(4, 5), Span(4, 12),
    )  # fmt: skip
    assert excerpt(TEXT, found.span) == BASE


@pytest.mark.parametrize("line", range(15))
def test_a_cursor_anywhere_means_the_solution(line: int) -> None:
    assert meant(TEXT, line) == "## Solution"


def test_a_selection_means_the_section_around_it() -> None:
    assert meant(TEXT, 8, 10) == "## Solution"
    assert meant(TEXT, 12, 14) == "## Notes"
    assert meant(TEXT, 2, 10).startswith("There is no section here")


@pytest.mark.parametrize(("line", "name"), [(2, "One"), (4, "One"), (5, "Two"), (8, "Two"), (11, "Three")])
def test_of_several_the_one_beside_the_cursor_is_meant(line: int, name: str) -> None:
    assert meant(SHEET, line) == f"## {name} > ### Solution"


def test_of_several_the_next_one_is_meant() -> None:
    assert meant(SHEET, 0) == "## One > ### Solution"
    after = SHEET.replace("# Sheet\n", "") + "# End\n"
    assert meant(after, 11) == "There are several solutions here: put the cursor into one of them."


def test_sections_that_cannot_be_told_apart_are_declined() -> None:
    text = "# A\np\n## Solution\na\n# B\n## Solution\nb\n## Solution\nc\n"
    assert [target.name for target in Sections(text).targets] == ["# A > ## Solution"]
    assert meant(text, 6) == "Another section has the same headings as '## Solution' of line 6. Rename one of them."


def test_without_a_solution_the_section_around_is_meant_for_whoever_asks() -> None:
    text = "# Claim\n\nAll is well.\n\n## Proof\n\nTrivial.\n"
    (proof,) = Sections(text).named(meant(text, 5))
    assert (proof.name, proof.usual) == ("## Proof", False)
    assert Sections(text).targets == ()


def test_a_solution_that_is_missing_would_be_appended() -> None:
    text = "# Claim\n\nIs it so?"
    sections = Sections(text)
    assert meant(text, 2) == "## Solution"
    (missing,) = sections.named("## Solution")
    assert excerpt(text, missing.span) == ""
    assert sections.landed(text, missing, "Yes.\n") == "# Claim\n\nIs it so?\n\n## Solution\n\nYes."


def test_a_heading_that_is_misspelt_is_not_taken_for_a_missing_one() -> None:
    assert meant("What?\n## Solutions\na\n", 0).startswith("The file has no heading '## Solution'")


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_text_has_nothing(text: str) -> None:
    assert meant(text, 0) == "The file is empty."


def test_a_solution_without_a_problem_is_declined() -> None:
    text = "## Solution\n\nYes.\n"
    sections = Sections(text)
    assert "There is no problem" in sections.obstacle(sections.targets[0], "")


def test_the_engine_finds_the_same(tmp_path: Path) -> None:
    path = tmp_path / "sheet.md"
    path.write_text(SHEET)
    for target in Sections(SHEET).targets:
        assert read_document(path, target.name) == target.document.model_copy(
            update={"file": target.document.file.model_copy(update={"path": path})}
        )


# --- how a proposal stands


def test_it_is_ready_while_its_base_is_there_wherever_it_moves() -> None:
    assert stands(TEXT) == Placed("ready", Span(6, 11))
    assert stands(TEXT.replace("\n", "\r\n")) == Placed("ready", Span(6, 11))
    assert stands("\n\n" + TEXT) == Placed("ready", Span(8, 13))
    assert stands(TEXT, "rejected").standing == "rejected"


def test_it_is_applied_where_its_text_is_there() -> None:
    text = merged(PROPOSAL, 0, TEXT, Sections(TEXT)) or ""
    assert text == TEXT.replace(BASE, BETTER)
    assert stands(text).standing == "applied"
    assert stands(text.replace("408.\n", "408.  \n")).standing == "applied"


def test_it_is_stale_where_solution_or_problem_changed() -> None:
    assert stands(TEXT.replace("398.", "399.")) == Placed("stale", Span(6, 11))
    assert stands(TEXT.replace("* 24", "* 25")) == Placed("stale", Span(6, 11))
    assert stands(TEXT.replace("## Solution", "## Idea")) == Placed("stale")
    assert merged(PROPOSAL, 0, TEXT.replace("* 24", "* 25"), Sections(TEXT.replace("* 24", "* 25"))) is None


def test_another_solution_in_the_sheet_is_no_part_of_the_problem() -> None:
    before = Sections(SHEET).targets
    after = Sections(SHEET.replace("\na\n", "\nb\n\nAnswer: 2\n")).targets
    assert [t.given for t in before] == [t.given for t in after]


def test_a_newer_one_takes_its_place() -> None:
    newer = PROPOSAL.model_copy(update={"id": "r2", "created": 3.0})
    found = placed_all([PROPOSAL, newer], TEXT, Sections(TEXT), {})
    assert [(p.id, place.standing) for p, place in found] == [("r2", "ready"), ("r1", "superseded")]


@pytest.mark.parametrize("source", ["# End\n", "```\nx\n", "\n", "y\n\n## Notes\n"])
def test_what_would_not_stay_in_its_section_is_not_merged(source: str) -> None:
    option = Option(source=source, tests=TestCount(passed=1, total=1))
    assert merged(PROPOSAL.model_copy(update={"options": (option,)}), 0, TEXT, Sections(TEXT)) is None


@pytest.mark.parametrize("name", ["crlf_bom.md", "fenced_headings.md", "mixed_line_ends.md", "setext.md"])
def test_every_line_of_the_zoo_outside_the_section_stays(name: str) -> None:
    text = (ZOO / name).read_bytes().decode("utf-8-sig")
    sections = Sections(text)
    (target,) = sections.targets
    found = sections.landed(text, target, "Another one.\n\nAnswer: 0\n")
    assert found is not None and found != text
    assert outside(found, len(lines(found)) - len(lines(text)), target.span) == outside(text, 0, target.span)


def outside(text: str, grown: int, span: Span) -> tuple[str, str]:
    rows = lines(text)
    return "".join(rows[: span.start]), "".join(rows[span.end + grown :])


PIECES = (
    "text\n", "more text\r\n", "\n", "  \r\n", "# A\n", "## Solution\n", "### Solution ###\r\n", "Solution\n---\n",
    "## B\n", "### C\n", "```\n## Solution\n```\n", "~~~\n", "<!-- # x\n", "-->\n", "---\n", "- item\n  # no\n",
    "> # quoted\n", "    # code\n", "Answer: 1\n", "a\rb\n", "😋 #\u2028#\n", "#\n",
)  # fmt: skip
SOURCES = st.lists(
    st.sampled_from(["One.\n", "\n", "#### Step\n", "```\n# x\n```\n", "# Out\n", "Answer: 2\n", "```\n"])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), SOURCES, st.booleans())
def test_no_character_outside_a_section_changes(pieces: list[str], source: list[str], ended: bool) -> None:
    text = "".join(pieces) if ended else "".join(pieces).removesuffix("\n")
    sections = Sections(text)
    for target in sections.targets:
        found = sections.landed(text, target, "".join(source))
        if found is None:
            continue
        grown = len(lines(found)) - len(lines(text))
        before, after = outside(text, 0, target.span)
        assert found.startswith(before)
        assert found.endswith(after)
        assert len(found) >= len(before) + len(after)
        again = next(t for t in Sections(found).targets if t.line == target.line)
        assert Sections(found).same(excerpt(found, again.span), "".join(source), target.name)
        assert again.given == target.given
        assert grown == len(lines(found)) - len(lines(text))
