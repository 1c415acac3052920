"""Bounds as sums: `n - i - 1` and `len(xs) - 1 - i` are the same number if `n` is `len(xs)`."""

from __future__ import annotations

import ast

from secant.rewriting.performance.subject import Subject, length_of

Linear = dict[str, int]
"""Coefficient by term; the constant stands under the empty name."""


def linear(subject: Subject, node: ast.expr) -> Linear | None:
    """The expression as a sum of terms, lengths under `len(xs)`; None where it is not one."""
    if isinstance(node, ast.Constant):
        return {"": node.value} if type(node.value) is int else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = linear(subject, node.left), linear(subject, node.right)
        if left is None or right is None:
            return None
        return _sum(left, right, 1 if isinstance(node.op, ast.Add) else -1)
    measured = length_of(node)
    if measured is not None:
        return {f"len({ast.unparse(measured)})": 1}
    if isinstance(node, ast.Name):
        values = subject.assigned_values(node.id)
        measured = (
            length_of(values[0])
            if values is not None and len(values) == 1 and node.id not in subject.parameters
            else None
        )
        return {f"len({ast.unparse(measured)})": 1} if measured is not None else {node.id: 1}
    return None


def equals(subject: Subject, node: ast.expr | None, **terms: int) -> bool:
    """Whether the expression is this sum: `equals(s, stop, const=-1, **{"len(xs)": 1})`."""
    found = linear(subject, node) if node is not None else None
    wanted = {("" if name == "const" else name): value for name, value in terms.items() if value}
    return found is not None and {name: value for name, value in found.items() if value} == wanted


def _sum(left: Linear, right: Linear, sign: int) -> Linear:
    result = dict(left)
    for name, value in right.items():
        result[name] = result.get(name, 0) + sign * value
    return result
