"""The statements of a Python text that may be indented, as a method is in its file. Text in, syntax trees out.

A model answers with a function and with what that needs: all at one margin, or the function indented as in its class
beneath imports and helpers at column 0. Whoever cleans an answer and whoever lands it read it here, in one way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import islice

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What the parser raises for texts that are no Python."""
_INDENTED = re.compile(r"[ \t]+(?:@|(?:async\s+)?def\s)")
_MOST_STARTS = 64


def margin(text: str) -> str:
    """The white space before the first line that has more than that."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return first[: len(first) - len(first.lstrip())]


def block(text: str) -> list[ast.stmt]:
    """The statements of a text that may be indented as a whole, lines counted from 1. Raises one of `UNPARSABLE`."""
    if not margin(text):
        return ast.parse(text).body
    found, *others = ast.parse(f"if 1:\n{text}").body
    if others or not isinstance(found, ast.If) or found.orelse:
        raise SyntaxError("the text goes on at another indentation")
    for node in found.body:
        ast.increment_lineno(node, -1)
    return found.body


def statements(text: str, name: str) -> list[ast.stmt]:
    """The same for a text that is to define the function `name`, which may be indented beneath the rest.

    Beneath a function at column 0 a method may pass for a part of that. Without the function: what else there is.
    """
    try:
        whole = block(text)
    except SyntaxError as error:
        found = _apart(text, name) or _apart(text, "")
        if found is None:
            raise error from None
        return found
    return whole if _defines(whole, name) else _apart(text, name) or whole


def functions(nodes: Sequence[ast.stmt]) -> Iterator[FunctionNode]:
    """Those among the statements; methods of their classes left out."""
    return (node for node in nodes if isinstance(node, FunctionNode))


def _defines(nodes: Sequence[ast.stmt], name: str) -> bool:
    return any(not name or node.name == name for node in functions(nodes))


def _apart(text: str, name: str) -> list[ast.stmt] | None:
    """What stands at column 0, and beneath it a block that defines the function (any, for an empty name)."""
    lines = text.split("\n")
    starts = (n for n, line in enumerate(lines) if n and _INDENTED.match(line))
    for start in islice(starts, _MOST_STARTS):
        try:
            above, below = block("\n".join(lines[:start])), block("\n".join(lines[start:]))
        except SyntaxError:
            continue
        if _defines(below, name):
            for node in below:
                ast.increment_lineno(node, start)
            return [*above, *below]
    return None
