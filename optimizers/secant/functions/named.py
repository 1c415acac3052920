"""A function of the user's by the name that he gives it, `FILE.py::FUNCTION`. Reads the file and runs nothing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

from secant.errors import BadRequest
from secant.functions.buffers import Buffers
from secant.functions.project import absolute


class NamedFunction(NamedTuple):
    """Where it stands, and the text of its file as the editor shows it."""

    path: Path
    source: str
    function: str


def named_function(folder: Path, buffers: Buffers, text: str, *, what: str, example: str) -> NamedFunction:
    """`what` it is for (`a check`), and an `example` of how it is named. Raises BadRequest and UnreadableFile."""
    name, separator, function = text.rpartition("::")
    if not separator or not function.isidentifier() or not name:
        raise BadRequest(f"{what} is a function in a Python file", hint=f"For example: {example}", where=text)
    path = absolute(folder / name)
    source = buffers.read(path).text
    known = _functions(source)
    if known and function not in known:
        raise BadRequest(
            f"the file has no function {function}", hint=f"There are: {', '.join(known[:8])}.", where=str(path)
        )
    return NamedFunction(path, source, function)


def _functions(source: str) -> list[str]:
    """What a file defines; nothing where more than definitions may give it names, or where it does not parse: running
    it will tell.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return []
    plain = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if any(not isinstance(node, (*plain, ast.Import, ast.Expr)) for node in body):
        return []
    return [node.name for node in body if isinstance(node, plain)]
