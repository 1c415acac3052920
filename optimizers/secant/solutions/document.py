"""A Markdown file with a problem and a solution: where each stands, and the way back for a new solution.

Only the solution's own lines are ever replaced; all other bytes (line ends, byte order mark, what follows the section)
stay as they are. Reads files; the one function that writes is `apply`. The language server finds sections by it too,
so it is light: what a diff or writing needs is loaded when it is used.
"""

from __future__ import annotations

import codecs
import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from secant.errors import BadRequest, FileChanged, TargetNotFound, UnreadableFile, WriteRefused
from secant.functions.textfile import TextFile, digest_of, file_bytes, utf8_file
from secant.solutions.outline import Heading, outline, section_end
from secant.types import Frozen

DEFAULT_HEADING = "## Solution"
BELOW = " > "
"""Between a heading and one below it, where the name of the section alone would mean several."""
_HEADING = re.compile(r"(#{0,6})[ \t]*(.*?)[ \t#]*$")
_LINE_END = re.compile("\r\n?")
_MOST_NAMED = 12


class Document(Frozen):
    """One version of such a file. Lines are 1-based, both included."""

    file: TextFile
    heading: Heading | None
    """None: the file has no such section yet; a solution would be appended under `selected`."""
    selected: str
    first_line: int
    last_line: int
    """The solution's lines without blank ones around them; `first_line - 1` where there is none."""
    end_line: int
    """The last line of the section, blank ones included."""

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def level(self) -> int:
        """The level of the solution's heading; headings in a solution must be deeper."""
        return self.heading.level if self.heading is not None else _parsed(self.selected)[0] or 2

    @property
    def solution(self) -> str:
        """With "\\n" line ends and a final one; empty where there is none."""
        return self.file.excerpt(self.first_line, self.last_line)

    @property
    def problem(self) -> str:
        """All that is not the solution's section, without the blank lines around it."""
        lines = self.file.lines
        if self.heading is None:
            return "\n".join(lines).strip("\n") + "\n"
        rest = [*lines[: self.heading.first_line - 1], *lines[self.end_line :]]
        return "\n".join(rest).strip("\n") + "\n"

    @property
    def given(self) -> str:
        """A digest of the problem's words. What stands under other headings of the same name is no part of it: in a
        sheet of exercises each has a solution of its own.
        """
        lines = list(self.file.lines)
        headings = outline(lines).headings
        for heading in _called(headings, self.selected.rpartition(BELOW)[2]):
            for n in range(heading.first_line - 1, section_end(headings, heading, len(lines))):
                lines[n] = ""
        return digest_of(" ".join(" ".join(lines).split()).encode())

    def replaced(self, solution: str) -> bytes:
        """The file's bytes with another solution; writes nothing. Raises WriteRefused where it would not stand in its
        section: a heading that ends it, a fence that swallows what follows, nothing at all.
        """
        text = normalised(solution)
        if not text.strip():
            raise _refused(self, "the new solution is empty")
        first, last, lines = self._splice(text)
        data = self.file.spliced(first, last, lines)
        try:
            found = locate(utf8_file(self.path, data), self.selected)
        except BadRequest as error:
            raise _refused(self, f"with the new text the file would not be right ({error.message})") from error
        outside = self.problem if self.heading is not None else None
        if found.solution != text or (outside is not None and found.problem != outside):
            raise _refused(
                self,
                f"the new solution has a heading of level {self.level} or above, or code that is not closed: "
                f"use headings of level {self.level + 1} and deeper, and close every fence",
            )
        return data

    def diff(self, solution: str, *, root: Path | None = None) -> str:
        """A unified diff of the file that `git apply` takes."""
        from secant.functions.writeback import lines_diff  # noqa: PLC0415  see above

        return lines_diff(self.file, *self._splice(normalised(solution)), root=root)

    def _splice(self, text: str) -> tuple[int, int, Sequence[str]]:
        """First and last line to be replaced, and what comes instead: whole lines without line ends."""
        new = text.removesuffix("\n").split("\n")
        if self.first_line <= self.last_line:
            return self.first_line, self.last_line, new
        lines = self.file.lines
        if self.heading is None:
            last = max(n for n, line in enumerate(lines, 1) if line.strip())
            return last, last, [lines[last - 1], "", self.selected, "", *new]
        last = self.heading.last_line
        blank_follows = last < len(lines) and not lines[last].strip()
        return last, last, [lines[last - 1], "", *new, *([] if blank_follows or last == len(lines) else [""])]


