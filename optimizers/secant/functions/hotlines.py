"""Where the original spends its steps, as text for a model: executions of each line, and an estimate of their share.

Counted by the bench on the recorded calls, never timed, so the text is the same in every run, and a cassette replays.
A line's share is its executions times the operations that are written in it; what a call does inside is not counted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from secant.errors import SecantError
from secant.functions.definitions import FunctionNode
from secant.functions.process import WorkerDied
from secant.functions.unit import Unit
from secant.functions.workers import Workers
from secant.rewriting.source import FunctionSource

_MOST_LINES = 12
_LINE = 120
_HEAD = (
    "Counted on {calls} recorded calls: executions of each line, and its share of the steps (executions x the "
    "operations written in the line; what a called function does inside is not counted)."
)


class _Line(NamedTuple):
    number: int
    executions: int
    steps: int


def hot_lines(workers: Workers, unit: Unit, text: str) -> str:
    """The hot lines of the original, whose text this is; empty where nothing could be counted.

    The workers must have recorded the calls.
    """
    try:
        answer = workers.count_lines()
    except (WorkerDied, SecantError):  # a run goes on without: it is advice
        return ""
    if not answer.get("lines"):
        return ""
    lines = {int(line) - unit.offset: count for line, count in answer["lines"].items()}
    items = {int(line) - unit.offset: count for line, count in answer.get("items", {}).items()}
    return told(text, answer["calls"], lines, items)


def told(text: str, calls: int, lines: Mapping[int, int], items: Mapping[int, int]) -> str:
    """The profile in words. `lines` and `items` are what was counted, by line of the text."""
    found = list(_weighed(FunctionSource(text).node, lines, items))
    total = sum(line.steps for line in found)
    if not total:
        return ""
    hottest = sorted(sorted(found, key=lambda line: -line.steps)[:_MOST_LINES])
    source = text.split("\n")
    rows = [
        f"line {line.number}: {line.executions}x, {100 * line.steps / total:.0f} %: "
        f"{source[line.number - 1].strip()[:_LINE]}"
        for line in hottest
    ]
    return "\n".join([_HEAD.format(calls=calls), *rows])


def _weighed(node: ast.AST, lines: Mapping[int, int], items: Mapping[int, int]) -> Iterator[_Line]:
    """The statements that ran, with their steps."""
    for part in ast.walk(node):
        if not isinstance(part, ast.stmt) or part is node or part.lineno not in lines:
            continue
        executions = lines[part.lineno]
        if isinstance(part, ast.For | ast.AsyncFor | ast.While):  # counted where it is entered; its head runs each time
            executions = max(executions, lines.get(part.body[0].lineno, 0))
        once, each = _operations(part)
        produced = items.get(part.lineno, 0)
        yield _Line(part.lineno, max(executions, produced), executions * once + produced * each)


def _operations(statement: ast.stmt) -> tuple[int, int]:
    """The operations of a statement's own expressions: those done once, and those of comprehensions, for each item."""
    if isinstance(statement, FunctionNode | ast.ClassDef):
        return 1, 0
    once, each = 1, 0
    stack = [(child, False) for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while stack:
        node, inside = stack.pop()
        if isinstance(node, ast.excepthandler | ast.match_case):
            continue
        if isinstance(
            node, ast.Call | ast.BinOp | ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Subscript | ast.Attribute
        ):
            once, each = (once, each + 1) if inside else (once + 1, each)
        comprehension = isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        stack += [(child, inside or comprehension) for child in ast.iter_child_nodes(node)]
    return once, max(each, 1)
