"""A proposal: what a run found for one function or solution, and how it stands to a document now.

Nothing is tracked: whether it is ready, applied or stale follows from the document's text, so that undo, a checkout of
another branch and a restart need no special case. Evidence belongs to the text that was measured; what was edited
since is never merged with it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from secant.events import Score, TestCount
from secant.judging import Judges, Kind, kind_of
from secant.types import Frozen, SpeedUp
from secant_server import names
from secant_server.targets import Outline, Target
from secant_server.text import Span, excerpt, normalized

Decision = Literal["applied", "rejected"]
Standing = Literal["ready", "applied", "stale", "rejected", "superseded"]


class Option(Frozen):
    """One text that may take the function's or solution's place."""

    source: str
    """Whole lines with their own indentation and "\\n" ends."""
    diff: str = ""
    rationale: str = ""
    tests: TestCount
    speedup: SpeedUp | None = None
    score: Score | None = None
    """Of a prompt: on the held-out cases, before and after."""
    differs: tuple[Mapping[str, str], ...] = ()
    """Inputs on which it behaves otherwise than the winner: `{"call": …, "winner": …, "alternative": …}`."""


class Proposal(Frozen):
    """What a run found."""

    id: str
    """The run's."""
    path: Path
    name: str
    """As the engine names it: `Basket.total`, `## Solution`."""
    base: str
    """The text that was measured; whole lines with "\\n" ends."""
    given: str = ""
    """A digest of what it was measured against in its own document: a solution's problem."""
    judges: Judges = "tests"
    options: tuple[Option, ...]
    """The winner, then the alternatives."""
    goal: str = ""
    failed_before: int = 0
    """Tests that the original failed."""
    evidence: tuple[str, ...] = ()
    seconds: float = 0.0
    evaluations: int = 0
    confirmed: bool = True
    """False where the run ended before its best was verified by a cold test run."""
    created: float = 0.0
    """Seconds since the epoch."""

    @property
    def kind(self) -> Kind:
        return kind_of(self.judges)

    @property
    def label(self) -> str:
        """What it is called where its document is not in sight."""
        return names.label(self.kind, self.name, self.path)


class Placed(NamedTuple):
    """How a proposal stands to a text."""

    standing: Standing
    span: Span | None = None
    """Where its function is now; None where it is gone."""
    option: int | None = None
    """Which option is in the text, if one is."""


def placed(proposal: Proposal, text: str, outline: Outline, decision: Decision | None) -> Placed:
    """How the proposal stands to the text.

    A rejected one stays so, unless its text is there after all. One that was applied and edited since is done with:
    only an untouched base brings it back.

    While the text does not parse, a proposal stands as it did before wherever its own lines are still there.
    """
    if outline.problem is not None:
        return _placed_in_lines(proposal, normalized(text), decision)
    named = _named(proposal.name, text, outline)
    measured = _measured(proposal, named)
    if measured is not None:
        return Placed("rejected" if decision == "rejected" else "ready", measured.span)
    for target, source in named:
        for index, option in enumerate(proposal.options):
            if outline.same(source, option.source, proposal.name):
                return Placed("applied", target.span, index)
    return Placed(decision or "stale", _meant(proposal, named))


def _placed_in_lines(proposal: Proposal, text: str, decision: Decision | None) -> Placed:
    """The same for a text that does not parse: what is a function in it is not known, which lines it has is."""
    measured = _lines_of(proposal.base, text)
    if measured is not None:
        return Placed("rejected" if decision == "rejected" else "ready", measured)
    for index, option in enumerate(proposal.options):
        span = _lines_of(option.source, text)
        if span is not None:
            return Placed("applied", span, index)
    return Placed(decision or "stale")


def _lines_of(wanted: str, text: str) -> Span | None:
    """Where whole lines stand in a text."""
    body = normalized(wanted).removesuffix("\n")
    before, found, _ = f"\n{text}\n".partition(f"\n{body}\n")
    start = before.count("\n")
    return Span(start, start + body.count("\n") + 1) if found else None


def placed_all(
    proposals: Sequence[Proposal], text: str, outline: Outline, decisions: Mapping[str, Decision]
) -> list[tuple[Proposal, Placed]]:
    """All proposals of one document, the newest first. Of several for a function only the newest is offered.

    An older one whose own text is there again, because what came after it was undone, is offered again.
    """
    found: list[tuple[Proposal, Placed]] = []
    bases: dict[str, set[tuple[str, str]]] = {}
    for proposal in sorted(proposals, key=lambda p: p.created, reverse=True):
        place = placed(proposal, text, outline, decisions.get(proposal.id))
        later = bases.setdefault(proposal.name, set())
        measured = proposal.base, proposal.given
        if (place.standing == "stale" and later) or (place.standing == "ready" and measured in later):
            place = place._replace(standing="superseded")
        later.add(measured)
        found.append((proposal, place))
    return found


def merged(proposal: Proposal, option: int, text: str, outline: Outline) -> str | None:
    """The document with an option in its target's place, and what it brings along where that belongs.

    None unless that is exactly what was measured.
    """
    target = _measured(proposal, _named(proposal.name, text, outline))
    if target is None or not 0 <= option < len(proposal.options):
        return None
    return outline.landed(text, target, proposal.options[option].source)


def _named(name: str, text: str, outline: Outline) -> Sequence[tuple[Target, str]]:
    """The targets of a name, each with its text."""
    return [(target, excerpt(text, target.span)) for target in outline.named(name)]


def _measured(proposal: Proposal, named: Sequence[tuple[Target, str]]) -> Target | None:
    """Where the text stands that was measured, beside what it was measured against."""
    base = normalized(proposal.base)
    same = (target for target, source in named if source == base)
    return next((t for t in same if not proposal.given or t.given == proposal.given), None)


def _meant(proposal: Proposal, named: Sequence[tuple[Target, str]]) -> Span | None:
    """Of an edited property and its setter the one that begins as the base did: with the same decorator.

    A section that has no lines of its own is one that is missing.
    """
    first = proposal.base.partition("\n")[0]
    there = [(target, source) for target, source in named if target.extent.start < target.extent.end]
    alike = [target.span for target, source in there if source.partition("\n")[0] == first]
    return (alike or [target.span for target, _ in there] or [None])[-1]
