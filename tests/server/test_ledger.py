"""Runs and decisions on disk: damaged, shared with other processes, in great number."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from secant import events
from secant.events import Event, Finished, RunStarted, TargetFound, TestCount
from secant_server import ledger as module
from secant_server.ledger import MOST_RUNS, Ledger

BASE, BETTER = "def total():\n    return 0\n", "def total():\n    return 1\n"
COUNT = TestCount(passed=1, total=1)


def write_run(root: Path, run: str, *, source: str = BETTER, base: str = BASE) -> Path:
    """A finished run's journal."""
    folder = root / ".secant" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    found = TargetFound(
        path=str(root / "shop.py"), name="total", first_line=1, last_line=2, digest="", text=base, run=run, time=1.0
    )
    story: list[Event] = [
        RunStarted(run=run, target="shop.py::total", time=1.0),
        found,
        Finished(outcome="improved", goal="fix", tests=COUNT, source=source, run=run, time=2.0),
    ]
    path = folder / f"{run}.jsonl"
    path.write_text("".join(events.dump(event) + "\n" for event in story), encoding="utf-8")
    return path


def run_id(number: int) -> str:
    return f"20260131-142533{number:03d}-9f3a"


def test_proposals_are_the_newest_first(tmp_path: Path) -> None:
    for number in range(3):
        write_run(tmp_path, run_id(number))
    assert [proposal.id for proposal in Ledger(tmp_path).proposals()] == [run_id(2), run_id(1), run_id(0)]
    assert [run.id for run in Ledger(tmp_path).runs()] == [run_id(2), run_id(1), run_id(0)]


def test_a_project_without_runs_has_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.proposals() == ()
    assert ledger.decisions() == {}
    assert ledger.runs() == ()
    assert ledger.events("no-such-run") == ()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_may_be_cut_anywhere(tmp_path: Path) -> None:
    path = write_run(tmp_path, run_id(1))
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert Ledger(tmp_path).proposals() == ()
    path.write_bytes(whole)
    assert len(Ledger(tmp_path).proposals()) == 1


def test_a_damaged_journal_is_named_and_left_out(tmp_path: Path) -> None:
    write_run(tmp_path, run_id(1))
    damaged = write_run(tmp_path, run_id(2))
    damaged.write_bytes(damaged.read_bytes().replace(b'"outcome":"improved"', b'"outcome":"perfect"'))
    ledger = Ledger(tmp_path)
    assert [proposal.id for proposal in ledger.proposals()] == [run_id(1)]
    assert f"{damaged}:3" in ledger.problems[run_id(2)]


def test_a_run_that_was_killed_after_its_verification_is_verified(tmp_path: Path) -> None:
    journal = (Path(__file__).parent / "journals" / "resumed.jsonl").read_bytes().splitlines(keepends=True)
    assert events.parse(journal[-1]).type == "finished"
    folder = tmp_path / ".secant" / "runs"
    folder.mkdir(parents=True)
    (folder / f"{run_id(1)}.jsonl").write_bytes(b"".join(journal[:-1]))
    assert [proposal.confirmed for proposal in Ledger(tmp_path).proposals()] == [True]


def test_old_runs_are_not_read_and_known_ones_not_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MOST_RUNS * 4):
        write_run(tmp_path, run_id(number))
    parsed: list[bytes] = []
    monkeypatch.setattr(module.events, "parse", lambda line: parsed.append(line) or PARSE(line))
    ledger = Ledger(tmp_path)
    assert len(ledger.proposals()) == MOST_RUNS
    assert len(parsed) == 3 * MOST_RUNS
    ledger.proposals()
    assert len(parsed) == 3 * MOST_RUNS
    write_run(tmp_path, run_id(MOST_RUNS * 4), source=BETTER + "\n")
    assert len(ledger.proposals()) == MOST_RUNS
    assert len(parsed) == 3 * MOST_RUNS + 3


PARSE = events.parse


def test_a_decision_outlives_the_server(tmp_path: Path) -> None:
    Ledger(tmp_path).decide(run_id(1), "rejected")
    Ledger(tmp_path).decide(run_id(2), "applied", option=1)
    assert Ledger(tmp_path).decisions() == {run_id(1): "rejected", run_id(2): "applied"}


def test_decisions_are_kept_out_of_git(tmp_path: Path) -> None:
    Ledger(tmp_path).decide(run_id(1), "rejected")
    ignore = tmp_path / ".secant" / ".gitignore"
    assert ignore.read_text() == "*\n"
    ignore.write_text("# mine\n")
    Ledger(tmp_path).decide(run_id(2), "rejected")
    assert ignore.read_text() == "# mine\n"


def test_the_last_decision_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.decide(run_id(1), "rejected")
    assert ledger.decisions() == {run_id(1): "rejected"}
    ledger.decide(run_id(1), "applied")
    assert ledger.decisions() == {run_id(1): "applied"}


def test_what_was_rejected_is_told_for_the_same_text_only(tmp_path: Path) -> None:
    write_run(tmp_path, run_id(1))
    ledger = Ledger(tmp_path)
    assert ledger.rejected_sources(tmp_path / "shop.py", "total", BASE) == ()
    ledger.decide(run_id(1), "rejected")
    assert ledger.rejected_sources(tmp_path / "shop.py", "total", BASE) == (BETTER,)
    assert ledger.rejected_sources(tmp_path / "shop.py", "total", BETTER) == ()
    assert ledger.rejected_sources(tmp_path / "bag.py", "total", BASE) == ()


def test_a_torn_decision_takes_no_other_with_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.decide(run_id(1), "rejected")
    path = tmp_path / ".secant" / "decisions.jsonl"
    path.write_bytes(path.read_bytes() + b'{"proposal":"20')
    ledger.decide(run_id(2), "applied")
    assert Ledger(tmp_path).decisions() == {run_id(1): "rejected", run_id(2): "applied"}


def test_two_processes_decide_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from secant_server.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1])); sys.stdin.readline()\n"
        "for n in range(100): ledger.decide(f'{sys.argv[2]}-{n}', 'rejected')\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    both = [subprocess.Popen([*command, name], stdin=subprocess.PIPE, text=True) for name in ("a", "b")]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait() for process in both] == [0, 0]
    assert set(Ledger(tmp_path).decisions()) == {f"{name}-{n}" for name in "ab" for n in range(100)}


def test_a_full_disk_is_said_and_nothing_else_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path)
    ledger.decide(run_id(1), "rejected")

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(module.os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            ledger.decide(run_id(2), "rejected")
    assert Ledger(tmp_path).decisions() == {run_id(1): "rejected"}


def test_a_folder_that_cannot_be_listed_is_a_problem_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(tmp_path, run_id(1))
    ledger = Ledger(tmp_path)

    def refused(_store: object) -> list[str]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(module.RunStore, "ids", refused)
    assert ledger.proposals() == ()
    assert ledger.runs() == ()
    assert list(ledger.problems.values()) == ["Permission denied"]
