"""How a prompt did on its cases, as runs have measured it, and which rows of its data it fails.

A score belongs to the text that was measured. Whether it still tells something about a document follows from that text,
as for proposals: nothing is tracked. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from secant.events import Confirmed, Evaluated, Event, Finished, FoundTest, RunStarted, TargetFound, TestsFound
from secant.judging import judges_of
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
    metric: str = ""
    """Empty where that is not told."""
    model: str = ""
    """The one that ran the prompt, with its parameters, as the request has it."""
    created: float = 0.0

    def is_like(self, other: Measured) -> bool:
        """Whether the two were measured in the same way, on the same data: then more cases tell more."""
        same_metric = self.metric == other.metric or not (self.metric and other.metric)
        return same_metric and (self.given, self.model) == (other.given, other.model)


class Known(NamedTuple):
    """What is known of a prompt."""

    measured: Measured
    current: bool
    """It has the text that was measured."""


def known(measured: Iterable[Measured], name: str, text: str) -> Known | None:
    """The most telling score of a prompt's text; of another text of it where this one was never measured.

    That is the newest, or one that was measured in the same way on more cases: a search runs the prompt on few of them.
    """
    own = sorted((m for m in measured if m.name == name), key=lambda m: m.created, reverse=True)
    if not own:
        return None
    texts = [normalized(m.text) for m in own]
    wanted = normalized(text)
    chosen = wanted if wanted in texts else texts[0]
    same = [m for m, each in zip(own, texts, strict=True) if each == chosen]
    best = max((m for m in same if m.is_like(same[0])), key=lambda m: m.n)  # the newest of equals, which stands first
    return Known(best, current=chosen == wanted)


def place_of(test: FoundTest) -> Place | None:
    """Where a case stands; None where that is not told."""
    path, separator, line = test.place.rpartition(":")
    if not separator or not line.isdecimal() or int(line) < 1:
        return None
    return Place(Path(path), int(line) - 1)


def measured(events: Iterable[Event]) -> tuple[Measured, ...]:
    """The scores that a run on a prompt leaves: that of the text there was, and that of the one it found."""
    story = _Story()
    for event in events:
        story.take(event)
    return tuple(story.told())


class _Story:
    """The few events of a run that scores are made of."""

    def __init__(self) -> None:
        self._last = 0.0
        self._is_of_prompt = False
        self._folder = Path()
        self._request: Mapping[str, Any] = {}
        self._data: Sequence[str] = ()
        self._target: TargetFound | None = None
        self._cases: Mapping[str, FoundTest] = {}
        self._seed: Evaluation | None = None
        self._confirmed: dict[str, Evaluation] = {}
        self._finished: Finished | None = None

    def take(self, event: Event) -> None:
        self._last = max(self._last, event.time)
        match event:
            case RunStarted(kind=kind, request=request):
                self._is_of_prompt = judges_of(kind, request) == "cases"
                self._folder = Path(str(request.get("folder", "")))
                self._request = request
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
        if self._target is None or not self._is_of_prompt:
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
        score = self._finished.score if self._finished is not None else None
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
            metric=score.metric if score is not None else str(self._request.get("metric", "")),
            model=_model(self._request),
            created=self._last,
        )

    def _misses(self, results: Sequence[CaseResult]) -> Iterator[Miss]:
        for result in results:
            test = self._cases.get(result.case_id)
            place = place_of(test) if test is not None and result.score < 1.0 else None
            if place is not None:
                path = self._folder / place.path
                yield Miss(case=result.case_id, path=path, line=place.line, feedback=result.feedback)


def _model(request: Mapping[str, Any]) -> str:
    """Of the program's level; a level that is not named takes another's."""
    models: Mapping[str, Any] = request.get("models") or {}
    levels: Mapping[str, Any] = models.get("levels") or {}
    named = levels.get("program") or next(iter(levels.values()), None) or models.get("replay")
    return json.dumps(named, sort_keys=True, default=str) if named else ""
