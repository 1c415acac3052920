"""String constants of a Python text as prompts: where they stand, and which of them look like one.

Found in the syntax tree that the functions are found in. Syntax only; whether there are cases, the outline knows.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.judging import Kind
from secant.promptfiles.formats.constants import assignments, is_special, text_of
from secant_server.text import Span


class Constant(NamedTuple):
    """One of them."""

    name: str
    """As the engine names it: `SUPPORT`, `Mail.SUBJECT`."""
    span: Span
    """The lines of its literal, as `promptfiles.place` has them."""
    extent: Span
    """Those of its assignment."""
    telling: bool
    """It has several words, or a placeholder: a single word is hardly a prompt."""
    cases: bool = False
    """There are cases beside its file."""

    @property
    def kind(self) -> Kind:
        return "prompt"

    @property
    def head(self) -> Span:
        return Span(self.line, self.line + 1)

    @property
    def line(self) -> int:
        return self.extent.start

    @property
    def usual(self) -> bool:
        return self.cases and self.telling

    @property
    def inviting(self) -> bool:
        return self.usual

    @property
    def given(self) -> str:
        return ""

    def moved(self, by: int) -> Constant:
        return self._replace(span=self.span.moved(by), extent=self.extent.moved(by)) if by else self


def constants(tree: ast.Module) -> Iterator[Constant]:
    """The plain texts of a module, in its order."""
    for assigned in assignments(tree):
        literal = text_of(assigned.value)
        if literal is None or is_special(assigned.name):
            continue
        text, statement = str(literal.value), assigned.statement
        yield Constant(
            name=assigned.name,
            span=Span(literal.lineno - 1, literal.end_lineno or literal.lineno),
            extent=Span(statement.lineno - 1, statement.end_lineno or statement.lineno),
            telling="{" in text or len(text.split(None, 1)) > 1,
        )


def distinct(found: Sequence[Constant], taken: Sequence[str]) -> tuple[Constant, ...]:
    """Without those of a name that is given twice, which the engine refuses, or that a function has as well."""
    if not found:
        return ()
    counts = Counter([*(constant.name for constant in found), *taken])
    return tuple(constant for constant in found if counts[constant.name] == 1)
