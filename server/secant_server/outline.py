"""The functions of a text and where they stand, named as the engine names them. Syntax only: nothing is imported.

A text that does not parse has no functions, and says which line stops it. A keystroke in a long file reads only the
statements of the module that it touched, counted from the last text that parsed.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from secant.judging import Kind
from secant_server.blocks import PIECE, Function, Problem, Statements, Steps, Unreadable, read, read_again
from secant_server.functions import function_of, nothing_to_run
from secant_server.landing import landed, same_code
from secant_server.targets import Pick, Selection, Target
from secant_server.text import lines, normalized

_NOTHING = "There is no function here: put the cursor into a `def`, not a class body or a lambda."


class Functions(NamedTuple):
    """All functions of a text, outer before inner, in the order of the text."""

    functions: tuple[Function, ...] = ()
    problem: Problem | None = None

    @property
    def kind(self) -> Kind:
        return "function"

    @property
    def targets(self) -> tuple[Function, ...]:
        return self.functions

    def at(self, line: int) -> Function | None:
        """The innermost function that holds the line."""
        holding = [f for f in self.functions if f.span.start <= line < f.span.end]
        return max(holding, key=lambda function: function.span.start, default=None)

    def named(self, name: str) -> tuple[Function, ...]:
        """Those of that name: a property and its setter, or definitions in two branches."""
        return tuple(function for function in self.functions if function.name == name)

    def meant(self, selection: Selection) -> Pick:
        found = function_of(self.functions, selection)
        return Pick(found) if found is not None else Pick(None, _NOTHING)

    def obstacle(self, target: Target, source: str) -> str:
        return nothing_to_run(target.name, source)

    def same(self, source: str, option: str, name: str) -> bool:
        return same_code(source, option, name)

    def landed(self, text: str, target: Target, source: str) -> str | None:
        return landed(text, target.span, source, target.name)

    def remark(self, sentence: str) -> str:
        return f"# {sentence}\n"


def outline(text: str) -> Functions:
    """Read a text. Never raises."""
    return _finished(_read(_UNKNOWN, None, text, PIECE)).outline


class Outlines:
    """Outlines of open documents, kept from one version to the next."""

    def __init__(self, piece: int = PIECE) -> None:
        """`piece` is the number of lines that are read at once."""
        self._piece = piece
        self._known: dict[str, _Known] = {}
        self._reading = asyncio.Lock()

    def of(self, uri: str, version: int | None, text: str) -> Functions:
        """The outline of a document's text. Never raises."""
        known = self._known.get(uri, _UNKNOWN)
        if not known.is_of(version, text):
            known = self._known[uri] = _finished(_read(known, version, text, self._piece))
        return known.outline

    async def soon(self, uri: str, version: int | None, text: str) -> Functions:
        """The same, for a text that may be long: others get their turn meanwhile. Never raises."""
        async with self._reading:  # a second request for the text waits for the first, and need not read it
            known = self._known.get(uri, _UNKNOWN)
            steps = _read(known, version, text, self._piece)
            while not known.is_of(version, text):
                try:
                    next(steps)
                except StopIteration as done:
                    known = self._known[uri] = done.value
                else:
                    await asyncio.sleep(0)
            return known.outline

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._known.pop(uri, None)


class _Known(NamedTuple):
    """A version of a document as it was read."""

    version: int | None
    text: str | None
    outline: Functions
    good: Statements | None
    """Those of the last text that parsed: this one, or one before it."""

    def is_of(self, version: int | None, text: str) -> bool:
        return self.version == version and self.text == text


_UNKNOWN = _Known(None, None, Functions(), None)


def _read(known: _Known, version: int | None, text: str, piece: int) -> Steps[_Known]:
    rows = lines(normalized(text))
    try:
        good = yield from read(rows, piece) if known.good is None else read_again(known.good, rows, piece)
    except Unreadable as error:
        return _Known(version, text, Functions(problem=error.problem), known.good)
    return _Known(version, text, Functions(tuple(f for block in good.blocks for f in block.functions)), good)


def _finished(steps: Steps[_Known]) -> _Known:
    """Without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
