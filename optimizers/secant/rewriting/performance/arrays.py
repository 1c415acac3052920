"""Loops over the scalars of numpy arrays: the whole nest as one array expression.

A nest of `for` loops over ranges whose innermost statement stores to, adds to, or sums one expression becomes slices
that are broadcast against each other; a sum of products over one index becomes `@`. It applies only where every
subscripted name is known to be an array, and where the stored array is not read. Sums of floats may differ in the last
digits, since arrays are summed pairwise; the caller's tolerance decides.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.matching import match_block
from secant.rewriting.performance.normal import same
from secant.rewriting.performance.subject import Subject, is_int, names_in, range_bounds
from secant.rewriting.purity import origin, root_name

_FUNCTIONS = {
    "sqrt": "sqrt", "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "abs": "abs",
    "fabs": "abs", "floor": "floor", "ceil": "ceil", "maximum": "maximum", "minimum": "minimum", "log2": "log2",
    "log10": "log10", "arctan": "arctan", "atan": "arctan", "hypot": "hypot", "square": "square", "power": "power",
}  # fmt: skip
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


class _UnknownError(Exception):
    """Part of an expression that has no array form."""


def vectorized(subject: Subject) -> Iterator[Rewrite | None]:
    """`for i in range(n): out[i] = a[i] * b[i]` -> `out[:n] = a[:n] * b[:n]`.

    Also sums, masks, dot and matrix products, counts by index (`counts[a[i]] += 1` -> `add.at`) and
    convolutions (`out[i + j] += a[i] * b[j]`).
    """
    for node in subject.nodes:
        if isinstance(node, ast.For) and _is_outermost(subject, node):
            nest = _nest(subject, node)
            if nest is not None and _is_simple(subject, nest):
                yield _written(subject, nest)


def _is_outermost(subject: Subject, node: ast.For) -> bool:
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


def _nest(subject: Subject, first: ast.For) -> Nest | None:
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


def _is_simple(subject: Subject, nest: Nest) -> bool:
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


class _Writer:
    """Prints expressions of scalars as expressions of arrays whose axes are the loops, in their order."""

    def __init__(self, subject: Subject, draft: Draft, nest: Nest) -> None:
        self.subject, self.draft, self.nest = subject, draft, nest
        self.axes = {axis.name: axis for axis in nest.axes}
        self.reads_array = bool(nest.values) or isinstance(nest.target, ast.Subscript)

    def text(self, node: ast.expr, layout: list[str]) -> str:  # noqa: PLR0911 # because each kind of node has its own
        """The expression with the axes of `layout`; raises _UnknownError where it has no array form."""
        if isinstance(node, ast.Constant):
            return ast.unparse(node)
        if isinstance(node, ast.Name):
            return self._name(node, layout)
        if isinstance(node, ast.Subscript):
            return self._element(node, layout)
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
            joined = ast.unparse(ast.BinOp(ast.Name("L"), node.op, ast.Name("R")))[1:-1].strip()
            return f"({self.text(node.left, layout)} {joined} {self.text(node.right, layout)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"(-{self.text(node.operand, layout)})"
        if isinstance(node, ast.IfExp):
            parts = [self.text(part, layout) for part in (node.test, node.body, node.orelse)]
            return f"{self.draft.imported('numpy.where')}({', '.join(parts)})"
        return self._logic(node, layout)

    def _logic(self, node: ast.expr, layout: list[str]) -> str:
        if (
            isinstance(node, ast.Compare)
            and len(node.ops) == 1
            and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Eq | ast.NotEq)
        ):
            sign = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}[type(node.ops[0])]  # type: ignore[index]
            return f"({self.text(node.left, layout)} {sign} {self.text(node.comparators[0], layout)})"
        if isinstance(node, ast.BoolOp):
            sign = " & " if isinstance(node.op, ast.And) else " | "
            if not all(isinstance(part, ast.Compare) for part in node.values):
                raise _UnknownError
            return "(" + sign.join(self.text(part, layout) for part in node.values) + ")"
        if isinstance(node, ast.Call):
            return self._call(node, layout)
        raise _UnknownError

    def _call(self, node: ast.Call, layout: list[str]) -> str:
        path = origin(node.func, self.subject.facts.imports) or ast.unparse(node.func)
        if path == "__sum__" and isinstance(node.args[0], ast.Constant):
            return self.reduced(node.args[1], layout, [str(node.args[0].value)])
        module, _, name = path.rpartition(".")
        if node.keywords or module not in ("", "math", "numpy"):
            raise _UnknownError
        if name in ("max", "min") and not module and len(node.args) == 2:
            name = f"{name}imum"
        elif name not in _FUNCTIONS or (not module and name != "abs"):
            raise _UnknownError
        function = self.draft.imported(f"numpy.{_FUNCTIONS[name]}")
        return f"{function}({', '.join(self.text(argument, layout) for argument in node.args)})"

    def _name(self, node: ast.Name, layout: list[str]) -> str:
        if node.id in self.nest.values:
            array, axis = self.nest.values[node.id]
            return self._placed(array, [(axis, ":")], layout)
        if node.id in self.axes:
            low, high = self.bounds(node.id)
            counter = self.draft.imported("numpy.arange")
            inside = f"{counter}({low}, {high})" if low else f"{counter}({high})"
            return self._placed(inside, [(node.id, ":")], layout)
        if not self.subject.is_type(node, "int", "float", "bool", "float64", "int64", "float32"):
            raise _UnknownError
        return node.id

    def bounds(self, axis: str) -> tuple[str, str]:
        low, high = self.axes[axis].low, self.axes[axis].high
        return ("" if is_int(low, 0) else ast.unparse(low)), ast.unparse(high)

    def _element(self, node: ast.Subscript, layout: list[str]) -> str:
        base, indices = _flattened(node)
        if not is_array(self.subject, base):
            raise _UnknownError
        self.reads_array = True
        cuts: list[tuple[str, str]] = []
        for place, index in enumerate(indices):
            axis, cut = self._cut(index)
            cuts.append((axis, ":" if self._is_whole(cut, ast.unparse(base), place) else cut))
        if len({axis for axis, _ in cuts if axis}) != len([axis for axis, _ in cuts if axis]):
            raise _UnknownError
        return self._placed(ast.unparse(base), cuts, layout)

    def _is_whole(self, cut: str, base: str, place: int) -> bool:
        """Whether the slice is written as the whole length of that dimension."""
        return cut == f":{base}.shape[{place}]" or (place == 0 and cut == f":len({base})")

    def _cut(self, index: ast.expr) -> tuple[str, str]:
        """The axis that an index runs along and the slice that it covers; a fixed index has no axis."""
        if isinstance(index, ast.Name) and index.id in self.axes:
            low, high = self.bounds(index.id)
            return index.id, f"{low}:{high}"
        if isinstance(index, ast.BinOp) and isinstance(index.left, ast.Name) and isinstance(index.right, ast.Constant):
            low = self.axes[index.left.id].low if index.left.id in self.axes else None
            if isinstance(low, ast.Constant) and isinstance(low.value, int) and isinstance(index.right.value, int):
                shift = index.right.value if isinstance(index.op, ast.Add) else -index.right.value
                if isinstance(index.op, ast.Add | ast.Sub) and low.value + shift >= 0:
                    high = ast.unparse(self.axes[index.left.id].high)
                    return index.left.id, f"{low.value + shift}:({high}) {'+' if shift >= 0 else '-'} {abs(shift)}"
        if names_in(index) & (set(self.axes) | set(self.nest.values)):
            raise _UnknownError
        return "", ast.unparse(index)

    def _placed(self, base: str, cuts: list[tuple[str, str]], layout: list[str]) -> str:
        """The slice with its axes in the layout's order and new ones where it has none."""
        own = [axis for axis, _ in cuts if axis]
        if any(axis not in layout for axis in own):
            raise _UnknownError
        order = [axis for axis in layout if axis in own]
        if own != order:
            plain = f"{base}[{', '.join(cut for _, cut in cuts)}].T"
            if len(own) != 2:
                raise _UnknownError
            return self._placed(plain, [(axis, ":") for axis in order], layout)
        parts: list[str] = []
        pending = list(layout)
        for axis, cut in cuts:
            if axis:
                while pending[0] != axis:
                    if own.index(axis) or parts:
                        parts.append("None")
                    pending.pop(0)
                pending.pop(0)
            parts.append(cut)
        parts += ["None"] * len(pending) if own else []
        return base if all(part == ":" for part in parts) else f"{base}[{', '.join(parts)}]"

    def reduced(self, node: ast.expr, spatial: list[str], summed: list[str]) -> str:
        """The sum of an expression over some axes."""
        product = self._product(node, spatial, summed)
        if product is not None:
            return product
        layout = [*spatial, *summed]
        touched = names_in(node)
        if not all(
            axis in touched or axis in {a for _, a in (self.nest.values.get(n, ("", "")) for n in touched)}
            for axis in layout
        ):
            raise _UnknownError
        axes = tuple(range(len(spatial), len(layout)))
        return f"{self.text(node, layout)}.sum(axis={axes[0] if len(axes) == 1 else axes})"

    def _product(self, node: ast.expr, spatial: list[str], summed: list[str]) -> str | None:
        """`left @ right` for a sum of products over one axis."""
        if len(summed) != 1 or not spatial or not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            return None
        if not isinstance(node.left, ast.Subscript) or not isinstance(node.right, ast.Subscript):
            return None
        for left, right in ((node.left, node.right), (node.right, node.left)):
            one = [
                axis
                for axis in spatial
                if axis in names_in(left.slice) | names_in(_flattened(left)[0]) or _uses(left, axis)
            ]
            two = [axis for axis in spatial if _uses(right, axis)]
            if one + two == spatial and one and _uses(left, summed[0]) and _uses(right, summed[0]):
                return f"({self.text(left, [*one, *summed])} @ {self.text(right, [*summed, *two])})"
        return None


