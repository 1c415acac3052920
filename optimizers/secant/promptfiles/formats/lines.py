"""Lines of a stretch of text, and new ones in their place: those that stay are written as they were."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
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


def relined(old: Sequence[Line], new: Sequence[str], newline: str, write: Callable[[str], str] = str) -> Iterator[str]:
    """New lines in place of the old: those that stay as they are written, then all with the same line end."""
    blocks = difflib.SequenceMatcher(None, [line.text for line in old], new, autojunk=False).get_matching_blocks()
    pieces = [Line(text, write(text), "") for text in new[: blocks[0].b]]
    for block, following in pairwise(blocks):
        pieces += old[block.a : block.a + block.size]
        pieces += [Line(text, write(text), "") for text in new[block.b + block.size : following.b]]
    last = pieces.pop()
    yield "".join(piece.written + (piece.end or newline) for piece in pieces) + last.written
    yield newline.join([*(piece.written for piece in pieces), last.written])
