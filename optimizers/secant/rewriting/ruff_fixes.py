"""ruff's own fixes of a function as one candidate rewrite. Alone they are rarely gains: they are timed like all others.

The only room of `rewriting` that starts a process: ruff, on standard input, with no configuration of anybody's.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from secant.rewriting.edit import Rewrite
from secant.rewriting.performance.catalogue import keeps_signature
from secant.rewriting.source import FunctionSource

_RULES = "PERF,C4,FURB,SIM"


def rewrites(source: FunctionSource) -> list[Rewrite]:
    """The function as ruff would have it: one rewrite, or none where ruff is missing, slow, or has nothing to say."""
    program = ruff_program()
    margin = source.indent
    if program is None or not _indents_cleanly(source):
        return []
    fixed = _fixed(program, textwrap.dedent(source.text))
    text = _single_function(fixed) if fixed else None
    if text is None:
        return []
    text = textwrap.indent(text, margin)
    if not source.text.endswith("\n"):
        text = text.rstrip("\n")
    if not keeps_signature(source, text) or _same_code(source.text, text):
        return []
    return [Rewrite("ruff", text, f"ruff's fixes for {_RULES}", 0.2)]


def ruff_program() -> str | None:
    """Where ruff is: as its package says, beside the interpreter, or on the path."""
    try:
        from ruff import find_ruff_bin  # type: ignore[import-untyped]  # noqa: PLC0415 # because it may be missing
    except ImportError:
        find_ruff_bin = None
    if find_ruff_bin is not None:
        try:
            return str(find_ruff_bin())
        except FileNotFoundError:
            pass
    beside = Path(sys.executable).with_name("ruff")
    return str(beside) if beside.exists() else shutil.which("ruff")


def _fixed(program: str, code: str) -> str | None:
    options = ["--isolated", "--no-cache", "--quiet", "--fix", "--unsafe-fixes", "--exit-zero"]
    command = [program, "check", *options, "--select", _RULES, "--stdin-filename", "f.py", "-"]
    try:
        result = subprocess.run(command, input=code, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout if result.returncode == 0 else None


def _single_function(code: str) -> str | None:
    """The fixed text if it is one function; imports that ruff put before it move into the body."""
    try:
        module = ast.parse(code)
    except SyntaxError:
        return None
    *heads, function = module.body or [None]
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    if not all(isinstance(head, ast.Import | ast.ImportFrom) for head in heads):
        return None
    lines = code.splitlines(keepends=True)
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    kept = lines[first - 1 :]
    if not heads:
        return "".join(lines[first - 1 :]) if first > 1 and not "".join(lines[: first - 1]).strip() else code
    return _with_imports(kept, [ast.unparse(head) for head in heads if head is not None], function, first)


def _with_imports(
    lines: list[str], imports: list[str], function: ast.FunctionDef | ast.AsyncFunctionDef, first: int
) -> str | None:
    body = function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1
    place = body[1] if documented else body[0]
    if place.lineno == function.lineno:
        return None
    margin = " " * place.col_offset
    index = place.lineno - first
    return "".join([*lines[:index], *(f"{margin}{line}\n" for line in imports), *lines[index:]])


def _indents_cleanly(source: FunctionSource) -> bool:
    """Whether no string spans lines, or the function is not indented: moving lines must not change strings."""
    return not source.indent or not any(
        isinstance(node, ast.Constant | ast.JoinedStr) and node.lineno != node.end_lineno
        for node in ast.walk(source.node)
    )


def _same_code(first: str, second: str) -> bool:
    """Whether only the layout differs."""
    one, two = FunctionSource(first).node, FunctionSource(second).node
    return ast.dump(one) == ast.dump(two)
