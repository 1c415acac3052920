"""A proposal: what a run found for one function, and how it stands to a document now.

Nothing is tracked: whether it is ready, applied or stale follows from the document's text, so that undo, a checkout of
another branch and a restart need no special case. Evidence belongs to the text that was measured; a function that was
edited since is never merged with it. Pure.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from secant import types
from secant.events import Alternative, Baseline, Event, Finished, Improved, Survived, TargetFound, TestCount
from secant.types import Frozen, SpeedUp
from secant_server.outline import Function, Outline
from secant_server.text import Span, excerpt, normalized, replaced

Decision = Literal["applied", "rejected"]
Standing = Literal["ready", "applied", "stale", "rejected", "superseded"]


class Option(Frozen):
    """One text that may take the function's place."""

    source: str
    """Whole lines with their own indentation and "\\n" ends."""
    diff: str = ""
    rationale: str = ""
    tests: TestCount
    speedup: SpeedUp | None = None
    differs: tuple[Mapping[str, str], ...] = ()
    """Inputs on which it behaves otherwise than the winner: `{"call": …, "winner": …, "alternative": …}`."""


class Proposal(Frozen):
    """What a run found."""

    id: str
    """The run's."""
    path: Path
    name: str
    """As Python names it: `Basket.total`."""
    base: str
    """The text that was measured; whole lines with "\\n" ends."""
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
    """
    functions = outline.named(proposal.name)
    measured = _with_text(functions, text, proposal.base)
    if measured is not None:
        return Placed("rejected" if decision == "rejected" else "ready", measured.span)
    for function in functions:
        source = excerpt(text, function.span)
        for index, option in enumerate(proposal.options):
            if _same_code(source, option.source):
                return Placed("applied", function.span, index)
    meant = _meant(functions, text, proposal.base)
    return Placed(decision or "stale", meant.span if meant is not None else None)


def placed_all(
    proposals: Sequence[Proposal], text: str, outline: Outline, decisions: Mapping[str, Decision]
) -> list[tuple[Proposal, Placed]]:
    """All proposals of one document. Of several for a function only the newest is offered, what came before is over."""
    found: list[tuple[Proposal, Placed]] = []
    seen: set[str] = set()
    for proposal in sorted(proposals, key=lambda p: p.created, reverse=True):
        place = placed(proposal, text, outline, decisions.get(proposal.id))
        if proposal.name in seen and place.standing in ("ready", "stale"):
            place = place._replace(standing="superseded")
        seen.add(proposal.name)
        found.append((proposal, place))
    return found


def merged(proposal: Proposal, option: int, text: str, outline: Outline) -> str | None:
    """The document with an option in the function's place; None unless the function is exactly what was measured."""
    function = _with_text(outline.named(proposal.name), text, proposal.base)
    if function is None or not 0 <= option < len(proposal.options):
        return None
    return replaced(text, function.span, proposal.options[option].source)


def _with_text(functions: Sequence[Function], text: str, wanted: str) -> Function | None:
    wanted = normalized(wanted)
    return next((f for f in functions if excerpt(text, f.span) == wanted), None)


def _meant(functions: Sequence[Function], text: str, base: str) -> Function | None:
    """Of an edited property and its setter the one that begins as the base did: with the same decorator."""
    first = base.partition("\n")[0]
    alike = [f for f in functions if excerpt(text, f.span).partition("\n")[0] == first]
    return (alike or list(functions) or [None])[-1]


def _same_code(one: str, other: str) -> bool:
    """Equal but for comments and layout: formatting on save must not make an applied proposal look foreign."""
    if one == normalized(other):
        return True
    first, second = _tree(one), _tree(other)
    return first is not None and first == second


def _tree(source: str) -> str | None:
    # Beneath an `if` where it is indented: taking the indentation away would change strings of several lines.
    try:
        return ast.dump(ast.parse(f"if 1:\n{source}" if source[:1] in (" ", "\t") else f"if 1:\n x\n{source}").body[-1])
    except (SyntaxError, ValueError, RecursionError):
        return None


# ---- from a run's events ---------------------------------------------------------------------------------------------


def from_events(events: Iterable[Event]) -> Proposal | None:
    """What a run offers. One that did not end, or was stopped, offers its best so far, which nobody has confirmed."""
    story = _Story()
    for event in events:
        story.take(event)
    return story.proposal()


class _Story:
    """The few events of a run that a proposal is made of."""

    def __init__(self) -> None:
        self._target: TargetFound | None = None
        self._baseline: Baseline | None = None
        self._best: Improved | None = None
        self._finished: Finished | None = None
        self._survivors: dict[str, str] = {}
        self._last = 0.0

    def take(self, event: Event) -> None:
        self._last = max(self._last, event.time)
        match event:
            case TargetFound():
                self._target = event
            case Baseline():
                self._baseline = event
            case Survived():
                self._survived(event)
            case Improved():
                self._best = event
            case Finished():
                self._finished = event
            case _:
                pass

    def proposal(self) -> Proposal | None:
        if self._target is None:
            return None
        finished = self._finished
        if finished is not None and finished.outcome == "unchanged":
            return None
        confirmed = finished is not None and finished.outcome == "improved" and bool(finished.source)
        options = _options(finished) if finished is not None and finished.source else self._best_so_far()
        if not options:
            return None
        return Proposal(
            id=self._target.run,
            path=Path(self._target.path),
            name=self._target.name,
            base=self._target.text,
            options=options,
            goal=(finished.goal if finished else "") or (self._baseline.goal if self._baseline else ""),
            failed_before=self._baseline.total - self._baseline.passed if self._baseline else 0,
            evidence=finished.evidence if finished else (),
            seconds=finished.seconds if finished else max(0.0, self._last - self._target.time),
            evaluations=finished.evaluations if finished else 0,
            confirmed=confirmed,
            created=self._last,
        )

    def _survived(self, event: Survived) -> None:
        try:
            artifact = types.Proposal.model_validate(event.proposal).artifact
        except ValidationError:  # written by a later version: then it is no candidate of ours
            return
        self._survivors[artifact.id] = artifact.parts[0].text

    def _best_so_far(self) -> tuple[Option, ...]:
        best = self._best
        source = self._survivors.get(best.artifact) if best is not None else None
        if best is None or source is None:
            return ()
        tests = TestCount(passed=best.passed, total=best.total)
        return (Option(source=source, rationale=best.rationale, tests=tests, speedup=best.speedup),)


def _options(finished: Finished) -> tuple[Option, ...]:
    winner = Option(
        source=finished.source,
        diff=finished.diff,
        rationale=finished.rationale,
        tests=finished.tests,
        speedup=finished.speedup,
    )
    return (winner, *(_alternative(alternative) for alternative in finished.alternatives))


def _alternative(alternative: Alternative) -> Option:
    return Option(
        source=alternative.source,
        diff=alternative.diff,
        rationale=alternative.rationale,
        tests=alternative.tests,
        speedup=alternative.speedup,
        differs=alternative.differs,
    )
