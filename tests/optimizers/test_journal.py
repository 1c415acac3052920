"""One event, one line, on disk before anybody hears of it; a torn line, a second writer, a full disk."""

from __future__ import annotations

import errno
import json
import math
import os
from pathlib import Path

import pytest

from secant.errors import BadRequest, SecantError
from secant.events import (
    Evaluated,
    Failed,
    Finished,
    Notice,
    Progress,
    Proposed,
    ProposedItem,
    RunStarted,
    TestCount,
    Updated,
)
from secant.journal import Journal, Recorder, RunStore, new_run_id, read
from secant.types import Evaluation, SpeedUp


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


def updated(step: int) -> Updated:
    return Updated(step=step, state={"step": step})


def finished() -> Finished:
    return Finished(outcome="improved", goal="fix", tests=TestCount(passed=3, total=3), source="x = 1\n" * 20_000)


def test_a_line_is_on_disk_when_the_listener_hears_of_it(store: RunStore) -> None:
    lines_seen: list[int] = []
    journal = store.create("a")
    recorder = Recorder("a", journal, [lambda e: lines_seen.append(journal.path.read_bytes().count(b"\n"))])
    recorder.record(RunStarted())
    recorder.record(updated(1))
    assert lines_seen == [1, 2]


def test_events_are_stamped_and_come_back_equal(store: RunStore) -> None:
    ticks = iter(range(100, 200))
    recorder = Recorder("run-1", store.create("run-1"), clock=lambda: next(ticks), seq=7)
    written = [recorder.record(e) for e in (RunStarted(target="f"), updated(1), updated(2))]
    assert [(e.seq, e.run) for e in written] == [(8, "run-1"), (9, "run-1"), (10, "run-1")]
    assert written[0].time < written[1].time
    assert list(store.read("run-1")) == written


def test_progress_is_announced_and_not_journaled(store: RunStore) -> None:
    heard: list = []
    recorder = Recorder("a", store.create("a"), [heard.append])
    recorder.record(Progress(phase="tests"))
    assert [e.type for e in heard] == ["progress"]
    assert list(store.read("a")) == []


def test_without_a_journal_events_are_announced_all_the_same() -> None:
    heard: list = []
    Recorder("a", None, [heard.append]).record(updated(1))
    assert heard[0].seq == 1


def test_a_torn_last_line_is_left_out_on_reading_and_cut_off_on_resume(store: RunStore) -> None:
    journal = store.create("a")
    recorder = Recorder("a", journal)
    recorder.record(updated(1))
    recorder.close()
    with journal.path.open("ab") as file:
        file.write(b'{"type":"updated","step":2,')
    assert [e.step for e in store.read("a")] == [1]
    with_more = Recorder("a", store.open("a"), seq=1)
    with_more.record(updated(2))
    assert [e.step for e in store.read("a")] == [1, 2]


def test_a_torn_line_longer_than_a_block_is_cut_off(store: RunStore) -> None:
    journal = store.create("a")
    Recorder("a", journal).record(updated(1))
    size = journal.path.stat().st_size
    journal.close()
    with journal.path.open("ab") as file:
        file.write(b"x" * 200_000)
    store.open("a").close()
    assert journal.path.stat().st_size == size


def test_a_damaged_line_is_named(store: RunStore) -> None:
    journal = store.create("a")
    Recorder("a", journal).record(updated(1))
    with journal.path.open("ab") as file:
        file.write(b"\0\0\0\n")
    with pytest.raises(SecantError) as damaged:
        list(store.read("a"))
    assert damaged.value.where == f"{journal.path}:2"
    assert "new run" in damaged.value.hint


def test_events_and_fields_of_a_later_version_are_passed_over(store: RunStore) -> None:
    journal = store.create("a")
    journal.append(b'{"type":"teleported","seq":1}', durable=False)
    journal.append(b'{"type":"updated","step":4,"state":{},"mood":"fine"}', durable=False)
    assert [e.step for e in store.read("a")] == [4]


