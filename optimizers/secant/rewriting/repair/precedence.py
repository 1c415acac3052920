"""How tightly Python's expressions bind, so that a spliced text means what its tree meant.

Levels are those of the language reference ("Operator precedence"). This module reads syntax trees and makes nothing.
"""

from __future__ import annotations

import ast
from enum import IntEnum


class Level(IntEnum):
    """Binding strength, loosest first: an expression fits a slot that needs at most its own level."""

    TUPLE = 0  # also yield and the walrus: always parenthesised when moved
    TEST = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARE = 5
    BIT_OR = 6
    BIT_XOR = 7
    BIT_AND = 8
    SHIFT = 9
    SUM = 10
    TERM = 11
    FACTOR = 12
    POWER = 13
    AWAIT = 14
    ATOM = 15


BINARY: dict[type[ast.operator], Level] = {
    ast.Add: Level.SUM,
    ast.Sub: Level.SUM,
    ast.Mult: Level.TERM,
    ast.MatMult: Level.TERM,
    ast.Div: Level.TERM,
    ast.FloorDiv: Level.TERM,
    ast.Mod: Level.TERM,
    ast.Pow: Level.POWER,
    ast.LShift: Level.SHIFT,
    ast.RShift: Level.SHIFT,
    ast.BitAnd: Level.BIT_AND,
    ast.BitXor: Level.BIT_XOR,
    ast.BitOr: Level.BIT_OR,
}
_SIMPLE: dict[type[ast.expr], Level] = {
    ast.Tuple: Level.TUPLE,
    ast.NamedExpr: Level.TUPLE,
    ast.Yield: Level.TUPLE,
    ast.YieldFrom: Level.TUPLE,
    ast.Starred: Level.TUPLE,
    ast.IfExp: Level.TEST,
    ast.Lambda: Level.TEST,
    ast.Compare: Level.COMPARE,
    ast.Await: Level.AWAIT,
}


def level(node: ast.expr) -> Level:
    """How tightly `node` binds as it is written, its own parentheses not counted (a tuple is taken as bare)."""
    match node:
        case ast.BinOp(op=op):
            return BINARY[type(op)]
        case ast.BoolOp(op=ast.And()):
            return Level.AND
        case ast.BoolOp():
            return Level.OR
        case ast.UnaryOp(op=ast.Not()):
            return Level.NOT
        case ast.UnaryOp():
            return Level.FACTOR
        case _:
            return _SIMPLE.get(type(node), Level.ATOM)


def sides(operator: type[ast.operator]) -> tuple[Level, Level]:
    """What the left and the right operand of a binary operator need."""
    own = BINARY[operator]
    if operator is ast.Pow:
        return Level.AWAIT, Level.FACTOR
    return own, Level(own + 1)


def need(parent: ast.AST, field: str) -> Level:
    """What an expression must have, at least, to stand in `field` of `parent` without parentheses."""
    result = Level.TEST
    match parent:
        case ast.BinOp(op=op):
            result = sides(type(op))[0 if field == "left" else 1]
        case ast.BoolOp() | ast.UnaryOp():
            result = _operand(parent)
        case ast.Compare() | ast.Starred():
            result = Level.BIT_OR
        case ast.Dict() if field == "unpacked":
            result = Level.BIT_OR
        case ast.Attribute() | ast.Call(func=_) | ast.Subscript() if field in {"value", "func"}:
            result = Level.ATOM
        case ast.Await():
            result = Level.ATOM
        case ast.IfExp() if field in {"test", "body"}:
            result = Level.OR
        case ast.comprehension():
            result = Level.OR
        case _:
            pass
    return result


def _operand(parent: ast.BoolOp | ast.UnaryOp) -> Level:
    if isinstance(parent, ast.BoolOp):
        return Level.NOT if isinstance(parent.op, ast.And) else Level.AND
    return Level.NOT if isinstance(parent.op, ast.Not) else Level.FACTOR