def _uses(node: ast.Subscript, axis: str) -> bool:
    return any(axis in names_in(index) for index in _flattened(node)[1])


def _flattened(node: ast.Subscript) -> tuple[ast.expr, list[ast.expr]]:
    """`a` and `[i, j]` for both `a[i, j]` and `a[i][j]`."""
    indices: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.Subscript):
        here = list(current.slice.elts) if isinstance(current.slice, ast.Tuple) else [current.slice]
        indices = [*here, *indices]
        current = current.value
    return current, indices


def _written(subject: Subject, nest: Nest) -> Rewrite | None:
    draft = Draft(subject)
    writer = _Writer(subject, draft, nest)
    try:
        code = _code(subject, nest, writer)
    except _UnknownError:
        return None
    if not writer.reads_array:
        return None
    draft.statements(nest.first, nest.first, code)
    return draft.finish("vectorized", "computes with whole arrays", 0.94 + 0.01 * len(nest.axes))


def _code(subject: Subject, nest: Nest, writer: _Writer) -> str:
    axes = [axis.name for axis in nest.axes]
    if isinstance(nest.target, ast.Name):
        if not nest.adds:
            raise _UnknownError
        return f"{nest.target.id} += {_total(nest, writer, axes)}"
    if not isinstance(nest.target, ast.Subscript):
        raise _UnknownError
    base, indices = _flattened(nest.target)
    if not is_array(subject, base):
        raise _UnknownError
    plain = [index.id for index in indices if isinstance(index, ast.Name) and index.id in axes]
    if len(plain) != len(indices) or len(set(plain)) != len(plain):
        return _scattered(nest, writer, base, indices, axes)
    summed = [axis for axis in axes if axis not in plain]
    order = [axis for axis in axes if axis in plain]
    if plain != order:
        raise _UnknownError
    place = f"{ast.unparse(base)}[{', '.join(':'.join(writer.bounds(axis)) for axis in plain)}]"
    return _stored(nest, writer, place, order, summed)


