"""Process trees: found, waited for, and killed to the last one, from a worker and from an engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from secant.functions.worker import processes
from secant.functions.worker.limits import Limits

PACKAGE = str(Path(processes.__file__).parents[3])
FAMILY = r"""
import os, signal, sys
sys.path.insert(0, {package!r})
from secant.functions.worker import processes
processes.become_subreaper()
first = os.fork()
if first == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.setsid()
    os.write(1, b"%d\n" % os.getpid())
    signal.pause()
os.waitpid(first, 0)
if os.fork() == 0:
    os.write(1, b"%d\n" % os.getpid())
    signal.pause()
signal.pause()
"""


def gone(pid: int) -> bool:
    """Is the process dead? A zombie whose new parent has not looked yet is."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextmanager
def family() -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A worker with a child and with a daemon that fled from its session; the processes below it."""
    command = [sys.executable, "-c", FAMILY.format(package=PACKAGE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as root:
        assert root.stdout
        try:
            yield root, [int(root.stdout.readline()) for _ in range(2)]
        finally:
            if root.poll() is None:
                processes.kill_tree(root.pid)


def forked(work: Callable[[], object]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def in_worker(work: Callable[[], bool]) -> None:
    """Run the check in a process of its own that adopts orphans, as a worker does."""

    def check() -> None:
        os._exit(0 if processes.become_subreaper() and work() else 1)

    assert os.waitpid(forked(check), 0)[1] == 0


def test_descendants_include_a_daemon_that_fled() -> None:
    with family() as (root, below):
        assert set(below) <= set(processes.descendants(root.pid))


def test_children_are_found_with_and_without_the_kernels_lists() -> None:
    pid = forked(signal.pause)
    try:
        assert pid in processes.children()
        assert sorted(processes.children_by_scan(os.getpid())) == sorted(processes.children())
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert pid not in processes.children()


def test_a_process_that_is_gone_has_no_children() -> None:
    assert processes.children(2**22 + 1) == []


def test_an_engine_kills_a_worker_with_everything_below_it() -> None:
    with family() as (root, below):
        killed = processes.kill_tree(root.pid)
        assert root.wait(timeout=20) == -signal.SIGKILL
        assert all(gone(pid) for pid in below)
        assert killed == len(below) + 1


def test_an_engines_other_children_are_left_alone() -> None:
    bystander = forked(signal.pause)
    try:
        with family() as (root, _):
            processes.kill_tree(root.pid)
        assert not gone(bystander)
    finally:
        os.kill(bystander, signal.SIGKILL)
        os.waitpid(bystander, 0)


def test_a_worker_kills_orphans_but_spares_its_own_helpers() -> None:
    def work() -> bool:
        helper = forked(signal.pause)
        before = processes.children()
        pid = forked(lambda: forked(lambda: (os.setsid(), signal.pause())))
        ending = processes.watch(pid, Limits(), spare=before)
        left = processes.children()
        os.kill(helper, signal.SIGKILL)
        return ending.reason == "ended" and left == before == [helper]

    in_worker(work)


def test_killing_the_tree_of_a_reaped_child_harms_nobody() -> None:
    def work() -> bool:
        pid = forked(lambda: None)
        os.waitpid(pid, 0)
        return processes.kill_tree(pid) == 0

    in_worker(work)


@pytest.mark.parametrize("status", [0, 3])
def test_watching_gives_the_wait_status(status: int) -> None:
    ending = processes.watch(forked(lambda: os._exit(status)), Limits())
    assert (os.waitstatus_to_exitcode(ending.status), ending.reason) == (status, "ended")


def test_a_signal_is_in_the_wait_status() -> None:
    ending = processes.watch(forked(lambda: os.kill(os.getpid(), signal.SIGUSR1)), Limits())
    assert os.WTERMSIG(ending.status) == signal.SIGUSR1


def test_the_wall_clock_ends_what_does_not_end() -> None:
    ending = processes.watch(forked(signal.pause), Limits(wall_seconds=0.03))
    assert (ending.reason, os.WTERMSIG(ending.status)) == ("timeout", signal.SIGKILL)


def test_waiting_works_without_process_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert processes.watch(forked(lambda: None), Limits()).reason == "ended"
    assert processes.watch(forked(signal.pause), Limits(wall_seconds=0.03)).reason == "timeout"


def test_a_crowd_is_ended() -> None:
    def crowd() -> None:
        for _ in range(5):
            forked(signal.pause)
        signal.pause()

    assert processes.watch(forked(crowd), Limits(processes=4)).reason == "processes"
