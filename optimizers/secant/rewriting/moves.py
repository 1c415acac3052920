"""Every edit that the rewrite optimizer may try, as ordered spaces of whole texts: single edits, second edits, pairs.

Source in, candidate sources out: nothing here runs a candidate or knows what has been tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from secant.rewriting import repair
from secant.rewriting.edit import Edit, Rewrite, apply
from secant.rewriting.enumeration import Enumeration
from secant.rewriting.facts import Facts
from secant.rewriting.source import FunctionSource
from secant.types import Frozen

RepairPhase = Literal["lite", "seconds", "full", "pairs"]


class Improver(Frozen):
    """A single edit that repaired a part of the failing tests."""

    text: str
    passed: int
    note: str


class Candidate(NamedTuple):
    """A text to propose, and why."""

    text: str
    note: str
    prior: float


class Move(NamedTuple):
    """Edits of one text. Tens of thousands are kept, so the text that they make is written only when it is proposed."""

    base: str
    edits: tuple[Edit, ...]
    prior: float
    before: str = ""
    """What was done to the seed to get `base`."""

    def candidate(self) -> Candidate:
        notes = [self.before] if self.before else []
        notes += [edit.note for edit in self.edits]
        text = apply(self.base, [splice for edit in self.edits for splice in edit.splices])
        return Candidate(text, "; ".join(notes), self.prior)


class Space(NamedTuple):
    """Everything that the moves of a phase and their order follow from."""

    phase: RepairPhase
    text: str
    facts: str
    """As JSON, which can be compared and hashed."""
    improvers: tuple[Improver, ...]
    most: int
    """Pairs in all, or second edits of each improver."""


@lru_cache(maxsize=2)
def moves(space: Space) -> Enumeration[Move]:
    """All moves of a space, in order. Remembered, since a run asks batch by batch."""
    text, facts = space.text, space.facts
    match space.phase:
        case "lite":
            return Enumeration(_singles(text, facts, "lite"))
        case "full":
            return Enumeration(_beyond_lite(text, facts))
        case "seconds":
            return Enumeration(_seconds(space.improvers, facts, space.most))
        case _:
            return Enumeration(_pairs(text, facts, space.most))


def _ranked(text: str, facts: str, level: Literal["lite", "full"]) -> Sequence[Edit]:
    return repair.ranked(FunctionSource(text), Facts.model_validate_json(facts), level)


def _singles(text: str, facts: str, level: Literal["lite", "full"]) -> Iterator[Move]:
    return (Move(text, (edit,), edit.prior) for edit in _ranked(text, facts, level))


def _beyond_lite(text: str, facts: str) -> Iterator[Move]:
    """The full catalogue without what the lite one made already."""
    known = {move.candidate().text for move in _singles(text, facts, "lite")}
    return (move for move in _singles(text, facts, "full") if move.candidate().text not in known)


def _seconds(improvers: Sequence[Improver], facts: str, most: int) -> Iterator[Move]:
    """Second edits on top of the partial repairs: the likeliest of each in turn."""
    lists = [list(islice(_singles(improver.text, facts, "lite"), most)) for improver in improvers]
    for rank in range(max(map(len, lists), default=0)):
        for improver, singles in zip(improvers, lists, strict=True):
            if rank < len(singles):
                move = singles[rank]
                yield move._replace(prior=move.prior / 2, before=improver.note)


def _pairs(text: str, facts: str, most: int) -> Iterator[Move]:
    for first, second in repair.pairs(FunctionSource(text), _ranked(text, facts, "lite"), most):
        yield Move(text, (first, second), first.prior * second.prior)


def faster(text: str, facts: Facts) -> Iterator[Candidate]:
    """Every rule's text, the rules' expectation first; ruff's fixes last."""
    from secant.rewriting import performance, ruff_fixes  # noqa: PLC0415  because a repair does not need these many rules

    source = FunctionSource(text)
    rewrites: list[Rewrite] = [*performance.rewrites(source, facts), *ruff_fixes.rewrites(source)]
    for rewrite in rewrites:
        yield Candidate(rewrite.text, rewrite.note, rewrite.prior)
