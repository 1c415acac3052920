"""The unit that workers swap: the outermost function around the target, and how a target's text becomes the unit's.

For an ordinary function or method unit and target are the same; a nested function is judged inside its outer one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from secant.errors import WriteRefused
from secant.functions.additions import is_plain
from secant.functions.definitions import definitions, first_line, last_line
from secant.functions.landing import Landing, NoSuchFunction, land
from secant.functions.locate import LocatedFunction
from secant.functions.syntax import parse_module
from secant.functions.worker.added import BELOW


class Unit:
    """Made once for a located function. `path`: its file as the tests import it, where that is a copy."""

    def __init__(self, located: LocatedFunction, path: Path | None = None) -> None:
        self._located = located
        self._landed: tuple[str, Landing] | None = None
        self._path = path or located.path
        self.module_text = "\n".join(located.file.lines) + "\n"
        self.qualname = located.unit.replace(".<locals>", "")
        self.first_line, self.last_line = self._lines()
        self.text = located.file.excerpt(self.first_line, self.last_line)
        self.offset = located.first_line - self.first_line
        """Lines of the unit's text before the target's."""

    def landing(self, text: str) -> Landing:
        """Where `text` and what it brings along stand in the file. Raises WriteRefused."""
        if self._landed is None or self._landed[0] != text:
            self._landed = (text, land(self._located, text))
        return self._landed[1]

    def with_target(self, text: str) -> str:
        """The unit's text with the target replaced by `text`; what that adds to the module is set before it, apart.

        Raises WriteRefused where a text is more than a function, and the rest cannot be added. One that does not parse
        or lacks the function is put in all the same: what comes of it is seen when it is run.
        """
        landing = self._closer_look(text)
        if landing is None:
            return self._with_function(text)
        added = f"{landing.added}{BELOW}" if landing.added else ""
        return added + self._with_function(landing.function)

    def as_landed(self, text: str) -> Mapping[str, Any] | None:
        """What a worker must know of a text that adds to the module (see the worker's `Landed`); None for others."""
        landing = self._closer_look(text)
        if landing is None or not landing.added:
            return None
        return {
            "module": "\n".join(landing.file.lines) + "\n",
            "first_line": landing.first_line - self.offset,
            "added_line": landing.added_line,
        }

    def own_line(self, text: str, line: int) -> int | None:
        """A line of the file in lines of the candidate's text; None for one that is not the candidate's."""
        landing = None if self.refusal(text) else self._closer_look(text)
        if landing is not None:
            return landing.line_in_text(line)
        own = line - self.first_line - self.offset + 1
        return own if own > 0 else None

    def refusal(self, text: str) -> str:
        """Why the file cannot take the text; empty where it can, or where nobody knows before it is run."""
        try:
            self._closer_look(text)
        except WriteRefused as error:
            return error.message
        return ""

    def _closer_look(self, text: str) -> Landing | None:
        """The landing of a text that is not at a glance the function alone; None for that, and where it is missing."""
        try:
            return None if is_plain(text, self._located.name) else self.landing(text)
        except NoSuchFunction:
            return None

    def _with_function(self, text: str) -> str:
        if (self.first_line, self.last_line) == (self._located.first_line, self._located.last_line):
            return text
        lines = self.text.split("\n")
        behind = self._located.last_line - self.first_line + 1
        return "\n".join([*lines[: self.offset], *text.rstrip("\n").split("\n"), *lines[behind:]])

    def as_request(self) -> dict[str, Any]:
        """The target as the worker wants it."""
        return {
            "path": os.path.realpath(self._path),
            "unit": self.qualname,
            "first_line": self.first_line,
            "last_line": self.last_line,
            "text": self.text,
        }

    def _lines(self) -> tuple[int, int]:
        found = definitions(parse_module(self._located.file))
        for function in found.functions:
            first, last = first_line(function.node), last_line(function.node)
            if function.qualname == self._located.unit and first <= self._located.first_line <= last:
                return first, last
        return self._located.first_line, self._located.last_line
