"""Lines of a stretch of text, and new ones in their place: those that stay are written as they were."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

LINE_END = re.compile("\r\n?|\n")


class Line(NamedTuple):
    """A line as it reads, as it is written, and its line end."""

    text: str
    written: str
    end: str


def split_lines(written: str) -> list[Line]:
    """The lines of a stretch of a file. The last one, perhaps empty, has no line end."""
    lines: list[Line] = []
    at = 0
    for match in LINE_END.finditer(written):
        lines.append(Line(written[at : match.start()], written[at : match.start()], match[0]))
        at = match.end()
    return [*lines, Line(written[at:], written[at:], "")]


def dominant_end(text: str) -> str:
    """The most frequent line end of a text, the first among equals; empty where it has none."""
    counts = Counter(LINE_END.findall(text))
    return counts.most_common(1)[0][0] if counts else ""


class Stretch(NamedTuple):
    """Lines that stay (`same`), or new ones in place of old ones."""

    same: bool
    kept: slice
    """Of the old lines."""
    new: slice


def stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """How old lines become new ones. What both begin and end with stays where it is: blank lines around a text."""
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    tail = next((n for n in range(shortest - head) if old[-1 - n] != new[-1 - n]), shortest - head)
    a, b, old_end, new_end = head, head, len(old) - tail, len(new) - tail
    if head:
        yield Stretch(True, slice(0, head), slice(0, head))
    matcher = difflib.SequenceMatcher(None, old[a:old_end], new[b:new_end], autojunk=False)
    for block in matcher.get_matching_blocks():
        at, to = head + block.a, head + block.b
        if at > a or to > b:
            yield Stretch(False, slice(a, at), slice(b, to))
        a, b = at + block.size, to + block.size
        if block.size:
            yield Stretch(True, slice(at, a), slice(to, b))
    if tail:
        yield Stretch(True, slice(old_end, len(old)), slice(new_end, len(new)))


def relined(old: Sequence[Line], new: Sequence[str], newline: str, write: Callable[[str], str] = str) -> Iterator[str]:
    """New lines in place of the old: those that stay as they are written, then all with the same line end."""
    pieces: list[Line] = []
    for stretch in stretches([line.text for line in old], new):
        pieces += old[stretch.kept] if stretch.same else [Line(text, write(text), "") for text in new[stretch.new]]
    last = pieces.pop()
    yield "".join(piece.written + (piece.end or newline) for piece in pieces) + last.written
    yield newline.join([*(piece.written for piece in pieces), last.written])
