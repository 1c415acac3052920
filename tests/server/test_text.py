"""Lines and edits as editors understand them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from secant_server.text import Span, edits, eol, excerpt, lines, replaced

PIECES = st.sampled_from(
    ["a", "b", "def f():", "\t", " ", "😋", "é", "\n", "\r\n", "\r", "\x0c", "\x85", "\u2028", "\x1c"]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)
LINES = st.lists(st.sampled_from(["a\n", "b\n", "\r\n", "a"]), max_size=6).map("".join)
"""Few enough different ones that two such texts have much in common."""


def applied(text: str, hunks: list[lsp.TextEdit]) -> str:
    """As an editor does it: positions refer to the old text, and one beyond the end means the end."""
    rows = lines(text)
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))

    def offset(position: lsp.Position) -> int:
        assert position.character == 0
        return starts[min(position.line, len(rows))]

    for hunk in reversed(hunks):
        start, end = offset(hunk.range.start), offset(hunk.range.end)
        text = text[:start] + hunk.new_text + text[end:]
    return text


@given(TEXTS | LINES, TEXTS | LINES)
def test_the_edits_turn_one_text_into_the_other(old: str, new: str) -> None:
    assert applied(old, edits(old, new)) == new


@given(TEXTS)
def test_nothing_is_edited_where_nothing_changed(text: str) -> None:
    assert edits(text, text) == []


@given(TEXTS | LINES, TEXTS | LINES)
def test_hunks_are_in_order_and_apart(old: str, new: str) -> None:
    hunks = edits(old, new)
    for first, second in pairwise(hunks):
        assert first.range.end.line < second.range.start.line


@given(LINES.filter(bool), LINES)
def test_no_hunk_begins_behind_the_last_line(old: str, new: str) -> None:
    """Neovim has no line there: it would leave an empty one at the end of the file."""
    assert all(hunk.range.start.line < len(lines(old)) for hunk in edits(old, new))


def test_lines_at_the_end_are_added_to_the_last_one() -> None:
    (hunk,) = edits("a\nb\n", "a\nb\nc\n")
    assert (hunk.range.start.line, hunk.range.end.line, hunk.new_text) == (1, 2, "b\nc\n")
    (hunk,) = edits("a\nb\n", "x\nb\nc\n")
    assert (hunk.range.start.line, hunk.range.end.line, hunk.new_text) == (0, 2, "x\nb\nc\n")


@given(TEXTS)
def test_lines_are_the_whole_text(text: str) -> None:
    rows = lines(text)
    assert "".join(rows) == text
    assert all(row.rstrip("\r\n") and not row.endswith(("\n", "\r")) for row in rows[-1:] if row[-1] not in "\r\n")
    assert not any("\n" in row[:-2] for row in rows)


@given(TEXTS, TEXTS, st.data())
def test_replacing_lines_leaves_the_others_alone(text: str, new: str, data: st.DataObject) -> None:
    rows = lines(text)
    start = data.draw(st.integers(0, max(len(rows) - 1, 0)))
    span = Span(start, data.draw(st.integers(min(start + 1, len(rows)), len(rows))))
    result = replaced(text, span, new + "x")
    assert result.startswith("".join(rows[: span.start]))
    assert result.endswith("".join(rows[span.end :]))


def test_new_lines_end_like_those_they_replace() -> None:
    text = "a\n\r\nb\r\nc\r\nd\n"
    assert replaced(text, Span(2, 4), "x\ny\nz\n") == "a\n\r\nx\r\ny\r\nz\r\nd\n"
    assert replaced("a\r\nb", Span(1, 2), "x\ny\n") == "a\r\nx\r\ny"
    assert replaced("a", Span(0, 1), "x\ny\n") == "x\ny"


def test_an_excerpt_is_whole_lines() -> None:
    assert excerpt("a\r\nb\r\nc", Span(1, 3)) == "b\nc\n"
    assert excerpt("a\n", Span(1, 1)) == ""


def test_the_line_end_is_that_of_most_lines() -> None:
    assert eol("a\r\nb\r\nc\n") == "\r\n"
    assert eol("a\u2028b") == "\n"


def test_a_function_far_down_is_one_small_hunk() -> None:
    old = "".join(f"line {i}\n" for i in range(5000))
    (hunk,) = edits(old, old.replace("line 4000\n", "other\n"))
    assert (hunk.range.start.line, hunk.range.end.line, hunk.new_text) == (4000, 4001, "other\n")