def _stored(nest: Nest, writer: _Writer, place: str, order: list[str], summed: list[str]) -> str:
    sums_inside = any(isinstance(n, ast.Name) and n.id == "__sum__" for n in ast.walk(nest.value))
    if summed and sums_inside:
        value = writer.text(nest.value, order)
    elif summed:
        if not nest.adds or nest.condition is not None:
            raise _UnknownError
        value = writer.reduced(nest.value, order, summed)
    else:
        value = writer.text(nest.value, order)
        if nest.condition is not None:
            test = writer.text(nest.condition, order)
            other = writer.text(nest.otherwise, order) if nest.otherwise is not None else "0" if nest.adds else place
            value = f"{writer.draft.imported('numpy.where')}({test}, {value}, {other})"
    return f"{place} {'+=' if nest.adds else '='} {value}"


def _total(nest: Nest, writer: _Writer, axes: list[str]) -> str:
    if nest.condition is None:
        return writer.reduced(nest.value, [], axes)
    test = writer.text(nest.condition, axes)
    if isinstance(nest.value, ast.Constant):
        if type(nest.value.value) is not int or not _covers(nest, nest.condition, axes):
            raise _UnknownError
        return f"int({writer.draft.imported('numpy.count_nonzero')}({test}))" + (
            f" * {nest.value.value}" if nest.value.value != 1 else ""
        )
    if not _covers(nest, nest.condition, axes):
        raise _UnknownError
    where = writer.draft.imported("numpy.where")
    return f"{where}({test}, {writer.text(nest.value, axes)}, 0).sum()"


