"""A rewrite in the making: splices of the function's text, at statement or expression level, with its imports.

This room knows text, indentation and nothing of what a rewrite means. What cannot be spliced cleanly (statements that
share a line, a body on the line of its `def`) spoils the draft, and `finish` gives None.
"""

from __future__ import annotations

import ast
import textwrap

from secant.rewriting.edit import Rewrite, Splice, apply
from secant.rewriting.performance.subject import Subject
from secant.rewriting.source import parses


class Draft:
    """Collects the changes of one rewrite."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.source = subject.source
        self._splices: list[Splice] = []
        self._imports: dict[str, str] = {}
        self._spoiled = False
        self._lines = subject.source.text.split("\n")

    def expression(self, node: ast.AST, text: str) -> None:
        """Replaces an expression; parentheses around the whole are left out where the place needs none."""
        start, end = self.source.span(node)
        parent = self.subject.parent(node)
        stands_alone = isinstance(parent, ast.stmt | ast.Call | ast.keyword) and not isinstance(parent, ast.AugAssign)
        if stands_alone and is_wrapped(text) and getattr(parent, "func", None) is not node:
            text = text[1:-1]
        self._splices.append(Splice(start, end, text))

    def statements(self, first: ast.stmt, last: ast.stmt, code: str) -> None:
        """Replaces whole statements by `code`, which is indented by fours from column 0; empty code removes them."""
        self._check(first, last)
        start, end = self.source.line_span(first.lineno, last.end_lineno or last.lineno)
        self._splices.append(Splice(start, end, self._indented(code, first)))

    def before(self, statement: ast.stmt, code: str, depth: int = 0) -> None:
        """Inserts `code` in front of a statement, `depth` levels deeper."""
        self._check(statement, statement)
        line = first_line(statement)
        start, _ = self.source.line_span(line, line)
        self._splices.append(Splice(start, start, self._indented(code, statement, depth)))

    def after(self, statement: ast.stmt, code: str, depth: int = 0) -> None:
        """Inserts `code` behind a statement."""
        self._check(statement, statement)
        _, end = self.source.line_span(statement.lineno, statement.end_lineno or statement.lineno)
        self._splices.append(Splice(end, end, self._indented(code, statement, depth)))

    def add_to(self, total: str, loop: ast.stmt, value: str) -> None:
        """Replaces a loop by `total += value`, or with the `total = 0` right before it by `total = value`."""
        block = self.subject.block_of(loop)
        place = next(index for index, statement in enumerate(block) if statement is loop)
        start = block[place - 1] if place else None
        lines = self._lines[start.lineno - 1 : loop.lineno - 1] if start is not None else []
        together = len(lines) == 1 and "#" not in lines[0]
        zero = together and isinstance(start, ast.Assign) and ast.unparse(start) == f"{total} = 0"
        if zero and isinstance(start, ast.Assign):
            self.statements(start, loop, f"{total} = {value}")
        else:
            self.statements(loop, loop, f"{total} += {value}")

    def splice(self, start: int, end: int, text: str) -> None:
        """Replaces bytes."""
        self._splices.append(Splice(start, end, text))

    def imported(self, origin: str) -> str:
        """The spelling of an imported object, for example `collections.deque`; imports it in the body if need be."""
        module, _, name = origin.rpartition(".")
        for local, known in self.subject.facts.imports.items():
            if known == origin:
                return local
            if known == module:
                return f"{local}.{name}"
        if origin not in self._imports:
            self._imports[origin] = self.subject.free_name(name, f"{name}_")
        return self._imports[origin]

    def finish(self, rule: str, note: str, prior: float) -> Rewrite | None:
        """The rewrite, or None where it changes nothing or is not a function any more."""
        splices = [*self._splices, *self._import_splices()]
        self.subject.release_names()
        if self._spoiled:
            return None
        try:
            text = apply(self.source.text, _merged(splices))
        except ValueError:
            return None
        if text == self.source.text or not parses(text):
            return None
        return Rewrite(rule, text, note, prior)

    @property
    def unit(self) -> str:
        """One level of the function's indentation."""
        first = self._lines[self.source.node.body[0].lineno - 1]
        inner = first[: len(first) - len(first.lstrip())]
        outer = self.source.indent
        return inner[len(outer) :] if inner.startswith(outer) and len(inner) > len(outer) else "    "

    def body_start(self) -> ast.stmt:
        """The first statement of the body that is not its docstring."""
        body = self.source.node.body
        is_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        if is_docstring and len(body) > 1 and isinstance(body[0].value.value, str):  # type: ignore[attr-defined]
            return body[1]
        return body[0]

    def _import_splices(self) -> list[Splice]:
        if not self._imports:
            return []
        lines = ""
        for origin, local in sorted(self._imports.items()):
            module, _, name = origin.rpartition(".")
            lines += f"from {module} import {name}" + (f" as {local}\n" if local != name else "\n")
        first = self.body_start()
        self._check(first, first)
        start, _ = self.source.line_span(first_line(first), first_line(first))
        return [Splice(start, start, self._indented(lines, first))]

    def _check(self, first: ast.stmt, last: ast.stmt) -> None:
        """Statements can be spliced if they have their lines to themselves."""
        head = self._lines[first.lineno - 1].encode()[: first.col_offset]
        tail = self._lines[(last.end_lineno or 1) - 1].encode()[last.end_col_offset or 0 :].decode().strip()
        own_line = not head.strip() and (not tail or tail.startswith("#"))
        is_elif = self._lines[first.lineno - 1].lstrip().startswith("elif")
        if not own_line or (is_elif and isinstance(first, ast.If)):
            self._spoiled = True

    def _indented(self, code: str, where: ast.stmt, depth: int = 0) -> str:
        line = self._lines[where.lineno - 1]
        margin = line[: len(line) - len(line.lstrip())] + self.unit * depth
        return "".join(f"{margin}{reunit(text, self.unit)}\n" if text.strip() else "\n" for text in _code_lines(code))


def _code_lines(code: str) -> list[str]:
    code = textwrap.dedent(code).strip("\n")
    return code.split("\n") if code else []


def is_wrapped(text: str) -> bool:
    """Whether the text is one expression on one line in parentheses that it may do without."""
    if not (text.startswith("(") and text.endswith(")")) or "\n" in text:
        return False
    try:
        inner = ast.parse(text[1:-1], mode="eval").body
    except SyntaxError:
        return False
    return not isinstance(inner, ast.Tuple | ast.GeneratorExp | ast.NamedExpr | ast.Yield | ast.Starred)


def reunit(line: str, unit: str) -> str:
    """A line indented by fours, indented by `unit` instead."""
    stripped = line.lstrip(" ")
    depth = (len(line) - len(stripped)) // 4
    return unit * depth + stripped


def first_line(statement: ast.stmt) -> int:
    """The line that a statement begins in, its decorators counted."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _merged(splices: list[Splice]) -> list[Splice]:
    """Insertions at one place become one, in the order they were asked for, imports first."""
    inserted: dict[int, str] = {}
    others: list[Splice] = []
    for splice in sorted(splices, key=lambda splice: not splice.text.lstrip().startswith(("from ", "import "))):
        if splice.start == splice.end:
            inserted[splice.start] = inserted.get(splice.start, "") + splice.text
        else:
            others.append(splice)
    return [*(Splice(place, place, text) for place, text in inserted.items()), *others]
