"""String constants of a Python module, as its syntax tree has them. Syntax only: no file is read, nothing is decoded.

Shared by whoever opens one and by an editor that only wants to know where they stand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_STRIPS = frozenset({"strip", "lstrip", "rstrip"})


class Assignment(NamedTuple):
    """A name that is given a value."""

    name: str
    value: ast.expr
    statement: ast.stmt


def assignments(node: ast.AST, prefix: str = "") -> Iterator[Assignment]:
    """Names that are given values in a module and its classes, in whatever block, but in no function."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield Assignment(prefix + name, value, child)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield Assignment(prefix + name, value, child)
            case ast.ClassDef(name=name):
                yield from assignments(child, f"{prefix}{name}.")
            case ast.If() | ast.Try() | ast.With():
                yield from assignments(child, prefix)
            case _:
                pass


def text_of(value: ast.expr) -> ast.Constant | None:
    """The literal of a plain text that says something; None for any other value."""
    value = stripped(value)
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.strip():
        return value
    return None


def is_special(name: str) -> bool:
    """`__version__` and the like."""
    return name.rpartition(".")[2].startswith("__")


def stripped(value: ast.expr) -> ast.expr:
    """The literal in `\"\"\"...\"\"\".strip()`: the white space around a text is the file's anyway."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()) as inner, attr=method), args=[], keywords=[]):
            return inner if method in _STRIPS else value
        case _:
            return value
