"""Edits as data: byte ranges of a function's text and what replaces them. Everything outside the ranges is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """Replace the bytes [start, end) of the UTF-8 text by `text`; start == end inserts."""

    start: int
    end: int
    text: str


class Edit(NamedTuple):
    """One change of a function's text.

    A NamedTuple and not a pydantic model: tens of thousands are made for one function.
    """

    kind: str
    """Name of the edit operator, as in the catalogue's table."""
    line: int
    """1-based line of the text where the change begins: what fault localization is asked about."""
    splices: tuple[Splice, ...]
    prior: float
    """How often this kind of edit is the right one, relative to the others; in (0, 1]."""
    note: str
    """For a person: `< becomes <=`."""


class Rewrite(NamedTuple):
    """A whole new text of the function, made by a rule that understands it (a performance rewrite)."""

    rule: str
    text: str
    note: str
    prior: float


def apply(text: str, splices: Iterable[Splice]) -> str:
    """`text` with every splice made. Raises ValueError where two splices overlap."""
    data = text.encode("utf-8")
    pieces: list[bytes] = []
    position = 0
    for start, end, replacement in sorted(splices):
        if start < position:
            raise ValueError("splices overlap")
        pieces.append(data[position:start])
        pieces.append(replacement.encode("utf-8"))
        position = end
    pieces.append(data[position:])
    return b"".join(pieces).decode("utf-8")


def overlap(first: Edit, second: Edit) -> bool:
    """Whether the two edits touch a common byte (or insert at the same place), so they cannot be made together."""
    pairs = ((a, b) for a in first.splices for b in second.splices)
    return any((a.start < b.end and b.start < a.end) or a.start == b.start for a, b in pairs)
