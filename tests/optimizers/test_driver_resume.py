"""A run that was killed at any byte of its journal goes on as if it had not been: nothing is paid for twice."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cards.climbers import ClimberState, ModelClimber, RuleClimber
from cards.toy import Letters, Run, run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secant.budget import Limits
from secant.events import Evaluated, Improved, Proposed, Survived, Updated
from secant.history import History, key_of
from secant.journal import Journal, read
from secant.optimizer import Plan, Stage

STEPS = 5


class HalvingClimber(RuleClimber):
    """The rule climber with a bandit in the place of gates."""

    name = "halving-climber"

    def initialize(self, ctx) -> ClimberState:
        settings = {"pulls": 30, "keep": 2}
        return ClimberState(
            incumbent=ctx.seed.id,
            plan=Plan(allocator="successive_halving", stages=(Stage(),), settings=settings),
        )


OPTIMIZERS = [RuleClimber, ModelClimber, HalvingClimber]


def result(done: Run) -> tuple:
    """What must not depend on how often a run was interrupted."""
    confirmed = [(c.proposal.artifact.text, c.evaluation.mean) for c in done.outcome.confirmed]
    return done.state, done.outcome.ranking, confirmed, done.outcome.steps


def resumed(optimizer, path: Path, *, limits: Limits | None = None) -> Run:
    journal = Journal(path, create=False)
    try:
        return run(optimizer, steps=STEPS, journal=journal, history=History(read(path)), limits=limits)
    finally:
        journal.close()


def written(optimizer, path: Path, *, limits: Limits | None = None, steps: int = STEPS) -> Run:
    journal = Journal(path, create=True)
    try:
        return run(optimizer, steps=steps, journal=journal, limits=limits)
    finally:
        journal.close()


@pytest.fixture(scope="module", autouse=True)
def no_power_failure() -> Iterator[None]:
    """A killed process loses nothing that it wrote: waiting for the disk is not what is tried here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: None)
        yield


@pytest.fixture(scope="module", params=OPTIMIZERS, ids=lambda o: o.name)
def whole(request, tmp_path_factory) -> tuple[type, Run, bytes]:
    path = tmp_path_factory.mktemp("whole") / "run.jsonl"
    done = written(request.param(), path)
    return request.param, done, path.read_bytes()


def test_killed_after_any_line(whole: tuple[type, Run, bytes], tmp_path: Path) -> None:
    optimizer, done, data = whole
    lines = data.splitlines(keepends=True)
    path = tmp_path / "cut.jsonl"
    for count in range(len(lines)):
        path.write_bytes(b"".join(lines[:count]))
        again = resumed(optimizer(), path)
        assert result(again) == result(done), count
        assert_paid_once(path, done)


def test_killed_at_any_byte_is_killed_after_the_line_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    written(ModelClimber(), path, steps=1)
    data = path.read_bytes()
    path.unlink()
    path.touch()
    for size in range(1, len(data) + 1):
        with path.open("ab") as file:  # what the repair before cut off, and one byte more
            file.write(data[file.tell() : size])
        ends = data[:size].rfind(b"\n") + 1
        assert sum(1 for _ in read(path)) == data.count(b"\n", 0, size)
        Journal(path, create=False).close()
        assert path.stat().st_size == ends
    assert path.read_bytes() == data


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_killed_again_and_again(whole: tuple[type, Run, bytes], tmp_path: Path, cuts: list[float]) -> None:
    optimizer, done, data = whole
    path = tmp_path / "cut.jsonl"
    path.write_bytes(data)
    for cut in cuts:
        kept = path.read_bytes()
        path.write_bytes(kept[: int(cut * len(kept))])
        again = resumed(optimizer(), path)
    assert result(again) == result(done)
    assert_paid_once(path, done)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: o.name)
