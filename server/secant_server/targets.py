"""What can be optimized in a document, whatever its language: where it stands, and how a text takes its place.

A language reads a text and gives an outline; all else goes by these protocols. Which file is in which language is known
to `languages` alone. Types only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from secant.judging import Kind
from secant_server.blocks import Problem
from secant_server.references import Reference
from secant_server.text import Span


class Target(Protocol):
    """A function, the solution in a section, or a prompt."""

    @property
    def kind(self) -> Kind: ...

    @property
    def name(self) -> str:
        """As the engine names it."""
        ...

    @property
    def span(self) -> Span:
        """The lines that a proposal replaces."""
        ...

    @property
    def head(self) -> Span:
        """The lines that name it: decorators and `def`, a heading."""
        ...

    @property
    def extent(self) -> Span:
        """The lines in which a cursor means it."""
        ...

    @property
    def line(self) -> int:
        """Where its line of buttons stands."""
        ...

    @property
    def usual(self) -> bool:
        """It is offered wherever the cursor is in it; others only to whoever asks."""
        ...

    @property
    def inviting(self) -> bool:
        """Its line of buttons is there before anything was run on it."""
        ...

    @property
    def given(self) -> str:
        """A digest of what it is measured against, where that stands in the same document; otherwise empty."""
        ...


class Selection(NamedTuple):
    """The lines of a cursor or of a selection, from 0, both included."""

    first: int
    last: int
    empty: bool
    """A cursor."""


class Pick(NamedTuple):
    """What a selection means, or why it means nothing."""

    target: Target | None
    reason: str = ""


class Outline(Protocol):
    """The targets of one text."""

    @property
    def kind(self) -> Kind:
        """What its targets are, or most of them."""
        ...

    @property
    def problem(self) -> Problem | None:
        """Why the text cannot be read; then there are no targets."""
        ...

    @property
    def elsewhere(self) -> Sequence[Reference]:
        """The prompts that it names, which stand in files of their own."""
        ...

    @property
    def targets(self) -> Sequence[Target]:
        """Those that are offered by themselves, outer before inner, in the order of the text."""
        ...

    def with_cases(self) -> Outline:
        """The same where cases for its prompts stand elsewhere."""
        ...

    def at(self, line: int) -> Target | None:
        """The innermost that holds the line."""
        ...

    def named(self, name: str) -> Sequence[Target]:
        """Those of that name, whether they are offered by themselves or not."""
        ...

    def meant(self, selection: Selection, kind: Kind | None = None) -> Pick:
        """What a selection means; `kind`: what it has to be, where there is a choice."""
        ...

    def obstacle(self, target: Target, source: str) -> str:
        """Why nothing can be run on a target; empty where something can. `source` is its text."""
        ...

    def same(self, source: str, option: str, name: str) -> bool:
        """Whether a target's text is that of an option, but for what formatting changes."""
        ...

    def landed(self, text: str, target: Target, source: str) -> str | None:
        """The text with an option in the target's place; None where it cannot stand there."""
        ...

    def remark(self, sentence: str) -> str:
        """A line that says something about the text to its reader."""
        ...


class Outlines(Protocol):
    """Outlines of open documents, kept from one version to the next."""

    def of(self, uri: str, version: int | None, text: str) -> Outline:
        """The outline of a document's text. Never raises."""
        ...

    async def soon(self, uri: str, version: int | None, text: str) -> Outline:
        """The same, for a text that may be long: others get their turn meanwhile. Never raises."""
        ...

    def forget(self, uri: str) -> None:
        """The document was closed."""
        ...
