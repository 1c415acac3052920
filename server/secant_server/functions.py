"""What a selection of a Python text means, and whether what it means has any code to run. Syntax only."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from secant.functions.definitions import is_empty, last_name
from secant_server.blocks import Function
from secant_server.targets import Selection

_MAYBE_STUB = re.compile(r"""^\s*["']|\.\.\.|\bpass\b|NotImplementedError|\"{3}|'{3}""")
"""The last line of a function without code. It may be the last line of another, which is then parsed."""


def function_of(functions: Sequence[Function], selection: Selection) -> Function | None:
    """The innermost function around the whole selection, or else the first one inside it."""
    first, last = selection.first, selection.last
    around = [f for f in functions if f.span.start <= first and last < f.span.end]
    if around:
        return max(around, key=lambda function: function.span.start)
    inside = (f for f in functions if first <= f.span.start and f.span.end <= last + 1)
    return next(inside, None)


def nothing_to_run(name: str, source: str) -> str:
    """Why a function has no code to optimize; empty where it has. `source` is its lines, with "\\n" ends."""
    if not _MAYBE_STUB.search(source.rstrip().rpartition("\n")[2]):
        return ""  # most functions, without the price of parsing them
    node = _parsed(source)
    if node is None:
        return ""
    if any(last_name(decorator) == "overload" for decorator in node.decorator_list):
        return f"This is an overload of '{name}': a type, not code. Go to its implementation."
    if is_empty(node):
        return f"'{name}' is a stub: its body does nothing. Go to an implementation."
    return ""


def _parsed(source: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    # Indented as it is, beneath an `if`: taking the indentation away would change strings of several lines.
    try:
        tree = ast.parse(f"if 1:\n{source}" if source[:1] in " \t" else source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    first = tree.body[0]
    inner = first.body[0] if isinstance(first, ast.If) else first
    return inner if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) else None
