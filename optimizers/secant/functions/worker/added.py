"""What a candidate adds to its module besides the function: imports and helpers, run once in the module's namespace.

A unit's text may begin with them: code at column 0, `BELOW`, then the function with its own indentation.
"""

from __future__ import annotations

import ast
import types
from typing import Any, NamedTuple

BELOW = "\0\n"
"""No source holds it, so it cannot be taken for a part of one."""


class Landed(NamedTuple):
    """How a file looks with such a candidate in it."""

    module: str
    """The whole text."""
    first_line: int
    """Of the unit, decorators included."""
    added_line: int
    """The line that the first line of what was added counts as."""


class Added:
    """The code that a candidate adds; `run` puts its names into a namespace, once."""

    def __init__(self, text: str, path: str, line: int, flags: int) -> None:
        tree = ast.parse(text)
        ast.increment_lineno(tree, line - 1)
        self._code: types.CodeType = compile(tree, path, "exec", flags=flags, dont_inherit=True)
        self._done: list[int] = []

    def run(self, namespace: dict[str, Any]) -> None:
        """Raises whatever the code raises."""
        if id(namespace) not in self._done:
            exec(self._code, namespace)
            self._done.append(id(namespace))


def apart(text: str) -> tuple[str, str]:
    """What a unit's text adds to the module, and the function."""
    added, mark, function = text.partition(BELOW)
    return (added, function) if mark else ("", text)
