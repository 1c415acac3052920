"""The sections of a Markdown text in which solutions stand, found by the engine's own rules.

A solution is the text under a heading `Solution`; any other section is one for whoever asks. Syntax only: fenced code,
comments and quotes hold no headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from secant.errors import SecantError
from secant.functions.textfile import TextFile, utf8_file
from secant.judging import Kind
from secant.solutions.document import (
    DEFAULT_HEADING,
    Document,
    is_usual,
    locate,
    name_of,
    normalised,
    section,
)
from secant.solutions.outline import Heading, outline, section_end
from secant_server.blocks import Problem
from secant_server.references import Reference
from secant_server.targets import Pick, Selection, Target
from secant_server.text import Span

_PATH = Path("document.md")
_NOTHING = "There is no section here: put the cursor under the heading of a solution, or write one."
_ALIKE = "Another section has the same headings as '{}' of line {}. Rename one of them."
_SEVERAL = "There are several solutions here: put the cursor into one of them."
_NO_PROBLEM = "There is no problem beside this solution: write it above the heading."


class Section(NamedTuple):
    """A solution's place. One that is missing has none yet: it would be appended with its heading."""

    document: Document
    usual: bool

    @property
    def kind(self) -> Kind:
        return "solution"

    @property
    def name(self) -> str:
        return self.document.selected

    @property
    def span(self) -> Span:
        return Span(self.document.first_line - 1, self.document.last_line)

    @property
    def head(self) -> Span:
        heading, total = self.document.heading, len(self.document.file.lines)
        return Span(heading.first_line - 1, heading.last_line) if heading is not None else Span(total - 1, total)

    @property
    def extent(self) -> Span:
        return Span(self.head.start if self.document.heading is not None else self.span.start, self.document.end_line)

    @property
    def line(self) -> int:
        return self.head.start

    @property
    def inviting(self) -> bool:
        return False

    @property
    def given(self) -> str:
        return self.document.given


class Sections:
    """Those of one text, looked up when they are asked for."""

    kind: Kind = "solution"
    elsewhere: Sequence[Reference] = ()

    def __init__(self, text: str) -> None:
        self.problem: Problem | None = None
        self._file = TextFile(path=_PATH, raw=b"", text="", encoding="utf-8")
        try:
            self._file = utf8_file(_PATH, text.encode())
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start)
            self.problem = Problem(line, f"{text[error.start]!r} cannot be saved as UTF-8")

    @property
    def targets(self) -> Sequence[Section]:
        """The solutions."""
        return self._solutions

    @cached_property
    def _solutions(self) -> Sequence[Section]:
        found = (self._section(heading) for heading in self._headings if is_usual(heading))
        return tuple(each for each in found if each is not None)

    def with_cases(self) -> Sections:
        return self

    def at(self, line: int) -> Section | None:
        around = self._around(line, line)
        return self._section(around[-1]) if around else None

    def named(self, name: str) -> Sequence[Section]:
        try:
            document = locate(self._file, name)
        except SecantError:  # there is none, or there are several: as for the engine
            return ()
        return (Section(document, document.heading is not None and is_usual(document.heading)),)

    def meant(self, selection: Selection, kind: Kind | None = None) -> Pick:
        """The solution around a selection; for a cursor elsewhere the one beside it; otherwise the section around."""
        around = self._around(selection.first, selection.last)
        found = next((h for h in reversed(around) if is_usual(h)), None)
        if found is None and selection.empty:
            beside = self._beside(around)
            following = [h for h in beside if h.first_line > selection.first]
            found = next(iter(following if len(beside) > 1 else beside), None)
            if beside and found is None:
                return Pick(None, _SEVERAL)
        if found is not None:
            return self._pick(found)
        if around:
            inner = self._pick(around[-1])
            if inner.target is None or not self.obstacle(inner.target, ""):
                return inner
        return self._missing()

    def obstacle(self, target: Target, source: str) -> str:
        named = self.named(target.name)
        return "" if named and named[0].document.problem.strip() else _NO_PROBLEM

    def same(self, source: str, option: str, name: str) -> bool:
        return _lines(source) == _lines(option)

    def landed(self, text: str, target: Target, source: str) -> str | None:
        named = self.named(target.name)
        try:
            return named[0].document.replaced(source).decode("utf-8") if named else None
        except SecantError:
            return None

    def remark(self, sentence: str) -> str:
        return f"<!-- {sentence.replace('--', '- -')} -->\n"

    @cached_property
    def _headings(self) -> Sequence[Heading]:
        return outline(self._file.lines).headings

    def _end(self, heading: Heading) -> int:
        return section_end(self._headings, heading, len(self._file.lines))

    def _around(self, first: int, last: int) -> Sequence[Heading]:
        """The headings of the sections that hold these lines, the outermost first."""
        return [h for h in self._headings if h.first_line <= first + 1 and last < self._end(h)]

    def _beside(self, around: Sequence[Heading]) -> Sequence[Heading]:
        """The solutions in the innermost section that has any; in the whole text where none has."""
        usual = [h for h in self._headings if is_usual(h)]
        for scope in reversed(around):
            inside = [h for h in usual if scope.first_line < h.first_line <= self._end(scope)]
            if inside:
                return inside
        return usual

    def _pick(self, heading: Heading) -> Pick:
        found = self._section(heading)
        return Pick(found) if found is not None else Pick(None, _ALIKE.format(heading, heading.first_line))

    def _missing(self) -> Pick:
        """A solution that is to be written, under a heading of its own at the end."""
        if any(is_usual(h) for h in self._headings):
            return Pick(None, _NOTHING)
        try:
            return Pick(Section(locate(self._file, DEFAULT_HEADING), usual=False))
        except SecantError as error:
            return Pick(None, f"{error.message[:1].upper()}{error.message[1:]}.")

    def _section(self, heading: Heading) -> Section | None:
        """None for one that has no name of its own."""
        name = name_of(self._headings, heading)
        if name is None:
            return None
        return Section(section(self._file, self._headings, heading, name), is_usual(heading))


class SectionOutlines:
    """Outlines of open documents: the last version of each."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int | None, str, Sections]] = {}

    def of(self, uri: str, version: int | None, text: str) -> Sections:
        known = self._known.get(uri)
        if known is None or known[:2] != (version, text):
            known = self._known[uri] = (version, text, Sections(text))
        return known[2]

    async def soon(self, uri: str, version: int | None, text: str) -> Sections:
        return self.of(uri, version, text)

    def forget(self, uri: str) -> None:
        self._known.pop(uri, None)


def _lines(text: str) -> Sequence[str]:
    """Without what an editor trims when it saves."""
    return [line.rstrip() for line in normalised(text).split("\n")]
