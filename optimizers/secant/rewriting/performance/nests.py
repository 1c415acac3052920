"""Nests of loops over ranges and arrays around one statement: read from the source, and checked for side effects."""

from __future__ import annotations

import ast
import copy
from typing import NamedTuple

from secant.rewriting.performance.matching import match_block
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.subject import Subject, names_in, range_bounds
from secant.rewriting.purity import origin, root_name

_MAKERS = (
    "numpy.zeros",
    "numpy.ones",
    "numpy.empty",
    "numpy.zeros_like",
    "numpy.empty_like",
    "numpy.full",
    "numpy.array",
    "numpy.arange",
    "numpy.ones_like",
)


class Axis(NamedTuple):
    """One loop: its variable and the bounds of its range."""

    name: str
    low: ast.expr
    high: ast.expr


class Nest(NamedTuple):
    """A nest of loops around one statement."""

    first: ast.For
    axes: list[Axis]
    values: dict[str, tuple[str, str]]
    """Loop variables that hold elements: name to (array's text, axis)."""
    target: ast.expr
    value: ast.expr
    condition: ast.expr | None
    otherwise: ast.expr | None
    adds: bool


def is_array(subject: Subject, node: ast.expr) -> bool:
    """Whether the expression is known to be a numpy array."""
    if not isinstance(node, ast.Name):
        return False
    if subject.is_type(node, "ndarray"):
        return True
    values = subject.assigned_values(node.id)
    return bool(values) and all(
        isinstance(value, ast.Call) and origin(value.func, subject.facts.imports) in _MAKERS for value in values or []
    )


def is_outermost(subject: Subject, node: ast.For) -> bool:
    parent = subject.parent(node)
    return not (isinstance(parent, ast.For) and len(parent.body) == 1 and _axis(subject, parent) is not None)


def _axis(subject: Subject, loop: ast.For) -> tuple[Axis, dict[str, tuple[str, str]]] | None:
    """The loop's axis, and the names that hold elements if it runs over arrays themselves."""
    bounds = range_bounds(loop.iter)
    if bounds is not None and isinstance(loop.target, ast.Name) and not loop.orelse:
        return Axis(loop.target.id, *bounds), {}
    sources, targets = [loop.iter], [loop.target]
    name = f"__{loop.lineno}"
    if isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name) and isinstance(loop.target, ast.Tuple):
        if loop.iter.func.id == "enumerate" and isinstance(loop.target.elts[0], ast.Name):
            sources, targets, name = list(loop.iter.args), loop.target.elts[1:], loop.target.elts[0].id
        elif loop.iter.func.id == "zip":
            sources, targets = list(loop.iter.args), loop.target.elts
    if loop.orelse or len(sources) != len(targets) or not all(isinstance(target, ast.Name) for target in targets):
        return None
    if not sources or not all(is_array(subject, source) for source in sources):
        return None
    length = ast.parse(f"len({ast.unparse(sources[0])})", mode="eval").body
    values = {ast.unparse(target): (ast.unparse(source), name) for target, source in zip(targets, sources, strict=True)}
    return Axis(name, ast.Constant(0), length), values


def nest_at(subject: Subject, first: ast.For) -> Nest | None:
    axes: list[Axis] = []
    values: dict[str, tuple[str, str]] = {}
    loop: ast.stmt = first
    while isinstance(loop, ast.For):
        found = _axis(subject, loop)
        if found is None:
            return None
        axes.append(found[0])
        values.update(found[1])
        if len(loop.body) == 3:
            return _with_accumulator(subject, first, axes, values, loop.body)
        if len(loop.body) != 1:
            return None
        loop = loop.body[0]
    return _innermost(first, axes, values, loop)


def _innermost(
    first: ast.For, axes: list[Axis], values: dict[str, tuple[str, str]], statement: ast.stmt
) -> Nest | None:
    condition = otherwise = None
    if isinstance(statement, ast.If) and len(statement.body) == 1 and len(statement.orelse) <= 1:
        condition, inner = statement.test, statement.body[0]
        if statement.orelse:
            other = statement.orelse[0]
            if not (
                isinstance(other, ast.Assign)
                and isinstance(inner, ast.Assign)
                and same(other.targets[0], inner.targets[0])
            ):
                return None
            otherwise = other.value
        statement = inner
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return Nest(first, axes, values, statement.targets[0], statement.value, condition, otherwise, False)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub):
        value = statement.value if isinstance(statement.op, ast.Add) else ast.UnaryOp(ast.USub(), statement.value)
        return Nest(first, axes, values, statement.target, value, condition, None, True)
    return None


def _with_accumulator(
    subject: Subject, first: ast.For, axes: list[Axis], values: dict[str, tuple[str, str]], body: list[ast.stmt]
) -> Nest | None:
    """`s = 0; for k ...: s += e; out[i, j] = f(s)`: a sum over the inner axis, stored."""
    for zero in ("0", "0.0"):
        found = match_block(f"_s = {zero}\n__loop\n_target = _value", body)
        if found is None or len(found["__loop"]) != 1 or not isinstance(found["_s"], ast.Name):
            continue
        inner = found["__loop"][0]
        axis = _axis(subject, inner) if isinstance(inner, ast.For) and len(inner.body) == 1 else None
        summed = _innermost(first, axes, values, inner.body[0]) if axis is not None else None
        if (
            axis is None
            or summed is None
            or not summed.adds
            or not same(summed.target, found["_s"])
            or summed.condition
        ):
            continue
        if subject.is_loaded_outside(found["_s"].id, [first]):
            return None
        total = ast.Call(ast.Name("__sum__", ast.Load()), [ast.Constant(axis[0].name), summed.value], [])
        value = _Replacer(found["_s"].id, total).visit(copy.deepcopy(found["_value"]))
        return Nest(first, [*axes, axis[0]], {**values, **axis[1]}, found["_target"], value, None, None, False)
    return None


class _Replacer(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.value if node.id == self.name else node


def is_simple(subject: Subject, nest: Nest) -> bool:
    """Whether the loop variables die with the nest, the target is not read, and the ranges stay as they are."""
    bound = {axis.name for axis in nest.axes} | set(nest.values)
    if any(subject.is_loaded_outside(name, [nest.first]) for name in bound):
        return False
    read = [nest.value, *(part for part in (nest.condition, nest.otherwise) if part is not None)]
    target = root_name(nest.target)
    if any(target in names_in(part) for part in read) and not _reads_own_place(nest, read, target):
        return False
    return not any(
        names_in(bound_) & (bound | {target or ""}) - {target or ""}
        for axis in nest.axes
        for bound_ in (axis.low, axis.high)
    )


def _reads_own_place(nest: Nest, read: list[ast.expr], target: str | None) -> bool:
    """Whether the target is read only at the very place that is stored to."""
    for part in read:
        for node in ast.walk(part):
            if isinstance(node, ast.Name) and node.id == target:
                owners = [o for o in ast.walk(part) if isinstance(o, ast.Subscript) and node in list(ast.walk(o.value))]
                if not any(same(owner, nest.target) for owner in owners):
                    return False
    return isinstance(nest.target, ast.Subscript)
