"""What a prompt says twice: paragraphs, and lines in other paragraphs. Texts in, places out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.promptfiles.formats.source import Slot

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|</?\w[^<>]*>")
_SHORTEST_PARAGRAPH = 60
_SHORTEST_LINE = 30
_FEWEST_LETTERS = 10


class Repeat(NamedTuple):
    """A stretch that stands earlier in the prompt as well."""

    slot: Slot
    what: str
    """`line` or `paragraph`."""
    text: str
    """Its first line, without the white space around it."""
    start: int
    """Where it begins in the part's text."""
    first: int
    """The line of the file in which it stands first."""


def repeats(slots: Sequence[Slot]) -> Iterator[Repeat]:
    """Paragraphs, and lines in other paragraphs, that the prompt has twice."""
    seen: dict[str, int] = {}
    lines: dict[str, int] = {}
    for slot in slots:
        for paragraph in _PARAGRAPH.finditer(slot.part.text):
            text = " ".join(paragraph[0].split())
            if len(text) >= _SHORTEST_PARAGRAPH and text in seen:
                yield _repeat(slot, "paragraph", paragraph[0].split("\n")[0], paragraph.start(), seen[text])
                continue
            seen.setdefault(text, line_of(slot, paragraph.start()))
            at = paragraph.start()
            for line in paragraph[0].split("\n"):
                told = line.strip()
                if len(told) >= _SHORTEST_LINE and told in lines and _says_something(told):
                    yield _repeat(slot, "line", line, at, lines[told])
                lines.setdefault(told, line_of(slot, at))
                at += len(line) + 1


def line_of(slot: Slot, at: int) -> int:
    """The line of a place in a part's text, where each of its lines is one of the file."""
    return min(slot.part.first_line + slot.part.text.count("\n", 0, at), slot.part.last_line)


def _repeat(slot: Slot, what: str, text: str, at: int, first: int) -> Repeat:
    return Repeat(slot, what, text.strip(), at + len(text) - len(text.lstrip()), first)


def _says_something(line: str) -> bool:
    """Whether a line has words that are none of a tag: rules, `{% else %}` and markup stand in many places."""
    return sum(map(str.isalpha, _TAGS.sub("", line))) >= _FEWEST_LETTERS
