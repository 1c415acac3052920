"""Process trees: who descends from whom, waiting under a deadline, and killing all of them.

A daemon that left its session is still found: the worker is a *subreaper*, so processes whose parents died become its
own children. What they run, and which limits they were given, is not this room's business.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import time
from collections.abc import Collection, Iterator
from typing import NamedTuple

from . import kernel
from .limits import Limits

_TICK = 0.01  # seconds between two looks at the tree of a candidate that is still running


class Ending(NamedTuple):
    """How a candidate's process ended. `reason`: "ended" by itself, or killed for "timeout", "processes", "memory"."""

    status: int
    reason: str
    seconds: float


def become_subreaper() -> bool:
    """Adopt orphaned descendants from now on. False where the kernel does not offer it."""
    try:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    except OSError:
        return False
    return True


def is_subreaper() -> bool:
    """Does this process adopt its orphaned descendants?"""
    if not kernel.supported():
        return False
    flag = kernel.buffer(bytes(4))
    kernel.prctl(kernel.PR_GET_CHILD_SUBREAPER, kernel.address(flag))
    return any(flag.raw)


def children(pid: int | None = None) -> list[int]:
    """The children of a process (this one by default), unreaped dead among them; [] where there is no /proc."""
    parent = os.getpid() if pid is None else pid
    try:
        tasks = os.listdir(f"/proc/{parent}/task")
    except OSError:
        return []
    found: list[int] = []
    for task in tasks:
        try:
            with open(f"/proc/{parent}/task/{task}/children", "rb") as file:
                found += map(int, file.read().split())
        except OSError:
            if not os.path.exists(f"/proc/self/task/{os.getpid()}/children"):
                return children_by_scan(parent)
    return found


def children_by_scan(parent: int) -> list[int]:
    """The same from every process's own word, for kernels without lists of children; some milliseconds."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in pids if _stat(pid)[1] == parent]


def descendants(pid: int) -> Iterator[int]:
    """The living processes below `pid`, parents before children."""
    return (each for each, alive in _below(pid) if alive)


def _below(pid: int) -> Iterator[tuple[int, bool]]:
    for child in children(pid):
        yield child, _stat(child)[0] not in "ZX"
        yield from _below(child)


def watch(pid: int, limits: Limits, spare: Collection[int] = ()) -> Ending:
    """Wait for the child `pid` and leave nothing of its tree behind.

    It and its whole tree are killed at the wall-clock limit, or when together they are too many or use too much memory.
    `spare`: the children this process had before. The child is reaped.
    """
    started = time.monotonic()
    own_size = _resident(os.getpid())
    reason = ""
    while not reason:
        left = started + limits.wall_seconds - time.monotonic()
        if ended(pid, max(0.0, min(_TICK, left))):
            reason = "ended"
        elif left <= 0:
            reason = "timeout"
        else:
            reason = _excess(list(_tree(pid, spare)), limits, own_size)
    seconds = time.monotonic() - started
    kill_tree(pid, spare)
    return Ending(os.waitpid(pid, 0)[1], reason, seconds)


def excess(pid: int, limits: Limits, spare: Collection[int] = ()) -> str:
    """What the tree of the child `pid` uses too much of, for who waits for it by other means than `watch`."""
    return _excess(list(_tree(pid, spare)), limits, _resident(os.getpid()))


def kill_tree(pid: int, spare: Collection[int] = ()) -> int:
    """Kill the child `pid` and all that descends from it; `pid` itself is left to be reaped by the caller.

    Where this process is a subreaper (a worker), its other children are taken for orphans of the tree, except `spare`,
    and are reaped. Elsewhere (the engine, killing a worker) the tree is stopped at its root and cleared from below.
    Returns how many processes were killed.
    """
    if is_subreaper():
        return len(_kill_own(pid, spare))
    _signal(pid, signal.SIGSTOP)
    return len(_kill_below(pid)) + _kill_group(pid)


def _kill_below(pid: int) -> set[int]:
    """Kill all below a process that is stopped, and so reaps nobody; it must live on, or they would be lost to init.

    A look that finds nobody alive counts only if it finds nobody newly dead either: the children of one who dies during
    a look move up behind its back.
    """
    killed: set[int] = set()
    dead: set[int] = set()
    while True:
        below = dict(_below(pid))
        reached = {each for each, alive in below.items() if alive and _kill_group(each, _group(pid))}
        newly_dead = {each for each, alive in below.items() if not alive} - dead
        if not reached and not newly_dead:
            return killed
        killed |= reached
        dead |= newly_dead
        os.sched_yield()


def _kill_own(pid: int, spare: Collection[int]) -> set[int]:
    """Kill this process's child and whatever it has adopted since; the orphans that come up are reaped at once."""
    killed: set[int] = set()
    if pid in children() and _kill_group(pid):
        killed.add(pid)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    while orphans := {each for each in children() if each != pid and each not in spare and _kill_group(each)}:
        for orphan in orphans:
            killed |= {orphan, *(each for each in descendants(orphan) if _kill_group(each))}
            os.waitpid(orphan, 0)
    return killed


def _kill_group(pid: int, spare_group: int = 0) -> bool:
    """Kill `pid` and, at once so that no fork slips through, its process group, unless that is ours or spared."""
    group = _group(pid)
    if group not in (0, spare_group, os.getpgrp()):
        with contextlib.suppress(OSError):  # it ended meanwhile
            os.killpg(group, signal.SIGKILL)
    return _signal(pid, signal.SIGKILL)


def _group(pid: int) -> int:
    """The process group of a process, 0 for one that is gone."""
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def _signal(pid: int, number: int) -> bool:
    """Did the signal reach it? Not if it is gone, or belongs to somebody else."""
    try:
        os.kill(pid, number)
    except OSError:
        return False
    return True


def _tree(pid: int, spare: Collection[int]) -> Iterator[int]:
    """The candidate, what descends from it, and what it orphaned."""
    roots = [pid, *(each for each in children() if each != pid and each not in spare)] if is_subreaper() else [pid]
    for root in roots:
        yield root
        yield from descendants(root)


def _excess(tree: list[int], limits: Limits, own_size: int) -> str:
    """The limit that the tree passes as a whole, if any; memory is what each process has beyond the worker's size."""
    if len(tree) > limits.processes:
        return "processes"
    grown = sum(max(0, _resident(pid) - own_size) for pid in tree)
    return "memory" if grown > limits.memory_bytes else ""


def ended(pid: int, seconds: float) -> bool:
    """Whether the child ended within so many seconds. It is not reaped."""
    try:
        descriptor = os.pidfd_open(pid)
    except (AttributeError, OSError):  # an old kernel, or a Python built for one
        return _polled(pid, time.monotonic() + seconds)
    try:
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        return bool(poller.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def _polled(pid: int, deadline: float) -> bool:
    """The same where the kernel has no descriptors for processes."""
    while True:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.002)


def _stat(pid: int) -> tuple[str, int]:
    """A process's state letter and its parent; ("X", 0) for one that is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            state, parent = file.read().rpartition(b")")[2].split()[:2]
    except (OSError, ValueError):
        return "X", 0
    return state.decode(), int(parent)


def _resident(pid: int) -> int:
    """Bytes of memory a process holds, 0 for one that is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0
