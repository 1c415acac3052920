"""The unit that workers swap: the outermost function around the target, and how a target's text becomes the unit's.

For an ordinary function or method unit and target are the same; a nested function is judged inside its outer one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from secant.functions.definitions import definitions, first_line, last_line
from secant.functions.locate import LocatedFunction
from secant.functions.syntax import parse_module


class Unit:
    """Made once for a located function. `path`: its file as the tests import it, where that is a copy."""

    def __init__(self, located: LocatedFunction, path: Path | None = None) -> None:
        self._located = located
        self._path = path or located.path
        self.module_text = "\n".join(located.file.lines) + "\n"
        self.qualname = located.unit.replace(".<locals>", "")
        self.first_line, self.last_line = self._lines()
        self.text = located.file.excerpt(self.first_line, self.last_line)
        self.offset = located.first_line - self.first_line
        """Lines of the unit's text before the target's."""

    def with_target(self, text: str) -> str:
        """The unit's text with the target replaced by `text`."""
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
