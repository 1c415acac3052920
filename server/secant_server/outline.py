"""The functions of a text and where they stand, named as the engine names them. Syntax only: nothing is imported.

A text that does not parse has no functions, and says which line stops it. A keystroke in a long file reads only the
statements of the module that it touched: complete statements parse alone as they do among others.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from secant.functions.definitions import definitions, first_line, last_line
from secant_server.text import Span, common_lines, lines, normalized


class Function(NamedTuple):
    """A function's place in a text."""

    name: str
    """As Python names it: `Basket.total`, `outer.<locals>.inner`."""
    span: Span
    """Its whole lines, decorators included."""
    def_line: int
    """The line of `def`, from 0."""


class Problem(NamedTuple):
    """Why a text does not parse."""

    line: int
    """From 0."""
    message: str


class Outline(NamedTuple):
    """All functions of a text, outer before inner, in the order of the text."""

    functions: tuple[Function, ...] = ()
    problem: Problem | None = None

    def at(self, line: int) -> Function | None:
        """The innermost function that holds the line."""
        holding = [f for f in self.functions if f.span.start <= line < f.span.end]
        return max(holding, key=lambda function: function.span.start, default=None)

    def named(self, name: str) -> tuple[Function, ...]:
        """Those of that name: a property and its setter, or definitions in two branches."""
        return tuple(function for function in self.functions if function.name == name)


def outline(text: str) -> Outline:
    """Read a text. Never raises."""
    try:
        return _outline(_blocks(lines(normalized(text)), 0))
    except _Unreadable as error:
        return Outline(problem=error.problem)


class Outlines:
    """Outlines of open documents, kept from one version to the next."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def of(self, uri: str, version: int | None, text: str) -> Outline:
        """The outline of a document's text. Never raises."""
        known = self._known.get(uri)
        if known is not None and known.version == version and known.text == text:
            return known.outline
        rows = lines(normalized(text))
        try:
            blocks = _again(known, rows) if known is not None and known.blocks else _blocks(rows, 0)
            found = _Known(version, text, rows, blocks, _outline(blocks))
        except _Unreadable as error:
            found = _Known(version, text, rows, (), Outline(problem=error.problem))
        self._known[uri] = found
        return found.outline

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._known.pop(uri, None)


class _Unreadable(Exception):  # noqa: N818 - an outcome, told as a `Problem`
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


class _Block(NamedTuple):
    """Statements of the module and what follows up to the next one; the first begins at line 0."""

    span: Span
    functions: tuple[Function, ...]

    def moved(self, by: int) -> _Block:
        if not by:
            return self
        functions = (Function(f.name, _moved(f.span, by), f.def_line + by) for f in self.functions)
        return _Block(_moved(self.span, by), tuple(functions))


class _Known(NamedTuple):
    """A version of a document as it was read; no blocks where it does not parse."""

    version: int | None
    text: str
    rows: list[str]
    blocks: tuple[_Block, ...]
    outline: Outline


def _again(known: _Known, rows: list[str]) -> tuple[_Block, ...]:
    """The blocks of a later version: those around the change are read again, the rest is moved. Raises _Unreadable."""
    head = common_lines(known.rows, rows)
    tail = common_lines(known.rows[head:][::-1], rows[head:][::-1])
    grown = len(rows) - len(known.rows)
    # What stands directly beside an inserted line is read again too: it may become its continuation.
    touched = [b for b in known.blocks if b.span.start <= len(known.rows) - tail and head <= b.span.end]
    start, end = touched[0].span.start, touched[-1].span.end
    before = [block for block in known.blocks if block.span.end <= start]
    after = [block.moved(grown) for block in known.blocks if block.span.start >= end]
    try:
        return (*before, *_blocks(rows[start : end + grown], start), *after)
    except _Unreadable:
        return _blocks(rows, 0)  # a string that is opened here may be closed further down


def _blocks(rows: Sequence[str], offset: int) -> tuple[_Block, ...]:
    """The statements in some lines, of which the first has the number `offset`. Raises _Unreadable."""
    tree = _parsed("".join(rows), offset)
    starts = sorted({_first(statement, rows) - 1 for statement in tree.body})
    # Two statements on one line, and a statement behind a `;` after lines of the one before, stay together.
    closed = {last_line(statement) - 1 for statement in tree.body}
    cuts = [0, *(start for start in starts[1:] if start not in closed), len(rows)]
    functions = [
        Function(d.qualname, Span(_first(d.node, rows) - 1, last_line(d.node)), d.node.lineno - 1)
        for d in definitions(tree).functions
    ]
    return tuple(_cut(functions, cuts, offset))


def _cut(functions: Sequence[Function], cuts: Sequence[int], offset: int) -> Iterator[_Block]:
    position = 0
    for start, end in pairwise(cuts):
        own: list[Function] = []
        while position < len(functions) and functions[position].span.start < end:
            own.append(functions[position])
            position += 1
        yield _Block(Span(start, end), tuple(own)).moved(offset)


def _parsed(source: str, offset: int) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's escapes: theirs to see elsewhere, not in our log
            return ast.parse(source)
    except SyntaxError as error:
        raise _Unreadable(offset + max((error.lineno or 1) - 1, 0), error.msg) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise _Unreadable(offset, str(error) or "it is nested too deeply") from None


def _first(node: ast.stmt, rows: Sequence[str]) -> int:
    """The first line of a statement, from 1: the first decorator's `@`, which may stand above its expression."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.lineno
    line = first_line(node)
    if node.decorator_list:
        while line > 1 and not rows[line - 1].lstrip().startswith("@"):
            line -= 1
    return line


def _outline(blocks: Sequence[_Block]) -> Outline:
    return Outline(tuple(function for block in blocks for function in block.functions))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