def test_resume_n_and_resume_m_is_run_n_plus_m(optimizer, tmp_path: Path) -> None:
    dice = random.Random(0)
    total = 24
    done = written(optimizer(), tmp_path / "whole.jsonl", limits=Limits(evaluations=total))
    for number in range(12):
        path = tmp_path / f"{number}.jsonl"
        first = written(optimizer(), path, limits=Limits(evaluations=dice.randrange(total)))
        second = resumed(optimizer(), path, limits=Limits(evaluations=total))
        assert result(second) == result(done)
        assert len(first.evaluator.runs) + len(second.evaluator.runs) == len(done.evaluator.runs)
        assert second.outcome.spent.evaluations == done.outcome.spent.evaluations
        assert second.outcome.spent.usage == done.outcome.spent.usage
        assert_paid_once(path, done)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: o.name)
@pytest.mark.parametrize("evaluations", range(1, 24, 3))
def test_resuming_without_more_budget_finds_the_same_again(optimizer, evaluations: int, tmp_path: Path) -> None:
    limits = Limits(evaluations=evaluations)
    first = written(optimizer(), tmp_path / "run.jsonl", limits=limits)
    again = resumed(optimizer(), tmp_path / "run.jsonl", limits=limits)
    assert again.evaluator.runs == []
    assert again.model.calls == []
    assert again.outcome.ranking == first.outcome.ranking


def test_resuming_a_finished_run_runs_nothing(whole: tuple[type, Run, bytes], tmp_path: Path) -> None:
    optimizer, done, data = whole
    path = tmp_path / "finished.jsonl"
    path.write_bytes(data)
    again = resumed(optimizer(), path)
    assert again.evaluator.runs == []
    assert again.evaluator.baselines == 0
    assert again.evaluator.confirmed == []
    assert again.model.calls == []
    assert result(again) == result(done)


def test_paid_proposals_of_an_open_step_are_not_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    done = written(ModelClimber(), path)
    lines = path.read_bytes().splitlines(keepends=True)
    proposed = [n for n, e in enumerate(read(path)) if isinstance(e, Proposed)]
    path.write_bytes(b"".join(lines[: proposed[2] + 1]))
    again = resumed(ModelClimber(), path)
    assert len(again.model.calls) == STEPS - 3
    assert again.outcome.spent.usage == done.outcome.spent.usage


def test_what_a_crash_loses_is_one_answer_at_most(whole: tuple[type, Run, bytes], tmp_path: Path) -> None:
    optimizer, done, data = whole
    lines = data.splitlines(keepends=True)
    path = tmp_path / "cut.jsonl"
    path.write_bytes(b"".join(lines[: len(lines) // 2]) + lines[len(lines) // 2][:-5])
    before = sum(isinstance(e, Evaluated) and e.step > 0 for e in read(path))
    again = resumed(optimizer(), path)
    assert before + len(again.evaluator.runs) == len(done.evaluator.runs)


def test_the_state_type_reads_the_journaled_state_back(whole: tuple[type, Run, bytes]) -> None:
    optimizer, done, _ = whole
    state = optimizer.state_type.model_validate(done.state)
    assert state.model_dump(mode="json") == done.state


def test_an_evaluator_that_was_never_asked_for_the_baseline_serves_a_resumed_run(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    written(RuleClimber(), path, limits=Limits(evaluations=3))
    again = resumed(RuleClimber(), path)
    assert isinstance(again.evaluator, Letters)
    assert again.evaluator.baselines == 0
    assert again.evaluator.runs


def assert_paid_once(path: Path, done: Run) -> None:
    """No evaluation, survivor, new best or update is in the journal twice."""
    told = list(read(path))
    for kind, name in ((Evaluated, key_of), (Survived, lambda e: str(e.proposal)), (Updated, lambda e: e.step)):
        names = [name(e) for e in told if isinstance(e, kind)]
        assert len(names) == len(set(names)), kind
    bests = [(e.step, e.artifact) for e in told if isinstance(e, Improved)]
    assert bests == [(e.step, e.artifact) for e in done.of(Improved)]
