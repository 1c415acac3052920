"""Probes put into a function's syntax tree: fuel, covered lines, observed types, recorded calls.

Probes are calls of names that the module's namespace holds (dunder on both sides, so they are not mangled in classes).
They need no tracer, work on every Python, and cost nothing where they are not put in.

Fuel replaces the wall clock for endless loops: a tick in every loop body, comprehension and function entry, and an
exception that ordinary `except Exception` does not catch. The result does not depend on the machine's load.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Union

TICK = "__secant_tick__"
LINE = "__secant_line__"
LOOK = "__secant_look__"
ENTER = "__secant_enter__"

_FunctionNode = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_LoopNode = Union[ast.For, ast.AsyncFor, ast.While]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OBSERVATIONS_PER_LINE = 40


class OutOfFuel(BaseException):
    """The candidate used more ticks than it was given."""


class Probes:
    """The counters behind the probe names; one for a process, its `names` bound in the target's module."""

    def __init__(self) -> None:
        self.ticks = 0
        self.limit: float = float("inf")
        self.hits = 0
        self.on_first_hit: Callable[[], object] | None = None
        self.lines: dict[int, int] = {}
        self.types: dict[str, set[str]] = {}
        self.attributes: dict[str, set[str]] = {}

    @property
    def names(self) -> dict[str, Callable[..., bool]]:
        return {TICK: self.tick, LINE: self.line, LOOK: self.look, ENTER: self.enter}

    def refuel(self, limit: float) -> None:
        self.ticks = 0
        self.limit = limit

    def tick(self) -> bool:
        self.ticks += 1
        if self.ticks > self.limit:
            raise OutOfFuel("more than %d loop steps" % self.limit)
        return True

    def enter(self) -> bool:
        """Count the call; false, so that an expression may go on behind it."""
        self.hits += 1
        if self.hits == 1 and self.on_first_hit is not None:
            self.on_first_hit()
        return False

    def line(self, number: int) -> bool:
        """Count the line; True while its variables are worth a look."""
        seen = self.lines.get(number, 0) + 1
        self.lines[number] = seen
        return seen <= _OBSERVATIONS_PER_LINE

    def look(self, variables: Mapping[str, object]) -> bool:
        """Note the types of the local variables; True, so that it may stand in a condition."""
        for name, value in variables.items():
            if name.startswith("."):
                continue
            self.types.setdefault(name, set()).add(type(value).__name__)
            if name == "self" and hasattr(value, "__dict__"):
                for attribute, held in list(vars(value).items()):
                    self.attributes.setdefault(attribute, set()).add(type(held).__name__)
        return True


def fuelled(node: _FunctionNode) -> _FunctionNode:
    """The function with a tick at every place that an endless run must pass."""
    return ast.fix_missing_locations(_Ticks().visit(node))


def observed(node: _FunctionNode) -> _FunctionNode:
    """The function with a probe before every statement, at its entry, and ticks; lines count from the text's first."""
    node = _Comprehensions().visit(_Ticks().visit(node))
    _Lines().visit(node)
    return ast.fix_missing_locations(_Entries().visit(node))


def fuelled_in_module(tree: ast.Module, first_line: int, name: str) -> bool:
    """Put ticks and entry probes into the function of a whole module; True where it was found.

    `first_line` is that of the `def` or of its first decorator.
    """
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS) and node.name == name:
            start = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if start == first_line:
                _Ticks().visit(node)
                ast.fix_missing_locations(_Entries().visit(node))
                return True
    return False


class _Ticks(ast.NodeTransformer):
    def visit_FunctionDef(self, node: _FunctionNode) -> ast.AST:
        self.generic_visit(node)
        _insert(node, [_statement(TICK, node)])
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - `ast` names its visitors so

    def visit_For(self, node: _LoopNode) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, _statement(TICK, node))
        return node

    visit_AsyncFor = visit_For  # noqa: N815 - `ast` names its visitors so
    visit_While = visit_For  # noqa: N815 - `ast` names its visitors so

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.ifs.insert(0, _call(TICK))
        return node


class _Entries(ast.NodeTransformer):
    """Notes that the function runs, or one that it made: a closure outlives the call that made it."""

    def visit_FunctionDef(self, node: _FunctionNode) -> ast.AST:
        self.generic_visit(node)
        _insert(node, [_statement(ENTER, node)])
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - `ast` names its visitors so

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        node.body = ast.copy_location(ast.BoolOp(op=ast.Or(), values=[_call(ENTER), node.body]), node.body)
        return node


class _Comprehensions(ast.NodeTransformer):
    """Looks at the variables of comprehensions, which before Python 3.12 live in frames of their own.

    `not __secant_line__(-7) or __secant_look__(locals())` is always true; negative numbers keep them from the lines.
    """

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        seen = ast.UnaryOp(op=ast.Not(), operand=_call(LINE, ast.Constant(value=-node.target.lineno)))
        node.ifs.insert(0, ast.BoolOp(op=ast.Or(), values=[seen, _call(LOOK, _call("locals"))]))
        return node


class _Lines(ast.NodeTransformer):
    """Puts a line probe before every statement, in every body."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("body", "orelse", "finalbody"):
            body: list[ast.stmt] = getattr(node, field, [])
            if body:
                setattr(node, field, self._probed(body))
        for field in ("handlers", "cases"):
            for child in getattr(node, field, []):
                self.generic_visit(child)
        return node

    def visit(self, node: ast.AST) -> ast.AST:
        return self.generic_visit(node)

    def _probed(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in body:
            if not (_is_probe(statement) or _is_docstring(statement) or _is_declaration(statement)):
                result.append(_line_probe(statement))
            if not isinstance(statement, ast.ClassDef):
                self.generic_visit(statement)
            result.append(statement)
        return result


def _insert(function: _FunctionNode, statements: Sequence[ast.stmt]) -> None:
    """Insert at the start of a function's body, behind docstring and global/nonlocal declarations."""
    position = 0
    for statement in function.body:
        if not (_is_docstring(statement) or _is_declaration(statement)):
            break
        position += 1
    function.body[position:position] = statements


def _statement(name: str, where: ast.AST, *arguments: ast.expr) -> ast.stmt:
    return ast.copy_location(ast.Expr(value=_call(name, *arguments)), where)


def _line_probe(statement: ast.stmt) -> ast.stmt:
    """`__secant_line__(7) and __secant_look__(locals())`: the variables are gathered only where they are wanted."""
    seen = _call(LINE, ast.Constant(value=statement.lineno))
    look = _call(LOOK, _call("locals"))
    return ast.copy_location(ast.Expr(value=ast.BoolOp(op=ast.And(), values=[seen, look])), statement)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=list(arguments), keywords=[])


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_declaration(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Global, ast.Nonlocal))


def _is_probe(statement: ast.stmt) -> bool:
    """A tick is there before the lines are put in."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == TICK
