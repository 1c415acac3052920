"""Stopped runs: what is waited for and what is not, and that such a run can be gone on with, whatever it had found."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cards.climbers import RuleClimber
from cards.toy import SEED, Letters, artifact, run

from secant import engine, framing
from secant.budget import Budget, Spent
from secant.cancellation import Cancellation, Interrupted, Stopped
from secant.config import OptimizeRequest
from secant.confirmation import Candidate, ConfirmationRules, Confirmer
from secant.driver import Driver
from secant.events import Confirmed, Evaluated, Event, Finished, Improved
from secant.journal import Recorder, RunStore
from secant.types import Artifact, Evaluation, Proposal, Task, Usage

pytestmark = pytest.mark.usefixtures("preloaded_workers")

RANGES = """\
def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return low
    return value
"""
TESTS = """\
from ranges import clamp

def test_above():
    assert clamp(11, 0, 10) == 10

def test_below():
    assert clamp(-3, 0, 10) == 0
"""
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


# What is waited for


def test_only_what_can_be_done_without_is_interrupted() -> None:
    cancellation = Cancellation()
    with cancellation.dispensable():
        cancellation.check()
    cancellation.cancel("stop")
    cancellation.check()
    with cancellation.dispensable(), pytest.raises(Interrupted, match="stop"):
        cancellation.check()
    cancellation.check()


class Waiting(Letters):
    """The second evaluation of a candidate takes long: the stop comes while it is waited for."""

    def __init__(self, cancellation: Cancellation) -> None:
        super().__init__()
        self._cancellation = cancellation

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Any:
        for evaluation in super().evaluate(artifacts, stage, case_ids):
            if len(self.runs) == 2:
                self._cancellation.cancel("stopped by the user")
                self._cancellation.check()
            yield evaluation


def test_an_evaluation_is_not_waited_for_once_the_run_is_to_end() -> None:
    cancellation, events = Cancellation(), list[Event]()
    evaluator = Waiting(cancellation)
    driver = Driver(
        RuleClimber(width=20),
        evaluator,
        Task(kind="prompt", goal="spell"),
        SEED,
        recorder=Recorder("r", None, [events.append]),
        budget=Budget(),
        cancellation=cancellation,
    )
    outcome = driver.run()
    assert (outcome.stop, outcome.reason) == ("cancelled", "stopped by the user")
    assert len(evaluator.runs) == 2
    told = [event for event in events if isinstance(event, Evaluated) and event.stage != "baseline"]
    assert len(told) == outcome.spent.evaluations == 1


# What is confirmed


def candidates(*words: str) -> list[Candidate]:
    return [Candidate(Proposal(artifact=artifact(w)), Evaluation(artifact_id=artifact(w).id, stage="x")) for w in words]


class Noting(Letters):
    """Notes beside which winner each artifact is confirmed."""

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.asked: list[tuple[Artifact, Artifact | None]] = []
        self._then = then

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        self.asked.append((artifact, winner))
        self._then()
        return super().confirm(artifact, winner)


def confirmed(evaluator: Letters, cancellation: Cancellation, known: dict[str, Evaluation] | None = None) -> list[str]:
    confirmer = Confirmer(evaluator, Recorder("r", None), cancellation, ConfirmationRules(), known=known or {})
    found = confirmer.run(candidates("secant", "secana", "secaaa"), hurried=False)
    return [each.proposal.artifact.text for each in found]


def test_whoever_stops_a_run_waits_for_the_winner_alone() -> None:
    cancellation = Cancellation()
    evaluator = Noting(then=cancellation.cancel)
    assert confirmed(evaluator, cancellation) == ["secant"]
    assert len(evaluator.asked) == 1


def test_a_stop_while_the_best_are_confirmed_is_told_as_one() -> None:
    cancellation = Cancellation()

    def after_the_winner(event: Event, /) -> None:
        if isinstance(event, Confirmed):
            cancellation.cancel("stopped by the user")

    done = run(RuleClimber(), steps=200, cancellation=cancellation, listeners=[after_the_winner])
    assert (done.outcome.stop, done.outcome.reason) == ("cancelled", "stopped by the user")
    assert len(done.outcome.confirmed) == 1


def test_a_winner_that_an_earlier_session_confirmed_is_known_to_its_alternatives() -> None:
    evaluator = Noting()
    known = {artifact("secant").id: Letters().confirm(artifact("secant"))}
    assert confirmed(evaluator, Cancellation(), known) == ["secant", "secana", "secaaa"]
    assert evaluator.asked == [(artifact("secana"), artifact("secant")), (artifact("secaaa"), artifact("secant"))]


# Going on


class Session:
    """Events of one session; it is stopped at the first event of a kind."""

    def __init__(self, stop_at: type[Event] | None = None) -> None:
        self.events: list[Any] = []
        self.cancellation = Cancellation()
        self._stop_at = stop_at

    def __call__(self, event: Event, /) -> None:
        self.events.append(event)
        if self._stop_at is not None and isinstance(event, self._stop_at):
            self.cancellation.cancel("stopped by the user")

    def of(self, kind: type[Event]) -> list[str]:
        return [event.artifact for event in self.events if isinstance(event, kind)]


def test_a_run_that_was_stopped_with_an_improvement_is_gone_on_with(tmp_path: Path) -> None:
    for name, text in {"pytest.ini": "[pytest]\n", "ranges.py": RANGES, "test_ranges.py": TESTS}.items():
        (tmp_path / name).write_text(text)
    first, second, third = Session(Improved), Session(), Session()
    request = OptimizeRequest(target="ranges.py::clamp", folder=tmp_path, max_evaluations=150)
    engine.optimize(request, [first], first.cancellation, ENVIRONMENT)
    stopped = first.events[-1]
    assert (stopped.outcome, stopped.stopped, stopped.alternatives) == ("improved", True, ())
    store = RunStore(tmp_path)
    assert engine.resume(store, stopped.run, [second], Cancellation(), ENVIRONMENT) == 0
    ended = second.events[-1]
    assert (ended.outcome, ended.stopped, ended.source) == ("improved", False, stopped.source)
    assert ended.evaluations > stopped.evaluations
    assert ended.alternatives
    both = first.of(Confirmed) + second.of(Confirmed)
    assert len(set(both)) == len(both)
    assert engine.resume(store, stopped.run, [third], Cancellation(), ENVIRONMENT) == 2
    assert "is finished" in third.events[-1].message


class Halted:
    """A search that is stopped after it has paid for something."""

    goal = "fix"
    spent = Spent(evaluations=3, seconds=2.5, usage={"program": Usage(calls=4, usd=0.5)})

    def run(self) -> Finished:
        raise Stopped("the run was stopped before there was anything to keep")

    def write(self, source: str) -> None:
        """Never asked for."""


def test_what_a_run_has_spent_that_was_stopped_early_is_told() -> None:
    last = framing.finished(Halted(), Recorder("1", None), apply=False)
    assert (last.outcome, last.evaluations, last.seconds) == ("stopped", 3, 2.5)
    assert last.usage["program"].calls == 4
