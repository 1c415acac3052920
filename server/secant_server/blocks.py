"""The statements of a module, read piece by piece and again only where the text changed.

Complete statements parse alone as they do among others, so a long text need not be parsed at once: a piece ends where a
definition seems to begin at the left margin, and where that was inside a string or brackets, the piece does not parse
and is read with what follows. Syntax only.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from secant.functions.definitions import definitions, first_line, last_line
from secant.judging import Kind
from secant_server.constants import Constant, constants
from secant_server.text import Span, common_lines

PIECE = 200
"""Lines that are read at once: about two milliseconds."""
_GROWTH = 4
_DEFINITION = re.compile(r"(?:@|(?:async\s+def|def|class)\b)")

_T = TypeVar("_T")
Steps = Generator[None, None, _T]
"""Work that pauses between its pieces."""


class Function(NamedTuple):
    """A function's place in a text."""

    name: str
    """As Python names it: `Basket.total`, `outer.<locals>.inner`."""
    span: Span
    """Its whole lines, decorators included."""
    def_line: int
    """The line of `def`, from 0."""

    @property
    def kind(self) -> Kind:
        return "function"

    @property
    def head(self) -> Span:
        """From the first decorator to the line of `def`."""
        return Span(self.span.start, self.def_line + 1)

    @property
    def extent(self) -> Span:
        return self.span

    @property
    def line(self) -> int:
        return self.def_line

    @property
    def usual(self) -> bool:
        return True

    @property
    def inviting(self) -> bool:
        return False

    @property
    def given(self) -> str:
        return ""


class Problem(NamedTuple):
    """Why a text does not parse."""

    line: int
    """From 0."""
    message: str


class Unreadable(Exception):  # noqa: N818 - an outcome, told as a `Problem`
    """The text does not parse."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


class Block(NamedTuple):
    """Statements of the module and what follows up to the next one; the first begins at line 0."""

    span: Span
    functions: tuple[Function, ...]
    constants: tuple[Constant, ...]

    def moved(self, by: int) -> Block:
        if not by:
            return self
        functions = (Function(f.name, f.span.moved(by), f.def_line + by) for f in self.functions)
        return Block(self.span.moved(by), tuple(functions), tuple(c.moved(by) for c in self.constants))


class Statements(NamedTuple):
    """A text that parses: its lines with "\\n" ends, and its statements."""

    rows: Sequence[str]
    blocks: tuple[Block, ...]


def read(rows: Sequence[str], piece: int = PIECE) -> Steps[Statements]:
    """All statements of a text. Raises Unreadable."""
    return Statements(rows, (yield from _pieces(rows, 0, piece)))


def read_again(known: Statements, rows: Sequence[str], piece: int = PIECE) -> Steps[Statements]:
    """Those of a later text: what stands around the change is read again, the rest is moved. Raises Unreadable."""
    head = common_lines(known.rows, rows)
    tail = common_lines(known.rows[head:][::-1], rows[head:][::-1])
    grown = len(rows) - len(known.rows)
    # What stands directly beside an inserted line is read again too: it may become its continuation.
    touched = [b for b in known.blocks if b.span.start <= len(known.rows) - tail and head <= b.span.end]
    start, end = touched[0].span.start, touched[-1].span.end
    before = [block for block in known.blocks if block.span.end <= start]
    after = [block.moved(grown) for block in known.blocks if block.span.start >= end]
    try:
        found = yield from _pieces(rows[start : end + grown], start, piece)
    except Unreadable:  # a string that is opened here may be closed further down
        found, after = (yield from _pieces(rows[start:], start, piece)), []
    return Statements(rows, (*before, *found, *after))


def _pieces(rows: Sequence[str], offset: int, piece: int) -> Steps[tuple[Block, ...]]:
    """The statements in some lines, of which the first has the number `offset`. Raises Unreadable."""
    cuts = _cuts(rows, piece)
    found: list[Block] = []
    first, size = 0, 1
    while first < len(cuts) - 1:
        last = min(first + size, len(cuts) - 1)
        try:
            found.extend(_blocks(rows[cuts[first] : cuts[last]], offset + cuts[first]))
        except Unreadable:
            if last == len(cuts) - 1:
                _parsed("".join(rows[cuts[first] :]), offset + cuts[first], exact=True)
                raise
            size *= _GROWTH
        else:
            first, size = last, 1
        yield
    return tuple(found)


def _cuts(rows: Sequence[str], piece: int) -> Sequence[int]:
    """Where pieces begin, and the end of the last."""
    found, decorated = [0], False
    for number, row in enumerate(rows):
        begins = _DEFINITION.match(row) is not None
        if begins and not decorated and number - found[-1] >= piece:
            found.append(number)
        decorated = begins and row.startswith("@")
    return [*found, len(rows)]


def _blocks(rows: Sequence[str], offset: int) -> tuple[Block, ...]:
    """The statements in some lines, of which the first has the number `offset`. Raises Unreadable."""
    tree = _parsed("".join(rows), offset)
    starts = sorted({_first(statement, rows) - 1 for statement in tree.body})
    # Two statements on one line, and a statement behind a `;` after lines of the one before, stay together.
    closed = {last_line(statement) - 1 for statement in tree.body}
    cuts = [0, *(start for start in starts[1:] if start not in closed), len(rows)]
    functions = [
        Function(d.qualname, Span(_first(d.node, rows) - 1, last_line(d.node)), d.node.lineno - 1)
        for d in definitions(tree).functions
    ]
    return tuple(_cut(functions, list(constants(tree)), cuts, offset))


def _cut(functions: Sequence[Function], texts: Sequence[Constant], cuts: Sequence[int], offset: int) -> Iterator[Block]:
    own: Sequence[list[Function]] = [[] for _ in cuts]
    beside: Sequence[list[Constant]] = [[] for _ in cuts]
    for function in functions:
        own[bisect_right(cuts, function.span.start) - 1].append(function)
    for text in texts:
        beside[bisect_right(cuts, text.extent.start) - 1].append(text)
    for (start, end), inner, outer in zip(pairwise(cuts), own, beside, strict=False):
        yield Block(Span(start, end), tuple(inner), tuple(outer)).moved(offset)


def _parsed(source: str, offset: int, *, exact: bool = False) -> ast.Module:
    """The tree of some lines, of which the first has the number `offset`. Raises Unreadable.

    Python's messages name lines too; with `exact` they count as the whole text does.
    """
    above = offset if exact else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's escapes: theirs to see elsewhere, not in our log
            return ast.parse("\n" * above + source)
    except SyntaxError as error:
        raise Unreadable(offset - above + max((error.lineno or 1) - 1, 0), error.msg) from None
    except ValueError as error:  # a null byte: not every Python says where
        raise Unreadable(offset + source.partition("\0")[0].count("\n"), str(error)) from None
    except (RecursionError, MemoryError) as error:
        raise Unreadable(0, str(error) or "it is nested too deeply") from None


def _first(node: ast.stmt, rows: Sequence[str]) -> int:
    """The first line of a statement, from 1: the first decorator's `@`, which may stand above its expression."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.lineno
    line = first_line(node)
    if node.decorator_list:
        while line > 1 and not rows[line - 1].lstrip().startswith("@"):
            line -= 1
    return line
