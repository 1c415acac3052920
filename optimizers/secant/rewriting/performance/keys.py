"""What stands in a dictionary's key for the arguments of a recursive call."""

from __future__ import annotations

import ast

from secant.rewriting.performance.recursion import Recursion, arguments_for, binds
from secant.rewriting.performance.subject import Subject

_ATOMS = frozenset(["int", "str", "float", "bool", "bytes", "NoneType", "tuple", "frozenset"])
_SEQUENCES = frozenset(["list", "str", "tuple", "bytes"])
_NUMBERS = frozenset(["int", "float", "bool", "complex"])


def keys_of(subject: Subject, recursion: Recursion) -> list[str] | None:
    """The expression that stands for each varying parameter in the key, or None where one may not be hashable."""
    keys: list[str] = []
    for name in recursion.varying:
        key = _key(subject, recursion, name)
        if key is None:
            return None
        keys.append(key)
    return keys


def _key(subject: Subject, recursion: Recursion, name: str) -> str | None:
    known = (
        frozenset(subject.facts.variable_types.get(name, ())) if recursion.node is subject.node else frozenset[str]()
    )
    known = known or subject.types(ast.Name(name, ast.Load()))
    if len(known & _NUMBERS) > 1:
        return None
    if known and known <= _ATOMS:
        return name
    if recursion.has_one_start and not known - _SEQUENCES and _shrinks(recursion, name):
        return f"len({name})"
    if known == frozenset(["list"]):
        elements = subject.guesser.elements(ast.Name(name, ast.Load()))
        return f"tuple({name})" if elements and elements <= _ATOMS and len(elements) == 1 else None
    return name if not known and name in _integers(recursion) else None


def _shrinks(recursion: Recursion, name: str) -> bool:
    """Whether every call passes the parameter itself or an end of it, always the same end.

    Then its length says which part of the first argument it is, and can stand for it in the key.
    """
    ends: set[bool] = set()
    for value in arguments_for(recursion, name):
        if isinstance(value, ast.Name) and value.id == name:
            continue
        cut = value.slice if isinstance(value, ast.Subscript) else None
        whole = isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id == name
        if (
            not whole
            or not isinstance(cut, ast.Slice)
            or cut.step is not None
            or (cut.lower is None) == (cut.upper is None)
        ):
            return False
        ends.add(cut.lower is None)
    return len(ends) == 1 and not binds(recursion.node, name)


def _integers(recursion: Recursion) -> set[str]:
    """Parameters that are plainly integers: every call gives them integer arithmetic of such parameters."""
    names = set(recursion.varying)
    while True:
        kept = {name for name in names if all(_is_arithmetic(value, names) for value in arguments_for(recursion, name))}
        if kept == names:
            return names
        names = kept


def _is_arithmetic(value: ast.expr, integers: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in integers
    if isinstance(value, ast.Constant):
        return type(value.value) is int
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub | ast.Add | ast.FloorDiv):
        integer = isinstance(value.right, ast.Constant) and type(value.right.value) is int
        return integer and _is_arithmetic(value.left, integers)
    return False
