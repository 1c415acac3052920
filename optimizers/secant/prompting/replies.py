"""What a usable reply holds, and what a reply gave: values only."""

from __future__ import annotations

from typing import Literal, NamedTuple

from secant.types import Frozen, Kind

Rung = Literal["tags", "open_tag", "json", "fence", "none"]
Flag = Literal["several", "stray_tag", "end_tag_missing", "fence_stripped", "reindented"]
Problem = Literal[
    "failed",
    "refused",
    "no_text",
    "truncated",
    "missing",
    "tags_inside",
    "empty",
    "noop",
    "echo",
    "lost",
    "not_python",
    "undefined",
]
ASK_AGAIN: frozenset[Problem] = frozenset(
    {"no_text", "truncated", "missing", "tags_inside", "empty", "echo", "lost", "not_python", "undefined"}
)
"""Faults of form: asking once more may help. A refusal, a failed call and an unchanged text are answers."""


class Expected(Frozen):
    """What a usable reply holds."""

    kind: Kind = "prompt"
    tag: str = "IMPROVED"
    """As it stands in the request, with its suffix."""
    keys: tuple[str, ...] = ("improved",)
    """Of a JSON object that stands for the tags."""
    current: str = ""
    """The text that is to be changed; its last line end is given to the new one."""
    must_keep: tuple[str, ...] = ()
    name: str = ""
    """For functions: what has to be defined. Of `Class.method` the last part."""
    instructions: str = ""
    """The request without its data, to know an echo by."""


class Reply(Frozen):
    """What a completion gave: a value, or a problem in a word and in a sentence."""

    value: str = ""
    rung: Rung = "none"
    flags: tuple[Flag, ...] = ()
    problem: Problem | None = None
    detail: str = ""
    note: str = ""
    """What the model says that it changed."""
    raw: str = ""
    response_id: str = ""

    @property
    def ok(self) -> bool:
        return self.problem is None

    @property
    def truncated(self) -> bool:
        """The reply ended at the length limit before its text did: with more room it may succeed."""
        return self.problem == "truncated"


class Found(NamedTuple):
    """A text somewhere on the ladder."""

    value: str
    rung: Rung
    flags: tuple[Flag, ...] = ()


class Unusable(NamedTuple):
    problem: Problem
    detail: str
