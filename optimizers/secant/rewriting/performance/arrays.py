"""Loops over the scalars of numpy arrays: the whole nest as one array expression.

A nest of `for` loops over ranges whose innermost statement stores to, adds to, or sums one expression becomes slices
that are broadcast against each other; a sum of products over one index becomes `@`. It applies only where every
subscripted name is known to be an array, and where the stored array is not read. Sums of floats may differ in the last
digits, since arrays are summed pairwise; the caller's tolerance decides.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.broadcasting import ArrayWriter, NoArrayFormError, flattened
from secant.rewriting.performance.draft import Draft
from secant.rewriting.performance.nests import Nest, is_array, is_outermost, is_simple, nest_at
from secant.rewriting.performance.subject import Subject, is_int, names_in


def vectorized(subject: Subject) -> Iterator[Rewrite | None]:
    """`for i in range(n): out[i] = a[i] * b[i]` -> `out[:n] = a[:n] * b[:n]`.

    Also sums, masks, dot and matrix products, counts by index (`counts[a[i]] += 1` -> `add.at`) and
    convolutions (`out[i + j] += a[i] * b[j]`).
    """
    for node in subject.nodes:
        if isinstance(node, ast.For) and is_outermost(subject, node):
            nest = nest_at(subject, node)
            if nest is not None and is_simple(subject, nest):
                yield _written(subject, nest)


def _written(subject: Subject, nest: Nest) -> Rewrite | None:
    draft = Draft(subject)
    writer = ArrayWriter(subject, draft, nest)
    try:
        code = _code(subject, nest, writer)
    except NoArrayFormError:
        return None
    if not writer.reads_array:
        return None
    draft.statements(nest.first, nest.first, code)
    return draft.finish("vectorized", "computes with whole arrays", 0.94 + 0.01 * len(nest.axes))


def _code(subject: Subject, nest: Nest, writer: ArrayWriter) -> str:
    axes = [axis.name for axis in nest.axes]
    if isinstance(nest.target, ast.Name):
        if not nest.adds:
            raise NoArrayFormError
        return f"{nest.target.id} += {_total(nest, writer, axes)}"
    if not isinstance(nest.target, ast.Subscript):
        raise NoArrayFormError
    base, indices = flattened(nest.target)
    if not is_array(subject, base):
        raise NoArrayFormError
    plain = [index.id for index in indices if isinstance(index, ast.Name) and index.id in axes]
    if len(plain) != len(indices) or len(set(plain)) != len(plain):
        return _scattered(nest, writer, base, indices, axes)
    summed = [axis for axis in axes if axis not in plain]
    order = [axis for axis in axes if axis in plain]
    if plain != order:
        raise NoArrayFormError
    place = f"{ast.unparse(base)}[{', '.join(':'.join(writer.bounds(axis)) for axis in plain)}]"
    return _stored(nest, writer, place, order, summed)


def _stored(nest: Nest, writer: ArrayWriter, place: str, order: list[str], summed: list[str]) -> str:
    sums_inside = any(isinstance(n, ast.Name) and n.id == "__sum__" for n in ast.walk(nest.value))
    if summed and sums_inside:
        value = writer.text(nest.value, order)
    elif summed:
        if not nest.adds or nest.condition is not None:
            raise NoArrayFormError
        value = writer.reduced(nest.value, order, summed)
    else:
        value = writer.text(nest.value, order)
        if nest.condition is not None:
            test = writer.text(nest.condition, order)
            other = writer.text(nest.otherwise, order) if nest.otherwise is not None else "0" if nest.adds else place
            value = f"{writer.draft.imported('numpy.where')}({test}, {value}, {other})"
    return f"{place} {'+=' if nest.adds else '='} {value}"


def _total(nest: Nest, writer: ArrayWriter, axes: list[str]) -> str:
    if nest.condition is None:
        return writer.reduced(nest.value, [], axes)
    test = writer.text(nest.condition, axes)
    if isinstance(nest.value, ast.Constant):
        if type(nest.value.value) is not int or not _covers(nest, nest.condition, axes):
            raise NoArrayFormError
        return f"int({writer.draft.imported('numpy.count_nonzero')}({test}))" + (
            f" * {nest.value.value}" if nest.value.value != 1 else ""
        )
    if not _covers(nest, nest.condition, axes):
        raise NoArrayFormError
    where = writer.draft.imported("numpy.where")
    return f"{where}({test}, {writer.text(nest.value, axes)}, 0).sum()"


def _covers(nest: Nest, node: ast.expr, axes: list[str]) -> bool:
    """Whether the expression depends on every axis, so that its array has all of them."""
    names = names_in(node)
    own = names | {nest.values[name][1] for name in names if name in nest.values}
    return all(axis in own for axis in axes)


def _scattered(nest: Nest, writer: ArrayWriter, base: ast.expr, indices: list[ast.expr], axes: list[str]) -> str:
    """`counts[a[i]] += v` and `out[i + j] += a[i] * b[j]`."""
    if not nest.adds or nest.condition is not None or len(indices) != 1:
        raise NoArrayFormError
    index = indices[0]
    if len(axes) == 1 and isinstance(index, ast.Subscript | ast.Name):
        function = writer.draft.imported("numpy.add")
        value = writer.text(nest.value, axes)
        return f"{function}.at({ast.unparse(base)}, {writer.text(index, axes)}, {value})"
    if len(axes) == 2 and isinstance(index, ast.BinOp) and isinstance(nest.value, ast.BinOp):
        return _convolved(nest, writer, base, index, nest.value)
    raise NoArrayFormError


def _convolved(nest: Nest, writer: ArrayWriter, base: ast.expr, index: ast.BinOp, value: ast.BinOp) -> str:
    """`out[i + j] += a[i] * b[j]` over both axes from 0."""
    axes = [axis.name for axis in nest.axes]
    shaped = isinstance(index.op, ast.Add) and isinstance(value.op, ast.Mult)
    counted = {ast.unparse(index.left), ast.unparse(index.right)} == set(axes)
    if not shaped or not counted or not all(is_int(axis.low, 0) for axis in nest.axes):
        raise NoArrayFormError
    for one, two in ((value.left, value.right), (value.right, value.left)):
        if names_in(one) & set(axes) == {axes[0]} and names_in(two) & set(axes) == {axes[1]}:
            convolve = writer.draft.imported("numpy.convolve")
            size = " + ".join(f"({ast.unparse(axis.high)})" for axis in nest.axes)
            whole = f"{convolve}({writer.text(one, axes[:1])}, {writer.text(two, axes[1:])})"
            return f"{ast.unparse(base)}[:{size} - 1] += {whole}"
    raise NoArrayFormError
