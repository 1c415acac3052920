"""What a journal says, read back once from front to back: everything that a resumed run needs and nothing else.

Knows the events, not the driver. What was turned down at once is forgotten with its step, so reading the journal of a
run of a hundred thousand candidates takes linear time and little memory.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from secant.budget import Spent
from secant.events import (
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    Improved,
    ModelCalled,
    Proposed,
    ProposedItem,
    RunStarted,
    Survived,
    Updated,
)
from secant.models.contract import ModelCall
from secant.search.trajectory import pooled
from secant.types import Evaluation, Proposal, Usage

BASELINE = "baseline"
"""The stage of the seed's own evaluation, in step 0."""


class Key(NamedTuple):
    """What makes two evaluations the same."""

    artifact: str
    stage: str
    cases: str


def digest(case_ids: Sequence[str]) -> str:
    """A short stable name of a batch of cases."""
    return hashlib.sha256(json.dumps(list(case_ids)).encode()).hexdigest()[:8]


def key_of(event: Evaluated) -> Key:
    return Key(event.artifact, event.stage, event.cases)


class Entry(NamedTuple):
    """A candidate of a finished step that the trajectory keeps."""

    proposal: Proposal
    evaluations: tuple[Evaluation, ...]
    survived: bool


class FinishedStep(NamedTuple):
    """A step whose update was journaled."""

    step: int
    entries: tuple[Entry, ...]
    accepted: tuple[str, ...]
    barren: bool
    """It had nothing new to measure."""


