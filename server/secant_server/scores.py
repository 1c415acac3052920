"""How a prompt did on its cases, as runs have measured it, and which rows of its data it fails.

A score belongs to the text that was measured. Whether it still tells something about a document follows from that text,
as for proposals: nothing is tracked. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.events import Confirmed, Evaluated, Event, Finished, FoundTest, RunStarted, TargetFound, TestsFound
from secant.types import CaseResult, Evaluation, Frozen
from secant_server.text import normalized


class Place(NamedTuple):
    """A line of a file, from 0."""

    path: Path
    line: int


class Miss(Frozen):
    """A case that a prompt fails."""

    case: str
    path: Path
    line: int
    """Where its row begins, from 0."""
    feedback: str = ""


class Measured(Frozen):
    """A text of a prompt on its cases."""

    run: str
    path: Path
    name: str
    """The prompt's, as the engine names it."""
    text: str
    share: float
    """Of what could be reached, in [0, 1]."""
    n: int
    """Cases."""
    misses: tuple[Miss, ...] = ()
    """Those with a place."""
    data: tuple[Path, ...] = ()
    """The files of its cases."""
    given: str = ""
    """A digest of them, as they were."""
    created: float = 0.0


class Known(NamedTuple):
    """What is known of a prompt."""

    measured: Measured
    current: bool
    """It has the text that was measured."""


def known(measured: Iterable[Measured], name: str, text: str) -> Known | None:
    """The newest score of a prompt's text; of another text of it where this one was never measured."""
    own = sorted((m for m in measured if m.name == name), key=lambda m: m.created, reverse=True)
    wanted = normalized(text)
    same = next((m for m in own if normalized(m.text) == wanted), None)
    if same is not None:
        return Known(same, current=True)
    return Known(own[0], current=False) if own else None


def place_of(test: FoundTest) -> Place | None:
    """Where a case stands; None where that is not told."""
    path, separator, line = test.place.rpartition(":")
    if not separator or not line.isdecimal() or int(line) < 1:
        return None
    return Place(Path(path), int(line) - 1)


def measured(events: Iterable[Event]) -> tuple[Measured, ...]:
    """The scores that a run leaves: that of the text there was, and that of the one it found."""
    story = _Story()
    for event in events:
        story.take(event)
    return tuple(story.told())


class _Story:
    """The few events of a run that scores are made of."""

    def __init__(self) -> None:
        self._last = 0.0
        self._folder = Path()
        self._data: Sequence[str] = ()
        self._target: TargetFound | None = None
        self._cases: Mapping[str, FoundTest] = {}
        self._seed: Evaluation | None = None
        self._confirmed: dict[str, Evaluation] = {}
        self._finished: Finished | None = None

    def take(self, event: Event) -> None:
        self._last = max(self._last, event.time)
        match event:
            case RunStarted(request=request):
                self._folder = Path(str(request.get("folder", "")))
            case TargetFound():
                self._target = event
            case TestsFound(tests=tests, searched=searched):
                self._cases = {test.id: test for test in tests}
                self._data = searched
            case Evaluated(stage="baseline", evaluation=Evaluation() as evaluation):
                self._seed = evaluation
            case Confirmed(artifact=artifact, evaluation=Evaluation() as evaluation):
                self._confirmed[artifact] = evaluation
            case Finished():
                self._finished = event
            case _:
                pass

    def told(self) -> Iterator[Measured]:
        if self._target is None:
            return
        score = self._finished.score if self._finished is not None else None
        if score is not None:
            yield self._measured(self._target.text, score.before, score.n, self._seed)
        elif self._seed is not None and self._seed.n:
            yield self._measured(self._target.text, self._seed.mean, self._seed.n, self._seed)
        if self._finished is not None and score is not None and score.after is not None and self._finished.source:
            winner = self._confirmed.get(self._finished.artifact or "")
            yield self._measured(self._finished.source, score.after, score.n, winner)

    def _measured(self, text: str, share: float, n: int, evaluation: Evaluation | None) -> Measured:
        assert self._target is not None
        return Measured(
            run=self._target.run,
            path=Path(self._target.path),
            name=self._target.name,
            text=text,
            share=share,
            n=n,
            misses=tuple(self._misses(evaluation.results if evaluation is not None else ())),
            data=tuple(self._folder / path for path in self._data),
            given=self._target.given,
            created=self._last,
        )

    def _misses(self, results: Sequence[CaseResult]) -> Iterator[Miss]:
        for result in results:
            test = self._cases.get(result.case_id)
            place = place_of(test) if test is not None and result.score < 1.0 else None
            if place is not None:
                path = self._folder / place.path
                yield Miss(case=result.case_id, path=path, line=place.line, feedback=result.feedback)
