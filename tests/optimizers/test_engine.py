"""Runs from request to last event, with real workers on tiny projects."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.errors import BadRequest, FileChanged
from secant.events import Baseline, Evaluated, Event, Failed, Finished, Notice, RunStarted, TargetFound, Updated
from secant.functions.optimization import FunctionOptimization
from secant.journal import RunStore

pytestmark = pytest.mark.usefixtures("preloaded_workers")

CLAMP = """\
LOW = 0

def clamp(value, low=LOW, high=9):  # both ends belong to it
    if value < low:
        return low
    if value > high:
        return low
    return value
"""
FIXED = CLAMP.replace("> high:\n        return low", "> high:\n        return high")
TESTS = """\
from ranges import clamp

def test_inside():
    assert clamp(5) == 5

def test_above():
    assert clamp(11, 0, 10) == 10
    assert clamp(12) == 9

def test_below():
    assert clamp(-3) == 0
"""
SLOW = """\
def common(first, second):
    found = []
    for item in first:
        if item in second:
            found.append(item)
    return found
"""
SLOW_TESTS = """\
from shared import common

def test_common():
    assert common(list(range(300)), list(range(150, 450))) == list(range(150, 300))
"""


class Run(NamedTuple):
    """A session that is over."""

    code: int
    events: list[Event]
    folder: Path

    @property
    def last(self) -> Any:
        return self.events[-1]

    @property
    def id(self) -> str:
        return self.last.run

    @property
    def store(self) -> RunStore:
        return RunStore(self.folder)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def evaluated(self) -> list[tuple[str, str]]:
        return [(event.artifact, event.stage) for event in self.of(Evaluated)]


def project(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def clamp_project(folder: Path) -> Path:
    return project(folder, {"ranges.py": CLAMP, "test_ranges.py": TESTS})


def optimize(
    folder: Path,
    target: str = "ranges.py::clamp",
    *,
    listeners: Sequence[Callable[[Event], object]] = (),
    cancellation: Cancellation | None = None,
    **fields: Any,
) -> Run:
    events: list[Event] = []
    request = OptimizeRequest(target=target, folder=folder, **fields)
    code = engine.optimize(request, [events.append, *listeners], cancellation or Cancellation(), dict(os.environ))
    return Run(code, events, folder)


def resume(run: Run, name: str | None = None) -> Run:
    events: list[Event] = []
    code = engine.resume(run.store, name or run.id, [events.append], Cancellation(), dict(os.environ))
    return Run(code, events, run.folder)


class Stopper:
    """Cancels at the n-th event of a kind."""

    def __init__(self, kind: type[Event], number: int = 1, times: int = 1) -> None:
        self.cancellation = Cancellation()
        self._kind, self._left, self._times = kind, number, times

    def __call__(self, event: Event, /) -> None:
        self._left -= isinstance(event, self._kind)
        if self._left == 0:
            self._left = -1
            for _ in range(self._times):
                self.cancellation.cancel("stopped by a test")


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return optimize(clamp_project(tmp_path_factory.mktemp("fixed")))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return optimize(clamp_project(tmp_path_factory.mktemp("short")), max_evaluations=1)


# What comes out


def test_a_failing_test_is_repaired_and_confirmed(fixed: Run) -> None:
    assert fixed.code == 0
    assert fixed.last.outcome == "improved"
    assert fixed.last.goal == "fix"
    assert (fixed.last.tests.passed, fixed.last.tests.total) == (3, 3)
    assert fixed.last.source in FIXED
    assert "+        return high" in fixed.last.diff
    assert fixed.last.evidence[0].startswith("3 of 3 tests pass, confirmed by a cold pytest run on a copy; before, 2")


def test_without_apply_no_file_is_changed(fixed: Run) -> None:
    assert (fixed.folder / "ranges.py").read_text() == CLAMP
    left = {path.name for path in fixed.folder.iterdir()} - {"__pycache__", ".pytest_cache"}
    assert left == {"pytest.ini", "ranges.py", "test_ranges.py", ".secant"}


def test_every_event_but_progress_is_journaled_before_the_run_is_over(fixed: Run) -> None:
    told = [event for event in fixed.events if event.type != "progress"]
    assert list(fixed.store.read(fixed.id)) == told
    assert [event.seq for event in fixed.events] == list(range(1, len(fixed.events) + 1))


def test_the_request_is_journaled_as_it_was_given(fixed: Run) -> None:
    (started,) = fixed.of(RunStarted)
    assert OptimizeRequest.model_validate(dict(started.request)).target == "ranges.py::clamp"
    assert not started.resumed


@pytest.mark.usefixtures("started_workers")
def test_a_slow_function_is_made_faster(tmp_path: Path) -> None:
    folder = project(tmp_path, {"shared.py": SLOW, "test_shared.py": SLOW_TESTS})
    run = optimize(folder, "shared.py::common")
    assert run.code == 0
    assert (run.last.outcome, run.last.goal) == ("improved", "faster")
    assert run.last.speedup.verdict == "faster"
    assert "set(second)" in run.last.source
    assert any("behaves like the original" in sentence for sentence in run.last.evidence)


def test_where_nothing_is_to_be_repaired_that_is_said(tmp_path: Path) -> None:
    run = optimize(project(tmp_path, {"ranges.py": FIXED, "test_ranges.py": TESTS}), goal="fix")
    assert run.code == 3
    assert run.last.outcome == "unchanged"
    assert run.last.reason == "all 3 tests pass already; for speed: --goal faster"


def test_a_budget_that_is_too_small_is_an_unchanged_run(short: Run) -> None:
    assert short.code == 3
    assert short.last.outcome == "unchanged"
    assert short.last.evaluations == 1
    assert "budget of evaluations" in short.last.reason


def test_what_fails_cannot_be_made_faster(tmp_path: Path) -> None:
    run = optimize(clamp_project(tmp_path), goal="faster")
    assert run.code == 2
    assert isinstance(run.last, Failed)
    assert "1 of 3 tests fail" in run.last.message
    assert "test_ranges.py::test_above" in run.last.message
    assert "--goal fix" in run.last.hint


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"target": "ranges.py::clump"}, "clamp"),
        ({"target": "rangs.py::clamp"}, "ranges.py"),
        ({"optimizer": "rewrit"}, "rewrite"),
    ],
)
def test_a_bad_request_is_told_as_the_only_event(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    run = optimize(clamp_project(tmp_path), **fields)
    assert run.code == 2
    assert [event.type for event in run.events] == ["failed"]
    assert said in run.last.message + run.last.hint
    assert not (tmp_path / ".secant").exists()


# Writing


@pytest.mark.usefixtures("started_workers")
def test_apply_replaces_the_function_and_nothing_else(tmp_path: Path) -> None:
    run = optimize(clamp_project(tmp_path), apply=True, max_evaluations=100)
    assert run.last.applied
    assert (tmp_path / "ranges.py").read_text() == FIXED


def test_a_file_that_changed_while_it_ran_is_not_written(tmp_path: Path) -> None:
    edited = CLAMP + "\n# a colleague's line\n"

    def edit(event: Event) -> None:
        if isinstance(event, Baseline):
            (tmp_path / "ranges.py").write_text(edited)

    run = optimize(clamp_project(tmp_path), apply=True, listeners=[edit], max_evaluations=100)
    assert (tmp_path / "ranges.py").read_text() == edited
    assert run.last.outcome == "improved"
    assert not run.last.applied
    (notice,) = run.of(Notice)
    assert "ranges.py" in notice.message
    assert f"secant show {run.id}" in notice.hint


def test_a_finished_run_is_applied_later(fixed: Run) -> None:
    source = fixed.folder / "ranges.py"
    try:
        path, rationale = engine.apply_run(fixed.store, fixed.id)
        assert path == source
        assert rationale == fixed.last.rationale
        assert source.read_text() == FIXED
        with pytest.raises(FileChanged, match="not what was measured"):
            engine.apply_run(fixed.store, fixed.id)
    finally:
        source.write_text(CLAMP)


def test_an_alternative_is_applied_by_its_number(fixed: Run) -> None:
    assert fixed.last.alternatives
    source = fixed.folder / "ranges.py"
    try:
        _, rationale = engine.apply_run(fixed.store, fixed.id, 1)
        assert rationale == fixed.last.alternatives[0].rationale
        assert fixed.last.alternatives[0].source in source.read_text()
    finally:
        source.write_text(CLAMP)


@pytest.mark.parametrize("number", [-1, 9])
def test_an_alternative_that_is_not_there_is_refused(fixed: Run, number: int) -> None:
    with pytest.raises(BadRequest, match=f"no number {number}"):
        engine.apply_run(fixed.store, fixed.id, number)


# What can go wrong with a run itself


def test_a_workspace_that_cannot_be_written_is_said_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = clamp_project(tmp_path)
    (folder / ".secant").write_text("a file where a folder should be")
    run = optimize(folder, max_evaluations=1)
    notice = run.of(Notice)[0]
    assert "not journaled" in notice.message
    assert str(folder) in notice.hint
    assert isinstance(run.last, Finished)


def broken(*_: object) -> Finished:
    raise ZeroDivisionError("a fault of ours")


@pytest.mark.parametrize("writable", [True, False])
def test_a_fault_of_ours_is_told_as_such_and_explained_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    monkeypatch.setattr(FunctionOptimization, "run", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = clamp_project(tmp_path / "project")
    if not writable:
        (folder / ".secant").write_text("a file where a folder should be")
    run = optimize(folder)
    assert run.code == 1
    assert "Secant itself failed (ZeroDivisionError: a fault of ours)" in run.last.message
    assert not any("Traceback" in event.model_dump_json() for event in run.events)
    place = Path(run.last.hint.partition("details are in ")[2].partition(";")[0])
    assert "a fault of ours" in place.read_text()
    assert (folder in place.parents) is writable
    assert ("secant show" in run.last.hint) is writable


# Stopping and going on


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Run:
    stopper = Stopper(Evaluated, 10)
    folder = clamp_project(tmp_path_factory.mktemp("stopped"))
    return optimize(folder, listeners=[stopper], cancellation=stopper.cancellation)


def test_a_stopped_run_says_so(stopped: Run) -> None:
    assert stopped.code == 3
    assert stopped.last.outcome == "stopped"


def test_a_run_that_is_resumed_ends_as_if_it_had_not_been_stopped(stopped: Run, fixed: Run) -> None:
    """resume(n) + resume(m) == run(n + m), and nothing is paid for twice."""
    again = resume(stopped)
    both = stopped.evaluated() + again.evaluated()
    assert again.code == 0
    assert again.last.source == fixed.last.source
    assert len(set(both)) == len(both)
    assert both == fixed.evaluated()
    assert again.last.evaluations == fixed.last.evaluations
    assert again.of(RunStarted)[0].resumed
    assert again.events[0].seq == stopped.last.seq + 1
    refused = resume(again, again.id)
    assert refused.code == 2
    assert "is finished" in refused.last.message


def test_a_finished_run_is_not_resumed(fixed: Run) -> None:
    again = resume(fixed)
    assert again.code == 2
    assert [event.type for event in again.events] == ["failed"]
    assert f"secant show {fixed.id}" in again.last.hint


def test_a_run_whose_file_changed_is_not_resumed(tmp_path: Path) -> None:
    stopper = Stopper(Baseline)
    run = optimize(clamp_project(tmp_path), listeners=[stopper], cancellation=stopper.cancellation)
    (tmp_path / "ranges.py").write_text(CLAMP + "\n")
    again = resume(run)
    assert again.code == 1
    assert "not what run" in again.last.message
    assert "secant optimize" in again.last.hint


def test_a_run_that_failed_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(FunctionOptimization, "run", broken)
        run = optimize(clamp_project(tmp_path), max_evaluations=1)
    again = resume(run)
    assert isinstance(again.last, Finished)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read"),
        ('{"type":"notice","message":"half a jou"}\n', "no readable beginning"),
        ("nonsense\n", "damaged"),
        (
            RunStarted(secant="9", kind="function", target="a.py::f", optimizer="o", seed=0, request={"new": 1})
            .model_copy(update={"seq": 1})
            .model_dump_json()
            + "\n",
            "another version of Secant",
        ),
    ],
)
def test_a_journal_that_cannot_be_gone_on_with_is_told(tmp_path: Path, text: str | None, said: str) -> None:
    store = RunStore(tmp_path)
    store.folder.mkdir(parents=True)
    if text is not None:
        store.path("old").write_text(text)
    run = resume(Run(0, [Notice(message="", run="old")], tmp_path))
    assert isinstance(run.last, Failed)
    assert said in run.last.message
    assert run.last.hint


def test_a_stop_before_the_first_test_leaves_nothing_to_keep(tmp_path: Path) -> None:
    stopper = Stopper(TargetFound)
    run = optimize(clamp_project(tmp_path), listeners=[stopper], cancellation=stopper.cancellation)
    assert run.code == 3
    assert run.last.outcome == "stopped"
    assert "before there was anything to keep" in run.last.reason


def test_insisting_on_the_stop_ends_the_run_at_once_and_keeps_what_was_measured(tmp_path: Path) -> None:
    stopper = Stopper(Updated, times=2)
    run = optimize(clamp_project(tmp_path), listeners=[stopper], cancellation=stopper.cancellation)
    assert run.last.outcome == "stopped"
    assert not any(event.type == "confirmed" for event in run.events)


def test_apply_needs_a_run_that_improved_something(short: Run) -> None:
    with pytest.raises(BadRequest, match="found nothing to apply"):
        engine.apply_run(short.store, short.id)
    with pytest.raises(BadRequest, match="cannot be read"):
        engine.apply_run(short.store, "unknown")
