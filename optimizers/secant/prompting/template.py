"""Templates of requests: texts with `{{named}}` slots, read by their file's name and filled.

Slots are filled in one pass and literally: what is put in is never read again, so braces, slots, tags and instructions
in somebody's code or in a model's words stay data. (TextGrad and GPO fill templates with `str.format`, which a brace in
the data breaks.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from secant.errors import BadRequest

_SLOT = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_LAST_SLOT = re.compile(r"(?P<before>.*)\{\{(?P<slot>[a-z][a-z0-9_]*)\}\}[ \t]*")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
SUFFIX = "suffix"
"""The slot of a request's tag suffix; every template may use it."""


@cache
def template(name: str) -> str:
    """A template of this room by its file's name. Raises BadRequest for an unknown one."""
    file = resources.files("secant.prompting") / "templates" / name
    if not re.fullmatch(r"[a-z0-9_]+\.txt", name) or not file.is_file():
        raise BadRequest(f"there is no template named {name}", hint="See prompting/templates for those that exist.")
    return file.read_text(encoding="utf-8").removesuffix("\n")


def slots(text: str) -> frozenset[str]:
    """The names of a template's slots."""
    return frozenset(_SLOT.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template with its slots filled, in one pass. Raises KeyError for a slot without a value.

    What is empty leaves no trace: a line that is one slot, alone or behind a label with a colon, is left out, so is a
    paragraph that has only such lines, and so are the spaces before a slot that ends a line.
    """
    paragraphs: list[str] = []
    for paragraph in _read(text):
        if isinstance(paragraph, str):
            paragraphs.append(paragraph)
            continue
        kept = [f for line in paragraph if (f := line if isinstance(line, str) else line.filled(values)) is not None]
        if kept:
            paragraphs.append("\n".join(kept))
    return "\n\n".join(paragraphs)


class _Line(NamedTuple):
    """A line of a template that has slots."""

    pieces: tuple[str, ...]
    """Text and names of slots in turn, text first."""
    last: str = ""
    """The slot that ends the line."""
    before: tuple[str, ...] = ()
    """The pieces before it, without the spaces at their end."""
    labelled: bool = False
    """That slot is all the line has, or all behind a label."""

    def filled(self, values: Mapping[str, str]) -> str | None:
        """None where nothing is left of it."""
        if not self.last or values[self.last].strip():
            return _joined(self.pieces, values)
        return None if self.labelled else _joined(self.before, values)


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[str | tuple[str | _Line, ...], ...]:
    """The paragraphs of a template, those with slots as lines. The same few templates are filled over and over."""
    return tuple(_paragraph(paragraph) if "{{" in paragraph else paragraph for paragraph in _PARAGRAPHS.split(text))


def _paragraph(text: str) -> tuple[str | _Line, ...]:
    return tuple(_line(line) if "{{" in line else line for line in text.split("\n"))


def _line(line: str) -> _Line:
    last = _LAST_SLOT.fullmatch(line)
    if last is None:
        return _Line(tuple(_SLOT.split(line)))
    before = last["before"].rstrip()
    labelled = not _SLOT.search(before) and (not before or before.endswith(":"))
    return _Line(tuple(_SLOT.split(line)), last["slot"], tuple(_SLOT.split(before)), labelled)


def _joined(pieces: Sequence[str], values: Mapping[str, str]) -> str:
    """The first piece is text, then a slot and a text in turn."""
    joined = pieces[0]
    for n in range(1, len(pieces), 2):
        joined += values[pieces[n]] + pieces[n + 1]
    return joined