def _covers(nest: Nest, node: ast.expr, axes: list[str]) -> bool:
    """Whether the expression depends on every axis, so that its array has all of them."""
    names = names_in(node)
    own = names | {nest.values[name][1] for name in names if name in nest.values}
    return all(axis in own for axis in axes)


def _scattered(nest: Nest, writer: _Writer, base: ast.expr, indices: list[ast.expr], axes: list[str]) -> str:
    """`counts[a[i]] += v` and `out[i + j] += a[i] * b[j]`."""
    if not nest.adds or nest.condition is not None or len(indices) != 1:
        raise _UnknownError
    index = indices[0]
    if len(axes) == 1 and isinstance(index, ast.Subscript | ast.Name):
        function = writer.draft.imported("numpy.add")
        value = writer.text(nest.value, axes)
        return f"{function}.at({ast.unparse(base)}, {writer.text(index, axes)}, {value})"
    if len(axes) == 2 and isinstance(index, ast.BinOp) and isinstance(nest.value, ast.BinOp):
        return _convolved(nest, writer, base, index, nest.value)
    raise _UnknownError


def _convolved(nest: Nest, writer: _Writer, base: ast.expr, index: ast.BinOp, value: ast.BinOp) -> str:
    """`out[i + j] += a[i] * b[j]` over both axes from 0."""
    axes = [axis.name for axis in nest.axes]
    shaped = isinstance(index.op, ast.Add) and isinstance(value.op, ast.Mult)
    counted = {ast.unparse(index.left), ast.unparse(index.right)} == set(axes)
    if not shaped or not counted or not all(is_int(axis.low, 0) for axis in nest.axes):
        raise _UnknownError
    for one, two in ((value.left, value.right), (value.right, value.left)):
        if names_in(one) & set(axes) == {axes[0]} and names_in(two) & set(axes) == {axes[1]}:
            convolve = writer.draft.imported("numpy.convolve")
            size = " + ".join(f"({ast.unparse(axis.high)})" for axis in nest.axes)
            whole = f"{convolve}({writer.text(one, axes[:1])}, {writer.text(two, axes[1:])})"
            return f"{ast.unparse(base)}[:{size} - 1] += {whole}"
    raise _UnknownError
