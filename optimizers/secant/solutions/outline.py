"""The headings of a Markdown text, as CommonMark sees them: ATX and setext, none inside fenced code or comments.

Lines in, headings out; knows neither files nor what a solution is. Headings inside lists and quotes are not sections.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from secant.types import Frozen

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*$")
_CLOSING = re.compile(r"(?:^|[ \t]+)#+$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_COMMENT = re.compile(r" {0,3}<!--")
_INDENTED = re.compile(r" {4}|\t")
# What no paragraph begins with: a quote, a list's item, a thematic break.
_NO_PARAGRAPH = re.compile(r" {0,3}(?:>|[-+*](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|(?:[-*_][ \t]*){3,}$)")


class Heading(Frozen):
    """One heading. Lines are 1-based, both included; a setext heading has its underline as last line."""

    level: int
    title: str
    first_line: int
    last_line: int

    def __str__(self) -> str:
        return f"{'#' * self.level} {self.title}".rstrip()


class Fence(NamedTuple):
    """A block of fenced code. `first_line` is the first line of the code itself."""

    language: str
    first_line: int
    code: str
    closed: bool


class Outline(NamedTuple):
    """What structures a text."""

    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]


class _Reader:
    """Goes through the lines once; every `_take` answers how many lines it took."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._paragraph: int | None = None
        """Where the paragraph that is being read began (0-based). One that is indented may be a list's: it never
        counts as a heading."""
        self._nested = False
        """In a list's item or a quote, with which a line goes on lazily."""
        self.headings: list[Heading] = []
        self.fences: list[Fence] = []

    def read(self) -> Outline:
        at = _front_matter(self._lines)
        while at < len(self._lines):
            at += self._take(at)
        return Outline(tuple(self.headings), tuple(self.fences))

    def _take(self, at: int) -> int:
        line = self._lines[at]
        fence = _FENCE.match(line)
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            return self._fenced(at, fence[1], fence[2])
        if _COMMENT.match(line):
            return self._comment(at)
        if atx := _ATX.match(line):
            title = _CLOSING.sub("", (atx[2] or "").strip()).strip()
            self.headings.append(Heading(level=len(atx[1]), title=title, first_line=at + 1, last_line=at + 1))
            self._paragraph = None
        elif self._paragraph is not None and (underline := _SETEXT.match(line)):
            title = " ".join(text.strip() for text in self._lines[self._paragraph : at])
            level = 1 if underline[1][0] == "=" else 2
            self.headings.append(Heading(level=level, title=title, first_line=self._paragraph + 1, last_line=at + 1))
            self._paragraph = None
        else:
            self._take_text(at, line)
        return 1

    def _take_text(self, at: int, line: str) -> None:
        if not line.strip():
            self._paragraph, self._nested = None, False
        elif _INDENTED.match(line):
            pass  # goes on with the paragraph that has begun; code otherwise
        elif _NO_PARAGRAPH.match(line):
            self._paragraph, self._nested = None, True
        elif self._paragraph is None and not self._nested and line[:1] != " ":
            self._paragraph = at

    def _fenced(self, at: int, marks: str, info: str) -> int:
        self._paragraph = None
        language = (info.split() or [""])[0].strip("{}.").lower()
        end = re.compile(rf" {{0,3}}{re.escape(marks[0])}{{{len(marks)},}}[ \t]*$")
        last = next((n for n in range(at + 1, len(self._lines)) if end.match(self._lines[n])), None)
        code = self._lines[at + 1 : last]
        self.fences.append(Fence(language, at + 2, "".join(f"{line}\n" for line in code), last is not None))
        return len(code) + (1 if last is None else 2)

    def _comment(self, at: int) -> int:
        self._paragraph = None
        last = next((n for n in range(at, len(self._lines)) if "-->" in self._lines[n]), len(self._lines) - 1)
        return last - at + 1


def outline(lines: Sequence[str]) -> Outline:
    """Headings and fenced code of a text, given as lines without line ends."""
    return _Reader(lines).read()


def section_end(headings: Sequence[Heading], heading: Heading, total: int) -> int:
    """The last line (1-based) of a heading's section: before the next heading of its level or above."""
    later = (h for h in headings if h.first_line > heading.last_line and h.level <= heading.level)
    following = next(later, None)
    return total if following is None else following.first_line - 1


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines a YAML header takes: its last `---` would make a heading of the line above."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((n + 1 for n in range(1, len(lines)) if lines[n].rstrip() in ("---", "...")), 0)
