"""Statements as lines: inserting, deleting, replacing and moving them with the right indentation.

A statement that shares its line with another one (`if x: return`, `a; b`) is never moved; it may be replaced in place.
"""

from __future__ import annotations

import ast
import re

from secant.rewriting.edit import Splice
from secant.rewriting.repair.anatomy import Anatomy, Place

_SUITE = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try


def first_line(statement: ast.stmt) -> int:
    """The line where the statement begins, decorators included."""
    decorators = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(node.lineno for node in decorators)])


def is_elif(function: Anatomy, statement: ast.stmt) -> bool:
    """Whether the `if` is written as `elif`, and so is no statement of its own."""
    return isinstance(statement, ast.If) and function.source.segment(statement).startswith("elif")


def on_own_lines(function: Anatomy, statement: ast.stmt) -> bool:
    """Whether nothing else stands on the statement's lines (a comment behind it may)."""
    if is_elif(function, statement):
        return False
    first, last = first_line(statement), statement.end_lineno or statement.lineno
    start, end = function.source.line_span(first, last)
    begins = function.source.span(statement)[0] if first == statement.lineno else start
    ends = function.source.span(statement)[1]
    after = function.data[ends:end].decode("utf-8").strip()
    return not function.data[start:begins].strip() and (not after or after.startswith("#"))


def indent_of(function: Anatomy, statement: ast.stmt) -> str:
    """The white space before a statement that is on its own lines."""
    start, end = function.source.line_span(first_line(statement), first_line(statement))
    line = function.data[start:end].decode("utf-8")
    return line[: len(line) - len(line.lstrip())]


def lines(function: Anatomy, statement: ast.stmt, indent: str) -> str | None:
    """The statement's whole lines under another indentation, or None where a string would change with it."""
    first, last = first_line(statement), statement.end_lineno or statement.lineno
    start, end = function.source.line_span(first, last)
    text = function.data[start:end].decode("utf-8").rstrip("\n")
    old = indent_of(function, statement)
    if old == indent or "\n" not in text:
        return indent + text[len(old) :]
    if has_long_string(statement):
        return None
    return "\n".join(indent + line[len(old) :] if line.startswith(old) else line for line in text.split("\n"))


def has_long_string(statement: ast.AST) -> bool:
    """Whether a string inside spans lines: its text would change with the indentation."""
    return any(
        isinstance(node, ast.JoinedStr | ast.Constant) and node.end_lineno != node.lineno
        for node in ast.walk(statement)
    )


def before(function: Anatomy, statement: ast.stmt, text: str) -> Splice:
    """Insert lines above a statement; `text` is indented and has no line end at its end."""
    start, _ = function.source.line_span(first_line(statement), first_line(statement))
    return Splice(start, start, text + "\n")


def after(function: Anatomy, statement: ast.stmt, text: str) -> Splice:
    """Insert lines below a statement and the comment behind it."""
    last = statement.end_lineno or statement.lineno
    start, end = function.source.line_span(last, last)
    if function.data[start:end].endswith(b"\n"):
        end -= 1
    return Splice(end, end, "\n" + text)


def deletion(function: Anatomy, place: Place) -> Splice:
    """Delete a statement: its lines, or `pass` in its stead where its block would be empty."""
    statement = place.node
    if len(place.block) > 1 and on_own_lines(function, statement):
        first, last = first_line(statement), statement.end_lineno or statement.lineno
        start, end = function.source.line_span(first, last)
        if end == len(function.data) and not function.data.endswith(b"\n"):
            start -= 1  # the line end goes with the last line
        return Splice(start, end, "")
    start, end = function.source.span(statement)
    if first_line(statement) != statement.lineno:
        start = function.source.offset(first_line(statement), len(indent_of(function, statement)))
    return Splice(start, end, "pass")


def body_indent(function: Anatomy, statement: ast.stmt) -> str:
    """The indentation of what would stand in a block directly under `statement`, by the function's own unit."""
    return indent_of(function, statement) + unit(function)


def unit(function: Anatomy) -> str:
    """One step of the function's indentation."""
    outer = function.source.indent
    inner = indent_of(function, function.node.body[0])
    longer = inner.startswith(outer) and len(inner) > len(outer)
    return inner[len(outer) :] if longer and function.node.body[0].lineno > function.node.lineno else "    "


def movable(function: Anatomy, place: Place) -> bool:
    """Whether the statement may be taken away and put elsewhere, and others beside it."""
    if isinstance(place.node, ast.Global | ast.Nonlocal) or not on_own_lines(function, place.node):
        return False
    return not function.declared or not any(
        isinstance(node, ast.Name) and node.id in function.declared for node in ast.walk(place.node)
    )


def early(function: Anatomy, statement: ast.stmt, text: str) -> bool:
    """Whether `text`, put above the statement, would use a name before its global or nonlocal declaration."""
    return any(
        statement.lineno <= line and re.search(rf"\b{re.escape(name)}\b", text)
        for name, line in function.declared.items()
    )


def is_compound(statement: ast.stmt) -> bool:
    """Whether the statement has a block of its own."""
    return isinstance(statement, _SUITE)
