"""The functions of a text and where they stand, named as the engine names them. Syntax only: nothing is imported.

Where cases stand beside the file, its string constants are prompts (see `constants`). Finding them costs no more than
the functions do.

A text that does not parse has no functions, and says which line stops it. A keystroke in a long file reads only the
statements of the module that it touched, counted from the last text that parsed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from secant.judging import Kind
from secant.promptfiles.evaldata.finding import find_data
from secant_server.blocks import PIECE, Function, Problem, Statements, Steps, Unreadable, read, read_again
from secant_server.constants import Constant, compared
from secant_server.files import path_of
from secant_server.functions import function_of, nothing_to_run
from secant_server.landing import landed, same_code
from secant_server.references import Reference
from secant_server.targets import Pick, Selection, Target
from secant_server.text import lines, normalized, replaced, same_lines

_NOTHING = "There is no function here: put the cursor into a `def`, not a class body or a lambda."
_NO_PROMPT = "There is no prompt here: put the cursor into a string that is assigned to a name, or open a prompt file."


class Functions(NamedTuple):
    """All functions of a text, outer before inner, in the order of the text, and its constants."""

    functions: tuple[Function, ...] = ()
    problem: Problem | None = None
    constants: tuple[Constant, ...] = ()
    path: Path | None = None
    """Where it is kept."""

    @property
    def kind(self) -> Kind:
        return "function"

    @property
    def elsewhere(self) -> Sequence[Reference]:
        return ()

    @property
    def targets(self) -> Sequence[Target]:
        prompts = self.prompts
        return sorted((*self.functions, *prompts), key=lambda target: target.line) if prompts else self.functions

    @property
    def prompts(self) -> Sequence[Constant]:
        """The constants that are offered by themselves. Looks for cases where there is a constant, and only there."""
        return [each for each in self._beside(self.constants) if each.usual]

    def with_cases(self) -> Functions:
        return self

    def at(self, line: int) -> Target | None:
        """The innermost function that holds the line, or the constant."""
        holding = [f for f in self.functions if f.span.start <= line < f.span.end]
        innermost = max(holding, key=lambda function: function.span.start, default=None)
        return innermost or self._constant(Selection(line, line, empty=True))

    def named(self, name: str) -> Sequence[Target]:
        """Those of that name: a property and its setter, or definitions in two branches; or a constant."""
        found = tuple(function for function in self.functions if function.name == name)
        return found or self._beside([each for each in self.constants if each.name == name])

    def meant(self, selection: Selection, kind: Kind | None = None) -> Pick:
        if kind == "prompt":
            return self._prompt(selection)
        found = function_of(self.functions, selection)
        if found is None and kind is None:
            constant = self._constant(selection)
            return Pick(constant) if constant is not None and constant.telling else Pick(None, _NOTHING)
        return Pick(found) if found is not None else Pick(None, _NOTHING)

    def _prompt(self, selection: Selection) -> Pick:
        """The constant around a selection; wherever that is, the only one that is offered."""
        found = self._constant(selection)
        prompts = self.prompts if found is None else ()
        found = prompts[0] if len(prompts) == 1 else found
        return Pick(found) if found is not None else Pick(None, _NO_PROMPT)

    def _constant(self, selection: Selection) -> Constant | None:
        around = (c for c in self.constants if c.extent.start <= selection.first and selection.last < c.extent.end)
        return next(iter(self._beside(list(around)[:1])), None)

    def _beside(self, found: Sequence[Constant]) -> Sequence[Constant]:
        """With what is known of their cases."""
        cases = bool(found) and self.path is not None and bool(find_data(self.path))
        return [constant._replace(cases=True) for constant in found] if cases else found

    def obstacle(self, target: Target, source: str) -> str:
        return nothing_to_run(target.name, source) if target.kind == "function" else ""

    def same(self, source: str, option: str, name: str) -> bool:
        constant = any(each.name == name for each in self.constants)
        return same_lines(source, option) if constant else same_code(source, option, name)

    def landed(self, text: str, target: Target, source: str) -> str | None:
        if target.kind == "prompt":
            return replaced(text, target.span, source)
        return landed(text, target.span, source, target.name)

    def remark(self, sentence: str) -> str:
        return f"# {sentence}\n"


def outline(text: str, path: Path | None = None) -> Functions:
    """Read a text. Never raises."""
    return _finished(_read(_UNKNOWN, None, text, PIECE, path)).outline


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
            known = self._known[uri] = _finished(_read(known, version, text, self._piece, path_of(uri)))
        return known.outline

    async def soon(self, uri: str, version: int | None, text: str) -> Functions:
        """The same, for a text that may be long: others get their turn meanwhile. Never raises."""
        async with self._reading:  # a second request for the text waits for the first, and need not read it
            known = self._known.get(uri, _UNKNOWN)
            steps = _read(known, version, text, self._piece, path_of(uri))
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


def _read(known: _Known, version: int | None, text: str, piece: int, path: Path | None = None) -> Steps[_Known]:
    rows = lines(normalized(text))
    try:
        good = yield from read(rows, piece) if known.good is None else read_again(known.good, rows, piece)
    except Unreadable as error:
        return _Known(version, text, Functions(problem=error.problem), known.good)
    functions = tuple(f for block in good.blocks for f in block.functions)
    texts = [each for block in good.blocks for each in block.constants]
    taken = [function.name for function in functions] if texts else ()
    return _Known(version, text, Functions(functions, None, compared(texts, taken), path), good)


def _finished(steps: Steps[_Known]) -> _Known:
    """Without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
