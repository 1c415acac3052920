"""Expressions of scalars printed as expressions of whole arrays: slices that are broadcast against each other."""

from __future__ import annotations

import ast

from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.nests import Nest, is_array
from secant.rewriting.performance.subject import Subject, is_int, names_in
from secant.rewriting.purity import origin

_FUNCTIONS = {
    "sqrt": "sqrt", "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "abs": "abs",
    "fabs": "abs", "floor": "floor", "ceil": "ceil", "maximum": "maximum", "minimum": "minimum", "log2": "log2",
    "log10": "log10", "arctan": "arctan", "atan": "arctan", "hypot": "hypot", "square": "square", "power": "power",
}  # fmt: skip


class NoArrayFormError(Exception):
    """Part of an expression that has no array form."""


class ArrayWriter:
    """Prints expressions of scalars as expressions of arrays whose axes are the loops, in their order."""

    def __init__(self, subject: Subject, draft: Draft, nest: Nest) -> None:
        self.subject, self.draft, self.nest = subject, draft, nest
        self.axes = {axis.name: axis for axis in nest.axes}
        self.reads_array = bool(nest.values) or isinstance(nest.target, ast.Subscript)

    def text(self, node: ast.expr, layout: list[str]) -> str:  # noqa: PLR0911 # because each kind of node has its own
        """The expression with the axes of `layout`; raises NoArrayFormError where it has no array form."""
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
                raise NoArrayFormError
            return "(" + sign.join(self.text(part, layout) for part in node.values) + ")"
        if isinstance(node, ast.Call):
            return self._call(node, layout)
        raise NoArrayFormError

    def _call(self, node: ast.Call, layout: list[str]) -> str:
        path = origin(node.func, self.subject.facts.imports) or ast.unparse(node.func)
        if path == "__sum__" and isinstance(node.args[0], ast.Constant):
            return self.reduced(node.args[1], layout, [str(node.args[0].value)])
        module, _, name = path.rpartition(".")
        if node.keywords or module not in ("", "math", "numpy"):
            raise NoArrayFormError
        if name in ("max", "min") and not module and len(node.args) == 2:
            name = f"{name}imum"
        elif name not in _FUNCTIONS or (not module and name != "abs"):
            raise NoArrayFormError
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
            raise NoArrayFormError
        return node.id

    def bounds(self, axis: str) -> tuple[str, str]:
        low, high = self.axes[axis].low, self.axes[axis].high
        return ("" if is_int(low, 0) else ast.unparse(low)), ast.unparse(high)

    def _element(self, node: ast.Subscript, layout: list[str]) -> str:
        base, indices = flattened(node)
        if not is_array(self.subject, base):
            raise NoArrayFormError
        self.reads_array = True
        cuts: list[tuple[str, str]] = []
        for place, index in enumerate(indices):
            axis, cut = self._cut(index)
            cuts.append((axis, ":" if self._is_whole(cut, ast.unparse(base), place) else cut))
        if len({axis for axis, _ in cuts if axis}) != len([axis for axis, _ in cuts if axis]):
            raise NoArrayFormError
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
            raise NoArrayFormError
        return "", ast.unparse(index)

    def _placed(self, base: str, cuts: list[tuple[str, str]], layout: list[str]) -> str:
        """The slice with its axes in the layout's order and new ones where it has none."""
        own = [axis for axis, _ in cuts if axis]
        if any(axis not in layout for axis in own):
            raise NoArrayFormError
        order = [axis for axis in layout if axis in own]
        if own != order:
            plain = f"{base}[{', '.join(cut for _, cut in cuts)}].T"
            if len(own) != 2:
                raise NoArrayFormError
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
            raise NoArrayFormError
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
                if axis in names_in(left.slice) | names_in(flattened(left)[0]) or _uses(left, axis)
            ]
            two = [axis for axis in spatial if _uses(right, axis)]
            if one + two == spatial and one and _uses(left, summed[0]) and _uses(right, summed[0]):
                return f"({self.text(left, [*one, *summed])} @ {self.text(right, [*summed, *two])})"
        return None


def _uses(node: ast.Subscript, axis: str) -> bool:
    return any(axis in names_in(index) for index in flattened(node)[1])


def flattened(node: ast.Subscript) -> tuple[ast.expr, list[ast.expr]]:
    """`a` and `[i, j]` for both `a[i, j]` and `a[i][j]`."""
    indices: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.Subscript):
        here = list(current.slice.elts) if isinstance(current.slice, ast.Tuple) else [current.slice]
        indices = [*here, *indices]
        current = current.value
    return current, indices