def locate(file: TextFile, selected: str = DEFAULT_HEADING) -> Document:
    """Find the solution's section. Raises TargetNotFound for none (unless it is the usual one) and for several."""
    headings = outline(file.lines).headings
    if not any(line.strip() for line in file.lines):
        raise BadRequest("the file is empty", hint="Write the problem into it.", where=str(file.path))
    found = _matching(headings, selected)
    if len(found) > 1:
        places = ", ".join(f"line {h.first_line}" for h in found)
        raise TargetNotFound(
            f"{len(found)} headings are {selected!r} ({places})",
            hint=f"{_apart(headings, found)}Or name another section: --select '## Heading'.{_named(headings)}",
            where=str(file.path),
        )
    if not found:
        _require_usual(file, headings, selected)
        total = len(file.lines)
        return Document(
            file=file, heading=None, selected=selected, first_line=total + 1, last_line=total, end_line=total
        )
    return section(file, headings, found[0], selected)


def read_document(path: Path, selected: str = DEFAULT_HEADING, *, unsaved: str | None = None) -> Document:
    """The document of a file, or of the text that an editor holds for it. Raises UnreadableFile and TargetNotFound."""
    if unsaved is None:
        return locate(read_markdown(path), selected)
    bom = path.is_file() and _bytes(path).startswith(codecs.BOM_UTF8)
    try:
        data = unsaved.removeprefix("\ufeff").encode()
    except UnicodeEncodeError as error:
        raise UnreadableFile("its unsaved text cannot be saved as UTF-8", where=str(path)) from error
    return locate(utf8_file(path, codecs.BOM_UTF8 + data if bom else data), selected)


def read_markdown(path: Path) -> TextFile:
    """A Markdown file from disk. Raises UnreadableFile."""
    return utf8_file(path, _bytes(path))


def apply(document: Document, solution: str, expected_digest: str) -> str:
    """Write a new solution into its file; the digest of the file as it is now.

    Raises FileChanged where the file is not the one with `expected_digest`, WriteRefused where it may not be written.
    """
    if document.file.digest != expected_digest:
        raise FileChanged(
            "the file changed since it was measured",
            hint="Nothing was written. Solve it again on the new text.",
            where=str(document.path),
        )
    from secant.functions.writeback import replace_file  # noqa: PLC0415  see above

    return replace_file(Path(os.path.realpath(document.path)), document.replaced(solution), expected_digest)


def normalised(text: str) -> str:
    """A solution as all of Secant holds it: "\\n" line ends, no blank lines around it, and a final line end."""
    lines = _LINE_END.sub("\n", text).split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "".join(f"{line}\n" for line in lines)


def fitting(text: str, level: int) -> str:
    """The text with its headings made deeper than `level`, and without one that only says `Solution`.

    For an answer of a model that did not know where its text would stand.
    """
    lines = normalised(text).split("\n")[:-1]
    headings = outline(lines).headings
    if headings and headings[0].first_line == 1 and headings[0].title.casefold().strip(" :") == "solution":
        lines = lines[headings[0].last_line :]
        headings = outline(lines).headings
    deeper = max(0, level + 1 - min((h.level for h in headings), default=level + 1))
    if deeper:
        for heading in reversed(headings):
            depth = min(6, heading.level + deeper)
            lines[heading.first_line - 1 : heading.last_line] = [f"{'#' * depth} {heading.title}".rstrip()]
    return normalised("\n".join(lines))


# --- the section


def section(file: TextFile, headings: Sequence[Heading], heading: Heading, selected: str) -> Document:
    """The document whose solution stands under one of its headings, which `selected` names."""
    end = section_end(headings, heading, len(file.lines))
    inside = [n for n in range(heading.last_line + 1, end + 1) if file.lines[n - 1].strip()]
    first, last = (inside[0], inside[-1]) if inside else (heading.last_line + 1, heading.last_line)
    return Document(
        file=file, heading=heading, selected=selected, first_line=first, last_line=last, end_line=max(end, last)
    )


def _parsed(selected: str) -> tuple[int, str]:
    """Level (0: any) and title."""
    match = _HEADING.match(selected.strip())
    return (len(match[1]), _plain(match[2])) if match else (0, _plain(selected))


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()