def test_two_processes_never_write_one_run(store: RunStore) -> None:
    journal = store.create("a")
    with pytest.raises(SecantError, match="another process"):
        store.open("a")
    journal.close()
    journal.close()
    store.open("a").close()
    with pytest.raises(FileExistsError):
        store.create("a")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_ends_the_journal_and_not_the_run(store: RunStore, monkeypatch, number: int) -> None:
    heard: list = []
    recorder = Recorder("a", store.create("a"), [heard.append])
    recorder.record(updated(1))
    write = os.write

    def half(fd: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", full)
        return write(fd, data[: len(data) // 2])

    def full(fd: int, data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", half)
    recorder.record(updated(2))
    recorder.record(updated(3))
    monkeypatch.undo()
    assert [e.type for e in heard] == ["updated", "updated", "notice", "updated"]
    notice = heard[2]
    assert isinstance(notice, Notice)
    assert notice.level == "warning"
    assert "cannot be resumed from here" in notice.message
    assert [e.seq for e in heard] == [1, 2, 3, 4]
    assert [e.step for e in store.read("a")] == [1]
    assert store.path("a").read_bytes().endswith(b"}\n")  # the half line was taken back


def test_what_must_survive_a_power_failure_is_synced(store: RunStore, monkeypatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    now = [0.0]
    recorder = Recorder("a", store.create("a"), clock=lambda: now[0])
    expected: list[bool] = []
    for event, durable in [
        (RunStarted(), True),
        (updated(1), False),
        (Proposed(step=2, items=(ProposedItem(id="x"),)), False),
        (Proposed(step=2, items=(ProposedItem(id="x", proposal={}),)), True),
        (finished(), True),
    ]:
        before = len(synced)
        recorder.record(event)
        expected.append((len(synced) > before) is durable)
    now[0] = 5.0
    recorder.record(updated(2))
    assert all(expected)
    assert len(synced) == 4


def test_text_that_json_cannot_carry_is_replaced_and_never_fatal(store: RunStore) -> None:
    heard: list = []
    recorder = Recorder("a", store.create("a"), [heard.append])
    recorder.record(Notice(message="a byte \udc80 of a test's output"))
    assert heard[0].message == "a byte ? of a test's output"
    assert list(store.read("a")) == heard


def test_infinity_comes_back_and_is_json_for_everybody(store: RunStore) -> None:
    infinite = SpeedUp(ratio=math.inf, low=1, high=math.inf, verdict="faster")
    evaluation = Evaluation(artifact_id="a", stage="speed", speed=infinite)
    told = Evaluated(step=1, artifact="a", stage="speed", passed=0, total=0, evaluation=evaluation)
    recorder = Recorder("a", store.create("a"))
    recorder.record(told)
    json.loads(store.path("a").read_text(), parse_constant=pytest.fail)
    (read_back,) = store.read("a")
    assert read_back.evaluation == evaluation


def test_the_folder_ignores_itself_and_leaves_a_users_own_file_alone(store: RunStore, tmp_path: Path) -> None:
    store.create("a")
    ignore = tmp_path / ".secant" / ".gitignore"
    assert ignore.read_text() == "*\n"
    assert sorted(p.name for p in (tmp_path / ".secant").iterdir()) == [".gitignore", "runs"]
    ignore.write_text("runs\n")
    store.create("b")
    assert ignore.read_text() == "runs\n"


def test_run_ids_sort_by_time_and_differ() -> None:
    early, late = (new_run_id(lambda t=t: t) for t in (1_700_000_000.25, 1_700_000_000.5))
    assert early < late
    assert early.startswith("20231114-221320250-")
    assert new_run_id() != new_run_id()


def test_a_run_is_found_by_the_beginning_of_its_id_or_of_its_random_end(store: RunStore) -> None:
    for run in ("20260101-000000000-aaaa", "20260102-000000000-abbb", "20260102-000000000-cccc"):
        store.create(run).close()
    assert store.resolve("20260101") == "20260101-000000000-aaaa"
    assert store.resolve("ab") == "20260102-000000000-abbb"
    assert store.resolve("20260102-000000000-cccc") == "20260102-000000000-cccc"
    with pytest.raises(BadRequest, match="2 runs begin with 20260102"):
        store.resolve("20260102")
    for nothing in ("zz", ""):
        with pytest.raises(BadRequest, match="there is no run"):
            store.resolve(nothing)
    with pytest.raises(BadRequest) as none:
        RunStore(store.folder).resolve("a")
    assert "no runs in this workspace" in none.value.hint


def test_the_list_says_how_each_run_stands(store: RunStore) -> None:
    for run, last in [("1", finished()), ("2", Failed(message="no tests")), ("3", updated(1)), ("4", updated(1))]:
        recorder = Recorder(run, store.create(run), clock=lambda: 5.0)
        recorder.record(RunStarted(target=f"f{run}", optimizer="rewrite"))
        recorder.record(last)
        if run != "4":
            recorder.close()
        else:
            running = recorder
    store.create("5").close()
    shown = [(s.id, s.target, s.state, s.outcome) for s in store.list()]
    running.close()
    assert shown == [
        ("4", "f4", "running", ""),
        ("3", "f3", "interrupted", ""),
        ("2", "f2", "failed", "no tests"),
        ("1", "f1", "finished", "improved"),
    ]


def test_a_workspace_without_runs_has_an_empty_list(store: RunStore) -> None:
    assert list(store.list()) == []


def test_a_line_is_one_json_object(store: RunStore) -> None:
    recorder = Recorder("a", store.create("a"))
    recorder.record(Notice(message="two\nlines"))
    (line,) = store.path("a").read_text().splitlines()
    assert json.loads(line)["message"] == "two\nlines"


def test_the_file_is_only_appended_to(store: RunStore, monkeypatch) -> None:
    journal = store.create("a")
    writes: list[bytes] = []
    monkeypatch.setattr(os, "write", lambda fd, data: writes.append(data) or len(data))
    journal.append(b"{}", durable=False)
    assert writes == [b"{}\n"]


def test_reading_a_missing_run_is_an_os_error(store: RunStore) -> None:
    with pytest.raises(FileNotFoundError):
        list(read(store.path("none")))
    with pytest.raises(FileNotFoundError):
        Journal(store.path("none"), create=False)
