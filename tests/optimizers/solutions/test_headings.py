"""Which lines of a Markdown text are headings, and where their sections end."""

from __future__ import annotations

import pytest

from secant.solutions.outline import outline, section_end


def headings(text: str) -> list[str]:
    return [str(h) for h in outline(text.split("\n")).headings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A\n## B ##\n###### C", ["# A", "## B", "###### C"]),
        ("#A\n####### B\n    # code", []),
        ("   ## indented", ["## indented"]),
        ("#\n## #", ["#", "##"]),
        ("## C#", ["## C#"]),
        ("Title\n=====\nOther\n---", ["# Title", "## Other"]),
        ("two\nlines\n===", ["# two lines"]),
        ("\n---\ntext", []),
        ("- item\n---\n## B", ["## B"]),
        ("- item\nlazy\nmore\n---", []),
        ("> quote\n---", []),
        ("- a\n\n  b\n---", []),
        ("para\n- item\n---", []),
        ("```\n## no\n```\n## yes", ["## yes"]),
        ("````md\n```\n## no\n```\n````\n## yes", ["## yes"]),
        ("~~~\n## no\n```\n~~~\n## yes", ["## yes"]),
        ("```\n## no, never closed", []),
        ("text\n```\ncode\n```\n---", []),
        ("`` `inline` ``\n## yes", ["## yes"]),
        ("```a`b\n## yes", ["## yes"]),
        ("<!-- ## no\n## no\n-->\n## yes", ["## yes"]),
        ("---\ntitle: x\n---\n# A", ["# A"]),
    ],
)
def test_headings(text: str, found: list[str]) -> None:
    assert headings(text) == found


def test_fenced_code_has_its_language_and_first_line() -> None:
    found = outline(["a", "``` Python {.x}", "x = 1", "", "```", "~~~", "y"]).fences
    assert [(f.language, f.first_line, f.code, f.closed) for f in found] == [
        ("python", 3, "x = 1\n\n", True),
        ("", 7, "y\n", False),
    ]


def test_a_section_ends_before_the_next_heading_of_its_level_or_above() -> None:
    lines = ["# A", "## B", "text", "### C", "", "## D", "", "# E"]
    found = outline(lines).headings
    assert [section_end(found, h, len(lines)) for h in found] == [7, 5, 5, 7, 8]
