"""The hover says what speaks for a proposal, keeps it short, and is plain text where an editor shows no other."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from secant_server.hovers import hover
from secant_server.views import Shown
from tests.server.golden.compare import assert_golden
from tests.server.golden.samples import ALTERNATIVE, BASE, NEW, PLAIN, TEXT, WINNER, proposal, shown


def at(document: Shown, line: int) -> lsp.Hover | None:
    return hover(document, lsp.Position(line=line, character=7))


def value(document: Shown, line: int = 9) -> str:
    found = at(document, line)
    assert found is not None and isinstance(found.contents, lsp.MarkupContent)
    return found.contents.value


def test_the_hover_in_markdown() -> None:
    found = at(shown(proposals=[proposal()]), 9)
    assert found is not None and isinstance(found.contents, lsp.MarkupContent)
    assert found.contents.kind is lsp.MarkupKind.Markdown
    assert found.range == lsp.Range(start=lsp.Position(line=8, character=0), end=lsp.Position(line=10, character=0))
    assert_golden("hover.md", found.contents.value)


def test_the_hover_as_plain_text() -> None:
    found = at(shown(proposals=[proposal()], client=PLAIN), 8)
    assert found is not None and isinstance(found.contents, lsp.MarkupContent)
    assert found.contents.kind is lsp.MarkupKind.PlainText
    assert_golden("hover.txt", found.contents.value)


def test_a_run_that_was_stopped_has_what_was_measured_for_evidence() -> None:
    stopped = proposal(confirmed=False, evidence=(), options=(WINNER.model_copy(update={"diff": ""}),))
    assert_golden("hover-stopped.md", value(shown(proposals=[stopped])))


@pytest.mark.parametrize("line", [7, 10, 15, 16, 200])
def test_nothing_beside_the_head_of_the_function(line: int) -> None:
    assert at(shown(proposals=[proposal()]), line) is None


@pytest.mark.parametrize(
    "document",
    [
        shown(),
        shown(TEXT.replace(BASE, NEW), [proposal()]),
        shown(TEXT.replace("seen", "known"), [proposal()]),
        shown(proposals=[proposal()], declined="never saved"),
        shown("def broken(:\n" * 12, [proposal()]),
    ],
    ids=["nothing", "applied", "stale", "declined", "broken"],
)
def test_nothing_where_no_proposal_is_ready(document: Shown) -> None:
    assert at(document, 9) is None


def test_a_long_difference_is_cut_and_says_so() -> None:
    long = WINNER.model_copy(update={"diff": "--- a\n+++ b\n" + "".join(f"+line {n}\n" for n in range(75))})
    for client in (None, PLAIN):
        made = value(shown(proposals=[proposal(options=(long,))], client=client))
        assert "+line 29" in made and "+line 30" not in made
        assert "45 more lines of the difference" in made


def test_many_alternatives_are_counted() -> None:
    made = value(shown(proposals=[proposal(options=(WINNER, *[ALTERNATIVE] * 6))]))
    assert made.count("Alternative ") == 3
    assert "3 more alternatives in the report of the run." in made


def test_a_fence_in_the_difference_does_not_end_the_block() -> None:
    tricky = WINNER.model_copy(update={"diff": "+```\n+<script>\n"})
    made = value(shown(proposals=[proposal(options=(tricky,))]))
    assert "````diff\n+```\n+<script>\n````" in made


def test_a_removed_line_that_looks_like_the_name_of_a_file_is_shown() -> None:
    tricky = WINNER.model_copy(update={"diff": "--- a/f.py\n+++ b/f.py\n@@ -1 +1 @@\n--- x\n+++ y\n"})
    assert "```diff\n@@ -1 +1 @@\n--- x\n+++ y\n```" in value(shown(proposals=[proposal(options=(tricky,))]))
