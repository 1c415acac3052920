"""String constants of a Python text as prompts: where they stand, and which of them look like one.

Found in the syntax tree that the functions are found in. Syntax only; whether there are cases, the outline knows.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.judging import Kind
from secant.promptfiles.formats.constants import assignments, is_special, text_of
from secant_server.text import Span

_PLACEHOLDER = re.compile(r"\{\w+")
_NAMED = re.compile(r"prompt|instruction|system", re.IGNORECASE)


class Constant(NamedTuple):
    """One of them."""

    name: str
    """As the engine names it: `SUPPORT`, `Mail.SUBJECT`."""
    span: Span
    """The lines of its literal, as `promptfiles.place` has them."""
    extent: Span
    """Those of its assignment."""
    likeness: int
    """To a prompt: 2 with a placeholder, several lines or a name that says so, 1 with several words, else 0."""
    telling: bool = False
    """It may well be a prompt: no other text of the module is more like one."""
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
            likeness=_likeness(assigned.name, text.strip()),
        )


def compared(found: Sequence[Constant], taken: Sequence[str]) -> tuple[Constant, ...]:
    """Those of a whole module, each with whether it may well be a prompt.

    Without those of a name that is given twice, which the engine refuses, or that a function has as well.
    """
    if not found:
        return ()
    counts = Counter([*(constant.name for constant in found), *taken])
    distinct = [constant for constant in found if counts[constant.name] == 1]
    most = max((constant.likeness for constant in distinct), default=0)
    return tuple(constant._replace(telling=0 < constant.likeness == most) for constant in distinct)


def _likeness(name: str, text: str) -> int:
    if _PLACEHOLDER.search(text) or "\n" in text or _NAMED.search(name):
        return 2
    return 1 if len(text.split(None, 1)) > 1 else 0
