"""Patterns of Python in Python: a snippet in which `_name` stands for any expression and `__name` for any statements.

Both sides are compared in normal form (see `normal`); `==`, `!=`, `+` and `*` match in either order. A name that occurs
twice must match the same code twice. A filled template is printed by `ast.unparse`.
"""

from __future__ import annotations

import ast
import copy
from functools import lru_cache
from typing import Any, cast

from secant.rewriting.performance.normal import normal_block, same

Match = dict[str, Any]
"""What the holes of a pattern stand for: expressions, and lists of statements for `__name`."""

_IGNORED = ("ctx", "type_comment", "kind", "type_ignores")
_SYMMETRIC = (ast.Eq, ast.NotEq)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> tuple[ast.stmt, ...]:
    return tuple(normal_block(pattern))


def match_block(pattern: str, statements: list[ast.stmt], bound: Match | None = None) -> Match | None:
    """The holes' values if the whole block matches, else None."""
    found = dict(bound or {})
    return found if _block(list(_compiled(pattern)), statements, found) else None


def match_statement(pattern: str, statement: ast.stmt, bound: Match | None = None) -> Match | None:
    """`match_block` for one statement."""
    return match_block(pattern, [statement], bound)


def match_expression(pattern: str, node: ast.AST | None, bound: Match | None = None) -> Match | None:
    """The holes' values if the expression matches, else None."""
    wanted = _compiled(pattern)[0]
    found = dict(bound or {})
    if node is None or not isinstance(wanted, ast.Expr):
        return None
    return found if _node(wanted.value, node, found) else None


def fill(template: str, match: Match) -> str:
    """The template's text with every hole filled, printed with an indentation of four."""
    module = ast.parse(template)
    filled = cast(ast.Module, _Filler(match).visit(module))
    return ast.unparse(ast.fix_missing_locations(filled))


class _Filler(ast.NodeTransformer):
    def __init__(self, match: Match) -> None:
        self.match = match

    def visit_Name(self, node: ast.Name) -> ast.AST:
        value = self.match.get(node.id)
        if isinstance(value, ast.expr):
            value = copy.deepcopy(value)
            if hasattr(value, "ctx"):
                value.ctx = node.ctx  # type: ignore[attr-defined]
            return value
        return ast.Name(value, node.ctx) if isinstance(value, str) else node

    def visit_Expr(self, node: ast.Expr) -> Any:
        if isinstance(node.value, ast.Name) and node.value.id.startswith("__"):
            return [copy.deepcopy(statement) for statement in self.match[node.value.id]]
        self.generic_visit(node)
        return node


def _is_hole(name: str) -> bool:
    return len(name) > 1 and name.startswith("_") and not name.startswith("__")


def _block(wanted: list[ast.stmt], found: list[ast.stmt], match: Match) -> bool:
    if not wanted:
        return not found
    first = wanted[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Name) and first.value.id.startswith("__"):
        return _statements(first.value.id, wanted[1:], found, match)
    return bool(found) and _node(first, found[0], match) and _block(wanted[1:], found[1:], match)


def _statements(hole: str, rest: list[ast.stmt], found: list[ast.stmt], match: Match) -> bool:
    """A `__hole` takes as few statements as let the rest match."""
    for length in range(len(found) + 1):
        attempt = dict(match)
        if _block(rest, found[length:], attempt):
            attempt[hole] = found[:length]
            match.update(attempt)
            return True
    return False


def _node(wanted: Any, found: Any, match: Match) -> bool:  # noqa: PLR0911 # because each kind of pattern has its own
    if isinstance(wanted, ast.Name) and _is_hole(wanted.id):
        if not isinstance(found, ast.expr):
            return False
        if wanted.id in match:
            return same(match[wanted.id], found)
        match[wanted.id] = found
        return True
    if isinstance(wanted, list):
        return _list(cast(list[Any], wanted), found, match)
    if not isinstance(wanted, ast.AST):
        return wanted == found and type(wanted) is type(found)
    if type(wanted) is not type(found):
        return False
    return _either_order(wanted, found, match)


def _list(wanted: list[Any], found: Any, match: Match) -> bool:
    if not isinstance(found, list):
        return False
    items = cast(list[Any], found)
    if wanted and isinstance(wanted[0], ast.stmt):
        return _block(wanted, items, match)
    return len(wanted) == len(items) and all(_node(a, b, match) for a, b in zip(wanted, items, strict=True))


def _either_order(wanted: ast.AST, found: Any, match: Match) -> bool:
    attempt = dict(match)
    if _fields(wanted, found, attempt):
        match.update(attempt)
        return True
    swapped = _swapped(found)
    return not (swapped is None or not _fields(wanted, swapped, match))


def _swapped(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], _SYMMETRIC):
        return ast.Compare(node.comparators[0], node.ops, [node.left])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
        return ast.BinOp(node.right, node.op, node.left)
    return None


def _fields(wanted: ast.AST, found: ast.AST, match: Match) -> bool:
    for field in wanted._fields:
        if field not in _IGNORED and not _node(getattr(wanted, field, None), getattr(found, field, None), match):
            return False
    return True