class History:
    """A run as its journal tells it. Filled by `take`, event by event."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.started: RunStarted | None = None
        self.finished: Finished | Failed | None = None
        self.seq = 0
        self.baseline: Evaluation | None = None
        self.baseline_told = False
        self.state: Mapping[str, Any] | None = None
        """The optimizer's state after the last finished step (step 0: after `initialize`)."""
        self.steps: list[FinishedStep] = []
        self.incumbent: str | None = None
        self.drawn = 0
        self.seen: set[str] = set()
        """Ids of the candidates that passed the screen in finished steps."""
        self.known: dict[Key, Evaluated] = {}
        """Evaluations that need not be run again."""
        self.pending: tuple[ProposedItem, ...] | None = None
        """What was proposed in the step that is not finished."""
        self.paid: dict[int, tuple[ProposedItem, ...]] = {}
        """By step, what a model was paid for, without the texts."""
        self.survivors: dict[str, Proposal] = {}
        self.confirmations: dict[str, Evaluation] = {}
        self.improved: set[tuple[int, str]] = set()
        self.calls: dict[str, ModelCall] = {}
        """Finished calls of models by key: the answers need not be paid for again."""
        self._usage: dict[str, Usage] = {}
        self._evaluations = 0
        self._seconds = 0.0
        self._time: float | None = None
        self._open = _OpenStep()
        for event in events:
            self.take(event)

    @property
    def request(self) -> Mapping[str, Any]:
        """The request as it was given; empty where the journal has no beginning."""
        return self.started.request if self.started else {}

    @property
    def step(self) -> int:
        """The last finished step."""
        return self.steps[-1].step if self.steps else 0

    @property
    def measured(self) -> list[Evaluation]:
        """What earlier sessions measured, in order."""
        finished = [e for step in self.steps for entry in step.entries for e in entry.evaluations]
        latest = [event.evaluation for event in self.known.values() if event.evaluation is not None]
        baseline = [self.baseline] if self.baseline is not None else []
        return [*baseline, *finished, *latest]

    @property
    def improved_step(self) -> int:
        """The last step with a new best; 0 where there was none."""
        return max((step for step, _ in self.improved), default=0)

    @property
    def barren(self) -> int:
        """How many of the last steps in a row had nothing new to measure."""
        steps = (s for s in reversed(self.steps) if s.step > 0)
        return sum(1 for _ in itertools.takewhile(lambda s: s.barren, steps))

    @property
    def spent(self) -> Spent:
        """What all sessions spent together. Time between sessions does not count."""
        return Spent(evaluations=self._evaluations, seconds=self._seconds, usage=self._usage)

    def take(self, event: Event) -> None:
        """The next event of the journal."""
        self.seq = max(self.seq, event.seq)
        if self._time is not None and not isinstance(event, RunStarted):
            self._seconds += max(0.0, event.time - self._time)
        self._time = event.time
        match event:
            case RunStarted():
                self.started = self.started or event
                self.finished = None
            case Proposed():
                self.pending = event.items
                paid = (i.model_copy(update={"proposal": None}) for i in event.items if i.proposal is not None)
                self.paid[event.step] = tuple(paid)
                self._usage = dict(event.usage)
                self._open.propose(event.items)
            case Evaluated():
                self._take_evaluated(event)
            case ModelCalled():
                self._take_call(event.call)
            case Survived():
                proposal = Proposal.model_validate(event.proposal)
                self.survivors[proposal.artifact.id] = proposal
                self._open.survived.add(proposal.artifact.id)
            case Improved():
                self.improved.add((event.step, event.artifact))
            case Updated():
                self._take_updated(event)
            case Confirmed():
                if event.evaluation is not None:
                    self.confirmations[event.artifact] = event.evaluation
            case Finished() | Failed():
                self._take_end(event)
            case _:
                self.baseline_told = self.baseline_told or event.type == BASELINE

    def _take_end(self, event: Finished | Failed) -> None:
        self.finished = event
        if isinstance(event, Finished) and event.usage:
            # with what was under way when the run was stopped, which may be billed and has no line of its own
            self._usage = dict(event.usage)

    def _take_evaluated(self, event: Evaluated) -> None:
        if event.stage == BASELINE:
            self.baseline = event.evaluation
            return
        self._evaluations += 1
        self.known[key_of(event)] = event
        self._open.evaluate(event)

    def _take_call(self, call: ModelCall) -> None:
        """The totals that the next `proposed` or `updated` tells have it in them; until then it counts by itself."""
        self.calls[call.key] = call
        self._usage[call.level] = self._usage.get(call.level, Usage()) + call.usage

    def _take_updated(self, event: Updated) -> None:
        self.state = event.state
        self.incumbent = event.incumbent
        self.drawn = event.drawn
        self._usage = dict(event.usage)
        closed = self._open
        self.steps.append(FinishedStep(event.step, closed.entries(), event.accepted, not closed.passed_screen))
        self.seen.update(closed.passed_screen)
        for key in closed.tallies:
            self.known.pop(key, None)
        self.pending = None
        self._open = _OpenStep()


class _OpenStep:
    """The events of a step until its update."""

    def __init__(self) -> None:
        self.survived: set[str] = set()
        self.passed_screen: list[str] = []
        self.tallies: list[Key] = []
        self._proposals: dict[str, Proposal] = {}
        self._evaluations: dict[str, list[Evaluation]] = {}

    def propose(self, items: Sequence[ProposedItem]) -> None:
        self.passed_screen = [item.id for item in items if item.status == "ok"]
        for item in items:
            if item.status == "ok" and item.proposal is not None:
                self._proposals[item.id] = Proposal.model_validate(item.proposal)

    def evaluate(self, event: Evaluated) -> None:
        if event.evaluation is None:
            self.tallies.append(key_of(event))
            return
        if event.proposal is not None:
            self._proposals[event.artifact] = Proposal.model_validate(event.proposal)
        self._evaluations.setdefault(event.artifact, []).append(event.evaluation)

    def entries(self) -> tuple[Entry, ...]:
        """In the order of the proposals. An evaluation of anything else was a probe, or the incumbent's."""
        kept = (i for i in self.passed_screen if i in self._proposals and i in self._evaluations)
        return tuple(Entry(self._proposals[i], pooled(self._evaluations[i]), i in self.survived) for i in kept)
