"""Definitions of a module as text for a reader with little room: whole where they are short, in outline otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from secant.functions.definitions import FunctionNode, last_name
from secant.functions.testsource import bounded, dedented
from secant.functions.textfile import TextFile

_SHORT_LINES = 25
_DOCSTRING = 300
_VALUE = 400
_DATA = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "NamedTuple", "TypedDict", "Protocol"})


def excerpt(file: TextFile, node: ast.stmt) -> str:
    """The text of a definition, an import or an assignment."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _whole(file, node) if _length(node) <= _SHORT_LINES else _head(node)
        case ast.ClassDef():
            return _whole(file, node) if _is_data(node) and _length(node) <= 2 * _SHORT_LINES else _outline(node)
        case _:
            return bounded(_whole(file, node), _VALUE)


def class_around(file: TextFile, owner: ast.ClassDef, used: frozenset[str]) -> str:
    """The class's first line, its docstring, and what sets the attributes that are `used`."""
    lines = [*_class_line(owner), *_docstring(owner)]
    for statement in owner.body:
        if not isinstance(statement, FunctionNode | ast.ClassDef):
            if used & set(_targets(statement)):
                lines += _indented(_whole(file, statement))
        elif isinstance(statement, FunctionNode) and statement.name in ("__init__", "__post_init__", "__new__"):
            short = _length(statement) <= _SHORT_LINES
            lines += _indented(_whole(file, statement) if short else "\n".join(_setting(file, statement, used)))
    return "\n".join(lines)


def _setting(file: TextFile, method: ast.FunctionDef | ast.AsyncFunctionDef, used: frozenset[str]) -> Iterator[str]:
    yield _signature(method)
    for node in ast.walk(method):
        if isinstance(node, ast.Assign | ast.AnnAssign) and used & set(_targets(node)):
            yield from _indented(_whole(file, node))


def _targets(statement: ast.stmt) -> Iterator[str]:
    """Names and attributes that a statement assigns."""
    match statement:
        case ast.Assign(targets=targets):
            pass
        case ast.AnnAssign(target=target):
            targets = [target]
        case _:
            return
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name | ast.Attribute):
                yield node.id if isinstance(node, ast.Name) else node.attr


def _is_data(node: ast.ClassDef) -> bool:
    """A dataclass, a typed dictionary, an enumeration and their like: the definition says what values hold."""
    decorators = {last_name(decorator) for decorator in node.decorator_list}
    return bool({last_name(base) for base in node.bases} & _DATA) or bool(
        decorators & {"dataclass", "define", "frozen"}
    )


def _outline(node: ast.ClassDef) -> str:
    """First line, docstring, fields, and the methods' signatures."""
    lines = [*_class_line(node), *_docstring(node)]
    for statement in node.body:
        if isinstance(statement, FunctionNode):
            lines.append(f"    {_signature(statement)}")
        elif isinstance(statement, ast.AnnAssign):
            lines.append(f"    {ast.unparse(statement)}")
    return "\n".join(lines)


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return "\n".join([*(f"@{ast.unparse(d)}" for d in node.decorator_list), _signature(node), *_docstring(node)])


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    keyword = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{keyword} {node.name}({ast.unparse(node.args)}){returns}: ..."


def _class_line(node: ast.ClassDef) -> Iterator[str]:
    yield from (f"@{ast.unparse(decorator)}" for decorator in node.decorator_list)
    bases = [*map(ast.unparse, node.bases), *(ast.unparse(keyword) for keyword in node.keywords)]
    yield f"class {node.name}({', '.join(bases)}):" if bases else f"class {node.name}:"


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    text = ast.get_docstring(node)
    return _indented(f'"""{bounded(text, _DOCSTRING)}"""') if text else []


def _whole(file: TextFile, node: ast.stmt) -> str:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return dedented(file.excerpt(first, node.end_lineno or node.lineno)).rstrip("\n")


def _length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _indented(text: str) -> list[str]:
    return [f"    {line}" if line else "" for line in text.split("\n")]
