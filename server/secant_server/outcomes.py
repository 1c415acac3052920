"""What a run's events come to: the proposal that it offers, if it offers one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from secant import types
from secant.events import (
    Alternative,
    Baseline,
    Confirmed,
    Event,
    Finished,
    Improved,
    RunStarted,
    Survived,
    TargetFound,
    TestCount,
)
from secant.judging import judges_of
from secant_server.proposals import Option, Proposal


def from_events(events: Iterable[Event]) -> Proposal | None:
    """What a run offers. One that did not end, or was stopped, offers its best so far, which nobody has confirmed."""
    story = _Story()
    for event in events:
        story.take(event)
    return story.proposal()


class _Story:
    """The few events of a run that a proposal is made of."""

    def __init__(self) -> None:
        self._started: RunStarted | None = None
        self._target: TargetFound | None = None
        self._baseline: Baseline | None = None
        self._improved: list[Improved] = []
        self._verdicts: dict[str, Confirmed] = {}
        self._finished: Finished | None = None
        self._survivors: dict[str, str] = {}
        self._last = 0.0

    def take(self, event: Event) -> None:
        self._last = max(self._last, event.time)
        match event:
            case RunStarted():
                self._started = event
            case TargetFound():
                self._target = event
            case Baseline():
                self._baseline = event
            case Survived():
                self._survived(event)
            case Improved():
                self._improved.append(event)
            case Confirmed():
                self._verdicts[event.artifact] = event
            case Finished():
                self._finished = event
            case _:
                pass

    def proposal(self) -> Proposal | None:
        if self._target is None:
            return None
        finished = self._finished
        if finished is not None and finished.outcome in ("unchanged", "scored"):
            return None
        best = self._best()
        judges = judges_of(self._started.kind, self._started.request) if self._started else "tests"
        if finished is not None and finished.source:
            options, confirmed = _options(finished), finished.outcome == "improved"
        elif best is not None and judges != "cases":  # a prompt's candidates are not written as its file has them
            options, confirmed = (self._so_far(best),), best.artifact in self._verdicts
        else:
            return None
        return Proposal(
            id=self._target.run,
            path=Path(self._target.path),
            name=self._target.name,
            base=self._target.text,
            given=self._target.given if judges != "cases" else "",  # cases may stand anywhere
            judges=judges,
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

    def _best(self) -> Improved | None:
        """The last new best that no confirmation has refuted."""
        refuted = {verdict.artifact for verdict in self._verdicts.values() if not verdict.ok}
        known = [e for e in self._improved if e.artifact in self._survivors and e.artifact not in refuted]
        return known[-1] if known else None

    def _so_far(self, best: Improved) -> Option:
        measured = self._verdicts.get(best.artifact, best)
        return Option(
            source=self._survivors[best.artifact],
            rationale=best.rationale,
            tests=TestCount(passed=measured.passed, total=measured.total),
            speedup=measured.speedup,
        )


def _options(finished: Finished) -> tuple[Option, ...]:
    winner = Option(
        source=finished.source,
        diff=finished.diff,
        rationale=finished.rationale,
        tests=finished.tests,
        speedup=finished.speedup,
        score=finished.score,
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
