"""The functions and classes that a module's text defines, in the order of the text.

Read from the syntax tree alone: nothing is imported and nothing is judged. What may be optimized, `locate` decides.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from secant.statements import FunctionNode

Kind = Literal[
    "function", "method", "classmethod", "staticmethod", "property", "cached_property", "setter", "deleter"
]  # fmt: skip

_CONTAINERS = (ast.stmt, ast.excepthandler, ast.match_case)
"""The nodes in which a definition can stand; an expression may hold a lambda, never a definition."""

_ACCESSORS: dict[str, Kind] = {"getter": "property", "setter": "setter", "deleter": "deleter"}
_DECORATED: dict[str, Kind] = {
    "classmethod": "classmethod",
    "abstractclassmethod": "classmethod",
    "staticmethod": "staticmethod",
    "abstractstaticmethod": "staticmethod",
    "property": "property",
    "abstractproperty": "property",
    "cached_property": "cached_property",
}
_IMPLICIT: dict[str, Kind] = {
    "__new__": "staticmethod",
    "__init_subclass__": "classmethod",
    "__class_getitem__": "classmethod",
}


class Class(NamedTuple):
    """A class statement."""

    node: ast.ClassDef
    qualname: str

    def holds(self, line: int) -> bool:
        return first_line(self.node) <= line <= last_line(self.node)


class Definition(NamedTuple):
    """A `def` or `async def` statement and its place among the others."""

    node: FunctionNode
    qualname: str
    unit: str
    """Qualified name of the outermost function around it, or its own where there is none."""
    owner: ast.ClassDef | None
    """The class whose body it stands in directly."""

    @property
    def decorators(self) -> tuple[str, ...]:
        """The last name of each decorator: `cache` of `@functools.cache`, `setter` of `@total.setter`."""
        return tuple(last_name(decorator) for decorator in self.node.decorator_list)

    @property
    def kind(self) -> Kind:
        for name, decorator in zip(self.decorators, self.node.decorator_list, strict=True):
            if name in _ACCESSORS and isinstance(decorator, ast.Attribute):
                return _ACCESSORS[name]
            if name in _DECORATED:
                return _DECORATED[name]
        if self.owner is None:
            return "function"
        return _IMPLICIT.get(self.node.name, "method")

    @property
    def is_overload(self) -> bool:
        return "overload" in self.decorators


class Definitions(NamedTuple):
    """All functions and classes of a module, outer before inner, in the order of the text."""

    functions: tuple[Definition, ...]
    classes: tuple[Class, ...]


def definitions(tree: ast.Module) -> Definitions:
    """Every function and class of the module, in branches and in other functions too."""
    found = list(_walk(tree.body))
    return Definitions(
        tuple(item for item in found if isinstance(item, Definition)),
        tuple(item for item in found if isinstance(item, Class)),
    )


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement of the module, those inside others too; outer before inner, not always in the text's order."""
    stack: list[ast.AST] = [tree]
    while stack:
        children = [child for child in ast.iter_child_nodes(stack.pop()) if isinstance(child, _CONTAINERS)]
        stack.extend(children)
        yield from (child for child in children if isinstance(child, ast.stmt))


def first_line(node: FunctionNode | ast.ClassDef) -> int:
    """The line of the first decorator's expression, or of the statement. (Where its `@` stands, only the text says.)"""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def last_line(node: ast.stmt) -> int:
    """The line where a parsed statement ends."""
    return node.end_lineno or node.lineno


def last_name(expression: ast.expr) -> str:
    """The name that stands last in `a`, `m.a`, `m.a(...)` or `a[...]`; empty for anything else."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return last_name(inner)
        case _:
            return ""


def is_empty(node: FunctionNode) -> bool:
    """Whether the body is made of a docstring, `...`, `pass` and `raise NotImplementedError` alone."""
    return all(_does_nothing(statement) for statement in node.body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.expr() as raised):
            return last_name(raised) == "NotImplementedError"
        case _:
            return False


def own_nodes(node: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function's body that belong to no function or class inside it."""
    stack: list[ast.AST] = list(reversed(node.body))
    while stack:
        current = stack.pop()
        yield current
        if not isinstance(current, FunctionNode | ast.ClassDef | ast.Lambda):
            stack.extend(reversed(list(ast.iter_child_nodes(current))))


class _Scope(NamedTuple):
    path: tuple[str, ...]
    unit: str
    owner: ast.ClassDef | None

    def name(self, name: str) -> str:
        return ".".join((*self.path, name))


def _walk(body: Sequence[ast.stmt]) -> Iterator[Definition | Class]:
    """Depth first with a stack of its own: a chain of a thousand `elif` nests as deep."""
    stack: list[tuple[ast.AST, _Scope]] = [(statement, _Scope((), "", None)) for statement in reversed(body)]
    while stack:
        node, scope = stack.pop()
        inner = scope
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                unit = scope.unit or scope.name(name)
                yield Definition(node, scope.name(name), unit, scope.owner)
                inner = _Scope((*scope.path, name, "<locals>"), unit, None)
            case ast.ClassDef(name=name):
                yield Class(node, scope.name(name))
                inner = _Scope((*scope.path, name), scope.unit, node)
            case _:
                pass
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, _CONTAINERS)]
        stack.extend((child, inner) for child in reversed(children))
