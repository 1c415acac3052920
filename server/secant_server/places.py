"""Where something is offered: the function that a selection means, why there is none, the proposal that concerns it.

Pure. Reads lines only: a column is counted differently by every editor.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lsprotocol import types as lsp

from secant.functions.definitions import last_name
from secant_server import sentences
from secant_server.blocks import Function
from secant_server.proposals import Placed, Proposal
from secant_server.text import Span, excerpt
from secant_server.views import Shown

_MAYBE_STUB = re.compile(r"""^\s*["']|\.\.\.|\bpass\b|NotImplementedError|\"{3}|'{3}""")
"""The last line of a function without code. It may be the last line of another, which is then parsed."""


class Place(NamedTuple):
    """A function that can be optimized, or the reason why there is none."""

    function: Function | None
    reason: str = ""


class Offer(NamedTuple):
    """A proposal that is ready or stale, at the function that it is for."""

    proposal: Proposal
    placed: Placed
    function: Function


def place(shown: Shown, selection: lsp.Range) -> Place:
    """The function that the selection means; with a reason where it cannot be optimized."""
    if shown.reason_declined:
        return Place(None, shown.reason_declined)
    problem = shown.outline.problem
    if problem is not None:
        where = f"line {problem.line + 1}: {sentences.one_line(problem.message)}"
        return Place(None, f"The file does not parse ({where}). Repair that line first.")
    function = function_of(shown, selection)
    if function is None:
        return Place(None, "There is no function here: put the cursor into a `def`, not a class body or a lambda.")
    return Place(function, nothing_to_run(function.name, excerpt(shown.text, function.span)))


def function_of(shown: Shown, selection: lsp.Range) -> Function | None:
    """The innermost function around the whole selection, or else the first one inside it."""
    first, last = selection.start.line, _last_line(selection)
    around = [f for f in shown.outline.functions if f.span.start <= first and last < f.span.end]
    if around:
        return max(around, key=lambda function: function.span.start)
    inside = (f for f in shown.outline.functions if first <= f.span.start and f.span.end <= last + 1)
    return next(inside, None)


def offers(shown: Shown) -> Mapping[Span, Offer]:
    """By the lines of their function: at most one for each."""
    by_span: dict[Span, list[tuple[Proposal, Placed]]] = {}
    for pair in shown.proposals:
        if pair[1].span is not None:
            by_span.setdefault(pair[1].span, []).append(pair)
    chosen = ((f, _chosen(by_span[f.span])) for f in shown.outline.functions if f.span in by_span)
    return {function.span: Offer(*pair, function) for function, pair in chosen if pair is not None}


def nothing_to_run(name: str, source: str) -> str:
    """Why a function has no code to optimize; empty where it has. `source` is its lines, with "\\n" ends."""
    if not _MAYBE_STUB.search(source.rstrip().rpartition("\n")[2]):
        return ""  # most functions, without the price of parsing them
    node = _parsed(source)
    if node is None:
        return ""
    if any(last_name(decorator) == "overload" for decorator in node.decorator_list):
        return f"This is an overload of '{name}': a type, not code. Go to its implementation."
    if all(_does_nothing(statement) for statement in node.body):
        return f"'{name}' is a stub: its body does nothing. Go to an implementation."
    return ""


def _chosen(pairs: Sequence[tuple[Proposal, Placed]]) -> tuple[Proposal, Placed] | None:
    """The newest that is ready. A stale one only where nothing came after it: what was applied later explains it."""
    newest_first = sorted(pairs, key=lambda pair: pair[0].created, reverse=True)
    found = next((pair for pair in newest_first if pair[1].standing == "ready"), newest_first[0])
    return found if found[1].standing in ("ready", "stale") else None


def _last_line(selection: lsp.Range) -> int:
    """A selection of whole lines ends at the beginning of the next one, which is not meant."""
    end = selection.end
    return end.line - 1 if end.character == 0 and end.line > selection.start.line else end.line


def _parsed(source: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    # Indented as it is, beneath an `if`: taking the indentation away would change strings of several lines.
    try:
        tree = ast.parse(f"if 1:\n{source}" if source[:1] in " \t" else source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    first = tree.body[0]
    inner = first.body[0] if isinstance(first, ast.If) else first
    return inner if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) else None


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.expr() as raised):
            return last_name(raised) == "NotImplementedError"
        case _:
            return False