def name_of(headings: Sequence[Heading], heading: Heading) -> str | None:
    """What `locate` finds this heading by: itself, behind as many of those it stands below as it takes to tell it from
    others (`# Exercise 2 > ## Solution`). None for one without a title, or where all of these are the same.
    """
    if not _plain(heading.title):
        return None
    path = [heading, *reversed(_above(headings, heading))]
    for length in range(1, len(path) + 1):
        name = BELOW.join(str(each) for each in reversed(path[:length]))
        if _matching(headings, name) == [heading]:
            return name
    return None


def is_usual(heading: Heading) -> bool:
    """Whether it is what a solution usually stands under."""
    return _plain(heading.title) == _parsed(DEFAULT_HEADING)[1]


def _matching(headings: Sequence[Heading], selected: str) -> list[Heading]:
    """Those that were asked for by title and level, or behind some that they stand below."""
    found = _called(headings, selected)
    *above, last = selected.split(BELOW)
    if found or not above:
        return found
    wanted = [_parsed(part) for part in above]
    return [h for h in _called(headings, last) if _fit(wanted, _above(headings, h))]


def _called(headings: Sequence[Heading], selected: str) -> list[Heading]:
    """Those of a title and level; the usual heading is taken at any level. Raises BadRequest where none is named."""
    level, title = _parsed(selected)
    if not title:
        raise BadRequest("this names no heading", hint="For example: --select '## Solution'.", where=selected)
    named = [h for h in headings if _plain(h.title) == title]
    exact = [h for h in named if level in (0, h.level)]
    return exact or (named if _is_usual(selected) else [])


def _above(headings: Sequence[Heading], heading: Heading) -> list[Heading]:
    """The headings of the sections around a heading's own, the outermost first."""
    around: list[Heading] = []
    for each in headings[: headings.index(heading)]:
        around = [h for h in around if h.level < each.level] + [each]
    return [h for h in around if h.level < heading.level]


def _fit(wanted: Sequence[tuple[int, str]], above: Sequence[Heading]) -> bool:
    """Whether the innermost of the headings are those, in this order."""
    inner = above[len(above) - len(wanted) :]
    pairs = zip(wanted, inner, strict=False)
    return len(inner) == len(wanted) and all(t == _plain(h.title) and v in (0, h.level) for (v, t), h in pairs)


def _apart(headings: Sequence[Heading], found: Sequence[Heading]) -> str:
    """How to name one of several that look the same."""
    names = [name for name in (name_of(headings, h) for h in found) if name is not None]
    return f"Say which, --select '{names[0]}', or rename one. " if names else "Rename one. "


def _is_usual(selected: str) -> bool:
    return _plain(selected) == _plain(DEFAULT_HEADING)


def _require_usual(file: TextFile, headings: Sequence[Heading], selected: str) -> None:
    """A usual heading that is missing is made; one that was asked for, or that is there misspelt, is not."""
    title = _parsed(selected)[1]
    near = difflib.get_close_matches(title, [_plain(h.title) for h in headings], n=1, cutoff=0.8)
    if _is_usual(selected) and not near:
        return
    meant = next((f"Did you mean --select '{h}'? " for h in headings if near and _plain(h.title) == near[0]), "")
    raise TargetNotFound(
        f"the file has no heading {selected!r}",
        hint=f"{meant}Add one where the solution belongs, or name another.{_named(headings)}",
        where=str(file.path),
    )


def _named(headings: Sequence[Heading]) -> str:
    if not headings:
        return " The file has no heading at all."
    more = f", and {len(headings) - _MOST_NAMED} more" if len(headings) > _MOST_NAMED else ""
    return f" There are: {', '.join(str(h) for h in headings[:_MOST_NAMED])}{more}."


def _refused(document: Document, message: str) -> WriteRefused:
    where = f"{document.path}:{min(document.first_line, max(1, len(document.file.lines)))}"
    return WriteRefused(message, hint="Nothing was written.", where=where)


def _bytes(path: Path) -> bytes:
    return file_bytes(path, "Markdown", _near_files)


def _near_files(path: Path) -> str:
    try:
        siblings = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix in (".md", ".markdown"))
    except OSError:
        return f"There is no folder {path.parent}; look where you are."
    near = difflib.get_close_matches(path.name, siblings, n=3, cutoff=0.5) or siblings[:5]
    return f"Markdown files there: {', '.join(near)}." if near else f"There are no Markdown files in {path.parent}."
