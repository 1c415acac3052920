"""One spelling for what is said in many ways, so that a rule is written once.

A normal form is for recognising only: its nodes keep the positions of the text they came from, and no rewrite prints
it where the text can be kept. `range(0, n)` reads `range(n)`, `x = x + e` reads `x += e`, `a > b` reads `b < a`, and a
`while` that counts reads as the `for` it is.
"""

from __future__ import annotations

import ast
import copy
from typing import cast

from secant.rewriting.source import FunctionNode

_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def normal_function(node: FunctionNode) -> FunctionNode:
    """The normal form of a function; the original is not touched."""
    return cast(FunctionNode, _Normalizer().visit(copy.deepcopy(node)))


def normal_block(text: str) -> list[ast.stmt]:
    """The normal form of a pattern's statements."""
    module = cast(ast.Module, _Normalizer().visit(ast.parse(text)))
    return module.body


class _Normalizer(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                _count_up(cast(list[ast.stmt], block))
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) == 1 and type(node.ops[0]) in _FLIPPED:
            node.left, node.comparators = node.comparators[0], [node.left]
            node.ops = [_FLIPPED[type(node.ops[0])]()]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            opposite = _OPPOSITE.get(type(inner.ops[0]))
            if opposite is not None:
                inner.ops = [opposite()]
                return ast.copy_location(inner, node)
        if isinstance(node.op, ast.USub) and isinstance(inner, ast.Constant) and isinstance(inner.value, int | float):
            return ast.copy_location(ast.Constant(-inner.value), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "range" and not node.keywords:
            if len(node.args) == 3 and _is_int(node.args[2], 1):
                node.args = node.args[:2]
            if len(node.args) == 2 and _is_int(node.args[0], 0):
                node.args = node.args[1:]
        return node

    def visit_Slice(self, node: ast.Slice) -> ast.AST:
        self.generic_visit(node)
        if node.step is None and node.lower is not None and _is_int(node.lower, 0):
            node.lower = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None or not isinstance(node.target, ast.Name):
            return node
        return self.visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        value = node.value
        if len(node.targets) != 1 or not isinstance(value, ast.BinOp):
            return node
        target = node.targets[0]
        if isinstance(target, ast.Name | ast.Subscript | ast.Attribute) and same(target, value.left):
            return ast.copy_location(ast.AugAssign(target, value.op, value.right), node)
        return node


def same(first: ast.AST | None, second: ast.AST | None) -> bool:
    """Whether two trees say the same, load or store alike."""
    if first is None or second is None:
        return first is second
    return _signature(first) == _signature(second)


def _signature(node: ast.AST) -> str:
    return ast.dump(node).replace("Store()", "Load()")


def _is_int(node: ast.AST, value: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


def _count_up(block: list[ast.stmt]) -> None:
    """Reads `i = 0` with `while i < n: ...; i += 1` as `for i in range(0, n)`."""
    for statement in list(block):
        if isinstance(statement, ast.While) and not statement.orelse:
            place = block.index(statement)
            start = _start(block, place, statement)
            loop = _as_for(statement, start.value if start is not None else None)
            if loop is not None and start is not None:
                block[place] = loop
                _drop_start(block, start, loop)


def _drop_start(block: list[ast.stmt], start: ast.Assign, loop: ast.For) -> None:
    """Leaves out the counter's first value, which the range tells, unless a statement in between reads it."""
    between = block[block.index(start) + 1 : block.index(loop)]
    if not any(same(node, start.targets[0]) for statement in between for node in ast.walk(statement)):
        block.remove(start)


def _start(block: list[ast.stmt], place: int, loop: ast.While) -> ast.Assign | None:
    """The simple assignment right before the loop that sets its counter."""
    if not (isinstance(loop.test, ast.Compare) and isinstance(loop.test.left, ast.Name)):
        return None
    for statement in reversed(block[:place]):
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return None
        if same(statement.targets[0], loop.test.left):
            return statement
        if any(isinstance(node, ast.Call | ast.NamedExpr) for node in ast.walk(statement.value)) and not isinstance(
            statement.targets[0], ast.Name
        ):
            return None
    return None


def _as_for(loop: ast.While, start: ast.expr | None) -> ast.For | None:
    test = loop.test
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.left, ast.Name)):
        return None
    if not isinstance(test.ops[0], ast.Lt | ast.LtE) or len(loop.body) < 2 or start is None:
        return None
    counter = test.left
    step = loop.body[-1]
    counted = (
        isinstance(step, ast.AugAssign)
        and same(step.target, counter)
        and isinstance(step.op, ast.Add)
        and _is_int(step.value, 1)
    )
    body = loop.body[:-1]
    stop = test.comparators[0]
    if not counted or _binds(body, counter.id) or _has_continue(body) or not _settled(stop, body):
        return None
    if isinstance(test.ops[0], ast.LtE):
        stop = ast.BinOp(stop, ast.Add(), ast.Constant(1))
    arguments = [stop] if _is_int(start, 0) else [copy.deepcopy(start), stop]
    iterator = ast.Call(ast.Name("range", ast.Load()), arguments, [])
    target = ast.copy_location(ast.Name(counter.id, ast.Store()), counter)
    result = ast.copy_location(ast.For(target, iterator, body, []), loop)
    result.was_while = True  # type: ignore[attr-defined]
    result.while_test = test  # type: ignore[attr-defined]
    return ast.fix_missing_locations(result)


def _binds(body: list[ast.stmt], name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for statement in body
        for node in ast.walk(statement)
    )


def _has_continue(body: list[ast.stmt]) -> bool:
    """Whether a `continue` belongs to this body's own loop, and not to one inside it."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Continue):
            return True
        if not isinstance(node, ast.For | ast.While | ast.FunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))
    return False


def _settled(stop: ast.expr, body: list[ast.stmt]) -> bool:
    """Whether the bound keeps its value while the body runs: it binds none of the names and keeps the lengths."""
    names = {node.id for node in ast.walk(stop) if isinstance(node, ast.Name)}
    if any(_binds(body, name) for name in names):
        return False
    resizing = ("append", "extend", "insert", "pop", "remove", "clear", "add", "update")
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and node.attr in resizing:
                root = node.value
                if isinstance(root, ast.Name) and root.id in names:
                    return False
            if isinstance(node, ast.Delete):
                return False
    return all(not isinstance(node, ast.Attribute) for node in ast.walk(stop))
