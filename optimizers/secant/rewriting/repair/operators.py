"""Operators: the wrong symbol between two operands, the wrong order, the wrong grouping."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from secant.rewriting.edit import Edit, Splice
from secant.rewriting.repair import kinds
from secant.rewriting.repair.anatomy import Anatomy, Loop, Piece
from secant.rewriting.repair.drafting import (
    SYMBOL_OF,
    SYMBOLS,
    binary,
    negated,
    parentheses,
    regrouped,
    replacement,
    shortened,
    spaced,
)
from secant.rewriting.repair.precedence import BINARY, Level, need
from secant.rewriting.repair.priors import PRIORS

_ARITHMETIC: Mapping[str, Mapping[str, float]] = {
    "+": {"-": 1.0, "*": 0.6, "//": 0.1, "/": 0.1, "%": 0.1, "|": 0.05},
    "-": {"+": 1.0, "*": 0.3, "//": 0.2, "/": 0.15, "%": 0.2, "|": 0.05, "&": 0.05},
    "*": {"+": 0.8, "**": 0.6, "//": 0.6, "/": 0.6, "-": 0.4, "%": 0.2},
    "/": {"//": 1.0, "*": 0.9, "%": 0.4, "-": 0.2, "+": 0.2},
    "//": {"/": 1.0, "%": 0.9, "*": 0.7, "-": 0.3, "+": 0.2},
    "%": {"//": 1.0, "/": 0.7, "*": 0.5, "+": 0.3, "-": 0.3},
    "**": {"*": 1.0, "+": 0.3, "//": 0.2, "/": 0.1},
    "@": {"*": 1.0},
    "<<": {">>": 1.0, "+": 0.2, "*": 0.2},
    ">>": {"<<": 1.0, "//": 0.2},
    "&": {"|": 1.0, "^": 0.7, "-": 0.3},
    "|": {"&": 1.0, "^": 0.7, "+": 0.3, "-": 0.3},
    "^": {"|": 1.0, "&": 0.8, "**": 0.7},
}
_COMPARISONS: Mapping[str, Mapping[str, float]] = {
    "<": {"<=": 1.0, ">": 0.8, ">=": 0.7, "!=": 0.4, "==": 0.4},
    "<=": {"<": 1.0, ">=": 0.8, ">": 0.7, "==": 0.4, "!=": 0.3},
    ">": {">=": 1.0, "<": 0.8, "<=": 0.7, "!=": 0.4, "==": 0.4},
    ">=": {">": 1.0, "<=": 0.8, "<": 0.7, "==": 0.4, "!=": 0.3},
    "==": {"!=": 1.0, "<=": 0.5, ">=": 0.5, "<": 0.4, ">": 0.4, "in": 0.25, "is": 0.1},
    "!=": {"==": 1.0, "<": 0.5, ">": 0.5, "<=": 0.3, ">=": 0.3, "not in": 0.2, "is not": 0.1},
    "is": {"is not": 1.0, "==": 0.7},
    "is not": {"is": 1.0, "!=": 0.7},
    "in": {"not in": 1.0, "==": 0.5},
    "not in": {"in": 1.0, "!=": 0.5},
}
_COMPARISON = re.compile(r"not\s+in|is\s+not|in|is|[<>=!]=|[<>]")
_NONCOMMUTATIVE = ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow | ast.LShift | ast.RShift | ast.MatMult
_UNORDERED = frozenset({"==", "!=", "in", "not in", "is", "is not"})


def comparison(function: Anatomy) -> Iterator[Edit]:
    """The wrong comparison, as `<` for `<=`, `==` for `!=` or `in` for `not in`; links of a chain one by one."""
    for node in function.of(ast.Compare):
        operands = [node.left, *node.comparators]
        for left, right in pairwise(operands):
            start, gap = function.gap(left, right)
            found = _COMPARISON.search(gap)
            if found is None:
                continue
            old = " ".join(found.group().split())
            number = kinds.NUMBER in (function.kind(left), function.kind(right))
            for new, weight in _COMPARISONS[old].items():
                if number and new in {"in", "not in"}:
                    continue
                splice = spaced(function, start + found.start(), start + found.end(), new)
                yield _edit("comparison", left, (splice,), weight, (old, new))


def arithmetic(function: Anatomy) -> Iterator[Edit]:
    """The wrong arithmetic or bit operator, operands kept whole."""
    for node in function.of(ast.BinOp):
        old = SYMBOL_OF[type(node.op)]
        known = function.kind(node.left), function.kind(node.right)
        if old == "%" and known[0] == kinds.TEXT:
            continue  # formatting
        sized = any(kind and kind <= kinds.SIZED for kind in known)
        parent = function.parents[node]
        for new, weight in _ARITHMETIC[old].items():
            splices = regrouped(function, node, new)
            outer = need(parent, _field(parent, node))
            if BINARY[SYMBOLS[new]] < outer and not function.enclosed(node):
                splices += parentheses(function, node)
            likely = 1.0 if not sized else 0.15 if old in "+*" else 1.0 if new in "+*" else 0.3
            yield _edit("arithmetic", node.left, splices, weight * likely, (old, new))


def augmented(function: Anatomy) -> Iterator[Edit]:
    """The wrong augmented assignment, as `+=` for `-=`; `+=` where `=` was meant and the reverse."""
    for node in function.of(ast.AugAssign):
        old = SYMBOL_OF[type(node.op)]
        start, gap = function.gap(node.target, node.value)
        at = start + gap.index(old + "=")
        for new, weight in _ARITHMETIC[old].items():
            yield _edit("augmented", node, (Splice(at, at + len(old), new),), weight, (old + "=", new + "="))
        yield _edit("assignment", node, (Splice(at, at + len(old), ""),), 0.7, (old + "=", "="))
    for node in function.of(ast.Assign):
        if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name | ast.Subscript | ast.Attribute):
            continue
        target = node.targets[0]
        name = target.id if isinstance(target, ast.Name) else ""
        if name and (name not in function.visible(node) or isinstance(node.value, ast.Tuple)):
            continue
        start, gap = function.gap(target, node.value)
        at = start + gap.index("=")
        within = any(isinstance(parent, Loop) for parent in function.ancestors(node))
        likely = 1.0 if within and not isinstance(node.value, ast.Constant) else 0.5
        for symbol, weight in (("+", 1.0), ("-", 0.5), ("*", 0.5), ("//", 0.2), ("%", 0.2), ("|", 0.1)):
            yield _edit("assignment", node, (Splice(at, at, symbol),), weight * likely, ("=", symbol + "="))


def boolean(function: Anatomy) -> Iterator[Edit]:
    """`and` for `or`, between two neighbours or throughout."""
    for node in function.of(ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        splices: list[Splice] = []
        for left, right in pairwise(node.values):
            start, gap = function.gap(left, right)
            at = start + gap.index(old)
            splices.append(Splice(at, at + len(old), new))
            yield _edit("boolean", left, (splices[-1],), 1.0, (old, new))
        if len(splices) > 1:
            yield _edit("boolean", node.values[0], tuple(splices), 0.9, (old, new))


def operand_order(function: Anatomy) -> Iterator[Edit]:
    """Operands of `-`, `/`, `%`, a comparison or a concatenation in the wrong order."""
    for slot in function.slots:
        match slot.node:
            case ast.BinOp(left=left, op=op, right=right):
                symbol = SYMBOL_OF[type(op)]
                sized = any(kind and kind <= kinds.SIZED for kind in (function.kind(left), function.kind(right)))
                ordered = isinstance(op, _NONCOMMUTATIVE)
                weight = 1.0 if ordered else 0.7 if sized else 0.25 if isinstance(op, ast.Add) else 0.0
                if weight:
                    yield replacement(function, "operand order", slot, binary(function, right, symbol, left), weight)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                _, gap = function.gap(left, right)
                found = _COMPARISON.search(gap)
                symbol = " ".join(found.group().split()) if found else "=="
                if symbol not in _UNORDERED or symbol.endswith("in"):
                    weight = 0.6 if symbol.endswith("in") else 0.2  # `a < b` to `b < a` is also `a > b`
                    yield replacement(function, "operand order", slot, binary(function, right, symbol, left), weight)
            case _:
                pass


def grouping(function: Anatomy) -> Iterator[Edit]:
    """Parentheses that are missing or too many: `a + b * c` for `(a + b) * c`, `a and (b or c)` for `a and b or c`."""
    for slot in function.slots:
        match slot.node:
            case ast.BinOp(left=ast.BinOp(left=a, op=inner, right=b), op=outer, right=c):
                first, second = SYMBOL_OF[type(inner)], SYMBOL_OF[type(outer)]
                yield replacement(function, "grouping", slot,
                                  binary(function, a, first, binary(function, b, second, c)))  # fmt: skip
            case ast.BoolOp(op=ast.Or(), values=[ast.BoolOp(op=ast.And(), values=[*heads, b]), *tails]):
                right = _chain(function, "or", [b, *tails])
                yield replacement(function, "grouping", slot, _chain(function, "and", [*heads, right]))
            case ast.BoolOp(op=ast.And(), values=[ast.BoolOp(op=ast.Or(), values=[*heads, b]), *tails]):
                right = _chain(function, "and", [b, *tails])
                yield replacement(function, "grouping", slot, _chain(function, "or", [*heads, right]))
            case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=op, values=[first, *rest])):
                word = "and" if isinstance(op, ast.And) else "or"
                yield replacement(function, "grouping", slot,
                                  _chain(function, word, [negated(function, first), *rest]))  # fmt: skip
            case _:
                pass
        match slot.node:
            case ast.BinOp(left=a, op=outer, right=ast.BinOp(left=b, op=inner, right=c)):
                first, second = SYMBOL_OF[type(outer)], SYMBOL_OF[type(inner)]
                yield replacement(function, "grouping", slot,
                                  binary(function, binary(function, a, first, b), second, c))  # fmt: skip
            case ast.BoolOp(op=ast.And(), values=[*heads, ast.BoolOp(op=ast.Or(), values=[b, *tails])]):
                left = _chain(function, "and", [*heads, b])
                yield replacement(function, "grouping", slot, _chain(function, "or", [left, *tails]))
            case ast.BoolOp(op=ast.Or(), values=[*heads, ast.BoolOp(op=ast.And(), values=[b, *tails])]):
                left = _chain(function, "or", [*heads, b])
                yield replacement(function, "grouping", slot, _chain(function, "and", [left, *tails]))
            case _:
                pass


def negation(function: Anatomy) -> Iterator[Edit]:
    """A missing or superfluous `not` or minus sign."""
    conditions = set(function.conditions)
    for slot in function.slots:
        node = slot.node
        if isinstance(node, ast.UnaryOp):
            weight = 1.0 if isinstance(node.op, ast.Not | ast.USub) else 0.5
            yield replacement(function, "sign removal", slot, function.piece(node.operand), weight)
            continue
        kind = function.kind(node)
        truthy = slot in conditions or kind == kinds.TRUTH
        operand = isinstance(slot.parent, ast.BoolOp)
        if truthy or operand or isinstance(slot.parent, ast.Return | ast.Assign):
            weight = 1.0 if truthy else 0.6 if operand else 0.25
            yield replacement(function, "not insertion", slot, negated(function, node), weight)
        if not kinds.may_be(kind, kinds.NUMBER) or slot.field == "func" or truthy:
            continue
        if isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute):
            minus = Piece(f"-{function.text(node, Level.FACTOR)}", Level.FACTOR)
            strong = isinstance(node, ast.Constant) or isinstance(slot.parent, ast.Return | ast.Slice)
            yield replacement(function, "minus insertion", slot, minus, 1.0 if strong else 0.4)


def _chain(function: Anatomy, word: str, parts: list[ast.expr | Piece]) -> Piece:
    own = Level.AND if word == "and" else Level.OR
    pieces = [part if isinstance(part, Piece) else function.piece(part) for part in parts]
    texts = [piece.text if piece.level >= own else f"({piece.text})" for piece in pieces]
    return Piece(f" {word} ".join(texts), own)


def _field(parent: ast.AST, node: ast.expr) -> str:
    for name, value in ast.iter_fields(parent):
        if value is node or (isinstance(value, list) and node in value):
            return name
    return ""


def _edit(kind: str, node: ast.AST, splices: tuple[Splice, ...], weight: float, words: tuple[str, str]) -> Edit:
    line: int = getattr(node, "end_lineno", 1)
    return Edit(kind, line, splices, PRIORS[kind] * weight, f"{shortened(words[0])} becomes {shortened(words[1])}")
