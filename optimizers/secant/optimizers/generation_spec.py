"""What the optimizers that write prompts anew from scored prompts or from cases say, and how far they go: their data.

GPO, OPRO and APE share these parts and numbers; each adds its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from secant.optimizers.spec import PartedSpec
from secant.types import Frozen

SLOTS: Mapping[str, frozenset[str]] = {
    name: frozenset(names.split())
    for name, names in {
        "system": "",
        "task": "purpose",
        "purpose": "value",
        "usage": "value",
        "judged": "value",
        "exemplars": "value got",
        "context": "name role value",
        "limits": "items",
        "tokens": "items",
        "trouble": "items",
        "trouble_unparsable": "detail",
        "trouble_noop": "detail",
        "trouble_constraint": "detail",
        "trouble_duplicate": "detail",
        "trouble_rejected": "detail",
        "contract": "",
        "again": "detail",
    }.items()
}
COMMON = "task usage judged exemplars context tokens limits trouble contract"
"""The slots that every request has."""
MEASURED = {"whose": "", "got": "whose", "failing": "whose"}
"""The parts of those that show what a prompt led to on the cases."""


def with_slots(**more: str) -> Mapping[str, frozenset[str]]:
    """The shared parts and an optimizer's own, each with the names of its slots."""
    return {**SLOTS, **{name: frozenset(names.split()) for name, names in more.items()}}


class Exemplars(Frozen):
    """Which fit cases a request shows, and how much of them."""

    count: int = Field(ge=0)
    choice: Literal["failing", "spread", "random", "constant", "wrong"]
    """Those that the prompt to be bettered gets wrong, before others; drawn so that no expected answer comes twice
    before each was there; plainly drawn; the same throughout; or those that earlier prompts got wrong most often.
    """
    right: int = Field(ge=0)
    """Of failing cases: places that are kept for cases which that prompt gets right."""
    tokens: int = Field(ge=1)
    """For all of them."""
    each: int = Field(ge=1)
    """For each side of one."""


class GenerationKnobs(Frozen):
    """The numbers that all have."""

    exemplars: Exemplars
    ask_again: bool
    """Whether a reply that cannot be used is asked for once more."""
    troubles: int = Field(ge=0)
    """Unusable answers that the next request mentions."""
    raw_tokens: int = Field(ge=20)
    """What is kept of an answer that cannot be used."""
    offered: int = Field(ge=1)
    """Prompts in the final ranking."""


class GenerationSpec(PartedSpec):
    """One optimizer of the family. Subclasses name the type of their knobs and the slots of their parts."""

    slots: ClassVar[Mapping[str, frozenset[str]]] = SLOTS
