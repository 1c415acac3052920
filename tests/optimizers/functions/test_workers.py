"""Workers that die or are not waited for: another takes their place, and none is left over."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from secant.cancellation import Cancellation, Interrupted
from secant.config import OptimizeRequest
from secant.functions.launching import Launcher
from secant.functions.process import WorkerDied
from secant.functions.subject import find_subject
from secant.functions.unit import Unit
from secant.functions.workers import CollectionFailed, Workers

ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
COUNT = "def count(values):\n    return len(values)\n"
TESTS = "from counting import count\n\ndef test_two():\n    assert count([1, 2]) == 2\n"
TEST = "test_counting.py::test_two"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    for name, text in {"pytest.ini": "[pytest]\n", "counting.py": COUNT, "test_counting.py": TESTS}.items():
        (place / name).write_text(text)
    return place


@pytest.fixture
def cancellation() -> Cancellation:
    return Cancellation()


@pytest.fixture
def workers(folder: Path, cancellation: Cancellation, tmp_path: Path) -> Iterator[Workers]:
    subject = find_subject(OptimizeRequest(target="counting.py::count", folder=folder), ENVIRONMENT)
    launcher = Launcher(Path(sys.executable), tmp_path, base_environment=ENVIRONMENT)
    unit, tests = Unit(subject.located), [str(folder / "test_counting.py")]
    made = Workers(launcher, subject.root, unit, tests, cancellation.check)
    yield made
    made.close()


def screen(workers: Workers) -> object:
    asked = [{"id": TEST, "fuel": 10_000, "passes": True, "dies": False}]
    return workers.screen([COUNT], asked, always=0, stall=5.0)["verdicts"]


def examples(workers: Workers) -> object:
    return workers.examples([COUNT], [{"source": "count([1])", "want": "1"}], seconds=5.0)


def baseline(workers: Workers) -> object:
    answer = workers.baseline("imported", [TEST], fuel=None, test_seconds=5.0, seconds=10.0)
    return [result["outcome"] for result in answer["results"]]


def run(workers: Workers) -> object:
    (record,) = workers.run("swap", [COUNT], [TEST], stop=True, test_seconds=5.0, seconds=10.0)
    return [result["outcome"] for result in record["results"]]


@pytest.mark.parametrize("ask", [screen, examples, baseline, run])
def test_a_worker_that_died_is_replaced_when_it_is_needed_again(
    workers: Workers, ask: Callable[[Workers], object]
) -> None:
    workers.collect()
    expected, (pid,) = ask(workers), workers.pids
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerDied):
        ask(workers)
    assert workers.pids == ()
    assert ask(workers) == expected
    assert pid not in workers.pids


@pytest.mark.parametrize("ask", [screen, run])
def test_a_worker_that_is_not_waited_for_is_ended_and_replaced(
    workers: Workers, cancellation: Cancellation, ask: Callable[[Workers], object]
) -> None:
    workers.collect()
    expected, (pid,) = ask(workers), workers.pids
    cancellation.cancel()
    with cancellation.dispensable(), pytest.raises(Interrupted):
        ask(workers)
    assert has_ended(pid)
    assert ask(workers) == expected


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were started."""
    pids: list[int] = []
    begin = Workers._started

    def noting(self: Workers, *names: str) -> object:
        worker = begin(self, *names)
        pids.append(worker.pid)
        return worker

    monkeypatch.setattr(Workers, "_started", noting)
    return pids


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_stop_during_collection_leaves_no_worker(
    workers: Workers, cancellation: Cancellation, started: list[int]
) -> None:
    cancellation.cancel()
    with cancellation.dispensable(), pytest.raises(Interrupted):
        workers.collect()
    assert [has_ended(pid) for pid in started] == [True]


def test_a_collection_that_fails_leaves_no_worker(workers: Workers, folder: Path, started: list[int]) -> None:
    (folder / "conftest.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(CollectionFailed, match="code 3"):
        workers.collect()
    assert [has_ended(pid) for pid in started] == [True]
