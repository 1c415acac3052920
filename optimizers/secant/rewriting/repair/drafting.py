"""How an operator writes an edit down: splices of the right spans, parentheses where they are needed, a note.

Operators decide what to try; the functions here make sure that the result parses and that no other byte changes.
"""

from __future__ import annotations

import ast
import re

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair.anatomy import Anatomy, Piece, Slot, fitted
from secant.rewriting.repair.precedence import BINARY, Level, level, sides
from secant.rewriting.repair.priors import PRIORS

_WORD = re.compile(rb"[\w\"']", re.ASCII)
_LONGEST_NOTE = 48


def atom(text: str) -> Piece:
    """A name, a literal, a call: what never needs parentheses. A negative number is not one."""
    return Piece(text, Level.FACTOR if text.startswith("-") else Level.ATOM)


def binary(function: Anatomy, left: ast.expr | Piece, symbol: str, right: ast.expr | Piece) -> Piece:
    """`left symbol right` for an arithmetic or a comparison operator."""
    kind = SYMBOLS.get(symbol)
    left_need, right_need = sides(kind) if kind else (Level.BIT_OR, Level.BIT_OR)
    own = BINARY[kind] if kind else Level.COMPARE
    first, second = _piece(function, left), _piece(function, right)
    return Piece(f"{fitted(first, left_need)} {symbol} {fitted(second, right_need)}", own)


def joined(function: Anatomy, left: ast.expr | Piece, word: str, right: ast.expr | Piece) -> Piece:
    """`left and right`, `left or right`."""
    own = Level.AND if word == "and" else Level.OR
    first, second = _piece(function, left), _piece(function, right)
    return Piece(f"{fitted(first, own)} {word} {fitted(second, own)}", own)


def negated(function: Anatomy, node: ast.expr | Piece) -> Piece:
    """`not node`."""
    return Piece(f"not {fitted(_piece(function, node), Level.NOT)}", Level.NOT)


def called(function: Anatomy, name: str, *arguments: ast.expr | Piece) -> Piece:
    """`name(arguments)`."""
    texts = [fitted(_piece(function, argument), Level.TEST) for argument in arguments]
    return Piece(f"{name}({', '.join(texts)})", Level.ATOM)


def followed(function: Anatomy, node: ast.expr | Piece, suffix: str) -> Piece:
    """`node` with `.method()` or `[index]` behind it."""
    return Piece(fitted(_piece(function, node), Level.ATOM) + suffix, Level.ATOM)


def _piece(function: Anatomy, part: ast.expr | Piece) -> Piece:
    return part if isinstance(part, Piece) else function.piece(part)


SYMBOLS: dict[str, type[ast.operator]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "@": ast.MatMult,
    "/": ast.Div,
    "//": ast.FloorDiv,
    "%": ast.Mod,
    "**": ast.Pow,
    "<<": ast.LShift,
    ">>": ast.RShift,
    "&": ast.BitAnd,
    "^": ast.BitXor,
    "|": ast.BitOr,
}
SYMBOL_OF = {kind: symbol for symbol, kind in SYMBOLS.items()}


def replacement(function: Anatomy, kind: str, slot: Slot, piece: Piece, weight: float = 1.0) -> Edit:
    """The slot's expression becomes `piece`."""
    start, end = function.source.span(slot.node)
    text = fitted(piece, slot.need)
    if isinstance(slot.node, ast.GeneratorExp) and function.alone(slot.node):
        text = f"({piece.text})"
    note = f"{shortened(function.source.segment(slot.node))} becomes {shortened(piece.text)}"
    return Edit(kind, slot.node.lineno, (spaced(function, start, end, text),), PRIORS[kind] * weight, note)


def exchange(function: Anatomy, kind: str, first: ast.expr, second: ast.expr, weight: float = 1.0) -> Edit:
    """Two expressions change places; both stand where any expression may."""
    one, two = function.text(first), function.text(second)
    splices = (
        spaced(function, *function.source.span(first), two),
        spaced(function, *function.source.span(second), one),
    )
    note = f"{shortened(one)} and {shortened(two)} change places"
    return Edit(kind, first.lineno, splices, PRIORS[kind] * weight, note)


def keyword(function: Anatomy, kind: str, node: ast.stmt, new: str, weight: float = 1.0) -> Edit:
    """The keyword that begins the statement becomes `new`."""
    start = function.source.span(node)[0]
    old = function.source.segment(node).split(maxsplit=1)[0].split("(")[0]
    splice = Splice(start, start + len(old), new)
    return Edit(kind, node.lineno, (splice,), PRIORS[kind] * weight, f"{shortened(old)} becomes {shortened(new)}")


def described(
    function: Anatomy, kind: str, node: ast.stmt, splices: tuple[Splice, ...], what: tuple[str, float]
) -> Edit:
    """An edit of a statement, named by the statement's first line; `what` happens to it and at what weight."""
    text = function.source.segment(node).split("\n", 1)[0]
    return Edit(kind, node.lineno, splices, PRIORS[kind] * what[1], f"{shortened(text)} {what[0]}")


def spaced(function: Anatomy, start: int, end: int, text: str) -> Splice:
    """A splice that keeps words apart: what stood in parentheses may be replaced by a name right behind a keyword."""
    before, after = function.data[max(0, start - 1) : start], function.data[end : end + 1]
    encoded = text.encode("utf-8")
    if not encoded and _WORD.match(before) and _WORD.match(after):
        return Splice(start, end, " ")
    if _WORD.match(before) and _WORD.match(encoded):
        text = " " + text
    if _WORD.match(after) and _WORD.match(encoded[-1:]):
        text += " "
    return Splice(start, end, text)


def regrouped(function: Anatomy, node: ast.BinOp, symbol: str) -> tuple[Splice, ...]:
    """The splices that give `node` another operator and keep its operands whole."""
    start, gap = function.gap(node.left, node.right)
    old = SYMBOL_OF[type(node.op)]
    at = start + gap.index(old)
    splices = [Splice(at, at + len(old), symbol)]
    for operand, required in zip((node.left, node.right), sides(SYMBOLS[symbol]), strict=True):
        if level(operand) < required and not function.enclosed(operand):
            splices += parentheses(function, operand)
    return tuple(splices)


def parentheses(function: Anatomy, node: ast.expr) -> tuple[Splice, Splice]:
    """The two splices that put parentheses around `node`."""
    start, end = function.source.span(node)
    return Splice(start, start, "("), Splice(end, end, ")")


def shortened(text: str) -> str:
    """Code for a note: one line in back quotes, cut where it is long."""
    flat = text if "\n" not in text else " ".join(text.split())
    return f"`{flat}`" if len(flat) <= _LONGEST_NOTE else f"`{flat[: _LONGEST_NOTE - 3]}...`"
