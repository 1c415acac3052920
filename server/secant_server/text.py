"""Texts as the protocol sees them: lines that end at "\\n", "\\r\\n" or "\\r" only, and edits of whole lines.

`str.splitlines` also splits at form feeds, NEL and U+2028, where an editor does not. Every position that is made here
stands at column 0, so it means the same in UTF-8, UTF-16 and UTF-32. Pure; knows no document and no client.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from lsprotocol import types as lsp

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END = re.compile(r"\r\n|\r|\n")
_FOREIGN_END = re.compile(r"\r\n?")


class Span(NamedTuple):
    """Whole lines, from 0; `end` is the line after the last."""

    start: int
    end: int

    def moved(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


@functools.lru_cache(maxsize=4)  # a keystroke in a long file asks for the lines of two texts, several times each
def lines(text: str) -> Sequence[str]:
    """The lines with their ends; the last one may have none."""
    return tuple(_LINE.findall(text))


def eol(text: str) -> str:
    """The line end that most lines have; "\\n" where there is none."""
    ends = Counter(_END.findall(text)).most_common(1)
    return ends[0][0] if ends else "\n"


def normalized(text: str) -> str:
    """The text with "\\n" line ends."""
    return _FOREIGN_END.sub("\n", text)


def same_lines(one: str, other: str) -> bool:
    """Whether two texts differ at most in what an editor trims when it saves."""
    first, second = ([row.rstrip() for row in text.rstrip().split("\n")] for text in (one, other))
    return first == second


def excerpt(text: str, span: Span) -> str:
    """Whole lines with "\\n" ends, the last one too."""
    found = normalized("".join(lines(text)[span.start : span.end]))
    return found if found.endswith("\n") or not found else found + "\n"


def replaced(text: str, span: Span, new: str) -> str:
    """The text with whole lines replaced by `new`, which takes the line ends of what it replaces.

    Every other line keeps its own. Where the last replaced line had no end, the new last one has none.
    """
    rows = lines(text)
    old = rows[span.start : span.end]
    end = eol("".join(old)) if any(_END.search(row) for row in old) else eol(text)
    body = normalized(new).removesuffix("\n").replace("\n", end)
    last = _END.search(old[-1]) if old else None
    closing = last.group() if last else end if span.end < len(rows) else ""
    return "".join([*rows[: span.start], body + closing, *rows[span.end :]])


def edits(old: str, new: str) -> list[lsp.TextEdit]:
    """The hunks that turn `old` into `new`: whole lines, in the order of the text, every position at column 0.

    A hunk may reach to the line after the last: editors take a position beyond the end for the end. None begins there,
    where Neovim would leave an empty line behind what is added.
    """
    return [
        lsp.TextEdit(range=_range(start, end), new_text="".join(rows))
        for start, end, rows in _hunks(lines(old), lines(new))
    ]


class _Hunk(NamedTuple):
    """Lines of the old text and what stands in their place."""

    start: int
    end: int
    rows: Sequence[str]


def _hunks(before: Sequence[str], after: Sequence[str]) -> Sequence[_Hunk]:
    """Only what lies between the first and the last difference is compared: files are long, functions are not."""
    head = common_lines(before, after)
    tail = common_lines(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    opcodes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    hunks = [_Hunk(head + i1, head + i2, new[j1:j2]) for tag, i1, i2, j1, j2 in opcodes if tag != "equal"]
    if before and hunks and hunks[-1].start == len(before):
        hunks.append(_with_the_last_line(before[-1], hunks.pop()))
        if len(hunks) > 1 and hunks[-2].end == hunks[-1].start:
            second, first = hunks.pop(), hunks.pop()
            hunks.append(_Hunk(first.start, second.end, [*first.rows, *second.rows]))
    return hunks


def _with_the_last_line(last: str, added: _Hunk) -> _Hunk:
    """Lines added at the end, as a hunk that also replaces the line before them by itself."""
    return _Hunk(added.start - 1, added.end, [last, *added.rows])


def common_lines(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _range(start: int, end: int) -> lsp.Range:
    return lsp.Range(start=lsp.Position(line=start, character=0), end=lsp.Position(line=end, character=0))
