"""How much a candidate may use: resource limits, set in the child and inherited by whatever it starts.

Limits hold for one process each; `processes.watch` adds what holds for the whole tree (number, memory, wall time).
"""

from __future__ import annotations

import os
import resource
from typing import NamedTuple

_TASKS_PER_PROCESS = 4  # the kernel counts threads, `Limits.processes` counts processes


class Limits(NamedTuple):
    """What one candidate may use. The same fields, with the same defaults, as `secant.functions.isolation.Limits`."""

    wall_seconds: float = 10.0
    cpu_seconds: int = 30
    """0 for none: with a limit the kernel counts a process's CPU time in ticks of some milliseconds, too coarse to time
    anything; wall time bounds such a process."""
    memory_bytes: int = 2 << 30
    file_bytes: int = 64 << 20
    processes: int = 64
    open_files: int = 1024


def apply(limits: Limits, *, count_tasks: bool = False) -> None:
    """Hold this process to `limits`, for ever: hard limits are lowered too.

    Memory is what may be added to the present size. At the CPU limit comes SIGXCPU, a second later SIGKILL.
    `count_tasks` is for a process in a user namespace of its own; elsewhere a user's tasks are counted machine-wide.
    """
    if limits.cpu_seconds:
        _lower(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    _lower(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    _lower(resource.RLIMIT_CORE, 0)
    if count_tasks:
        present = len(os.listdir(f"/proc/{os.getppid()}/task"))
        _lower(resource.RLIMIT_NPROC, present + _TASKS_PER_PROCESS * limits.processes)


def _lower(what: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, but never above the one that already holds."""
    _, ceiling = resource.getrlimit(what)
    ceiling = resource.RLIM_INFINITY if ceiling < 0 else ceiling
    wanted = soft if hard is None else hard
    hard = wanted if ceiling == resource.RLIM_INFINITY else min(wanted, ceiling)
    resource.setrlimit(what, (min(soft, hard), hard))


def _address_space() -> int:
    """Bytes of address space this process has mapped; 0 where there is no /proc."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
