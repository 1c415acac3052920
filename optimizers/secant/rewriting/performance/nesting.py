"""Rules for the functions inside a function: each is looked at by itself, and what becomes of it is put back.

What an inner function reads from around it counts as known by name and type alone, like a global; one that binds names
of the outer function is left alone. Imports that a rule adds go to the outer function, where they run once.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable, Iterator

from secant.rewriting.edit import Rewrite
from secant.rewriting.facts import Facts
from secant.rewriting.performance.draft import Draft, first_line
from secant.rewriting.performance.subject import Subject, names_in
from secant.rewriting.source import FunctionNode, FunctionSource


def inner_functions(subject: Subject, ask: Callable[[Subject], Iterable[Rewrite]]) -> Iterator[Rewrite | None]:
    """What `ask` finds for every function that is defined in the function's own body."""
    for node in subject.source.node.body:
        if not isinstance(node, ast.FunctionDef) or node.decorator_list or _reaches_out(node):
            continue
        start, end = subject.source.line_span(first_line(node), node.end_lineno or node.lineno)
        inner = Subject(FunctionSource(subject.source.text.encode()[start:end].decode()), _known(subject, node))
        for rewrite in ask(inner):
            yield _put_back(subject, node, inner, rewrite)


def _reaches_out(node: FunctionNode) -> bool:
    return any(isinstance(part, ast.Nonlocal | ast.Global | ast.Yield | ast.YieldFrom) for part in ast.walk(node))


def _known(subject: Subject, node: FunctionNode) -> Facts:
    """The facts without the class, and with the outer function's names, so that none of them is taken again."""
    around = names_in(subject.node) | set(subject.parameters)
    values = (*subject.facts.module_values, *sorted(around - {node.name} - set(subject.facts.imports)))
    return subject.facts.model_copy(update={"module_values": values, "class_name": None})


def _put_back(subject: Subject, node: ast.stmt, inner: Subject, rewrite: Rewrite) -> Rewrite | None:
    known = set(inner.source.text.split("\n"))
    imports: list[str] = []
    lines: list[str] = []
    for line in rewrite.text.split("\n"):
        added = line not in known and line.lstrip().startswith(("from ", "import "))
        (imports if added else lines).append(line)
    draft = Draft(subject)
    start, end = subject.source.line_span(first_line(node), node.end_lineno or node.lineno)
    draft.splice(start, end, "\n".join(lines))
    if imports:
        draft.before(draft.body_start(), textwrap.dedent("\n".join(line.strip() for line in imports)))
    return draft.finish(rewrite.rule, rewrite.note, rewrite.prior)
