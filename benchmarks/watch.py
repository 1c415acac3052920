"""Looks at a process and all below it from outside: CPU time, memory, that they end. Knows nothing of the engine."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LOOK_SECONDS = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at a process and all below it while it lives: what they use, and that they end.

    CPU seconds are looked at rather than asked for afterwards, because the system forgets those of a worker that was
    killed before its parent waited for it.
    """

    def __init__(self, pid: int, *, weigh: bool) -> None:
        self._pid = pid
        self._weigh = weigh
        self._cpu: dict[int, float] = {}
        self._rss: dict[int, float] = {}
        self.peak_pss_mb = 0.0

    @property
    def cpu_seconds(self) -> float:
        """Of the engine and of everything that it started."""
        return sum(self._cpu.values())

    @property
    def own_cpu_seconds(self) -> float:
        """Of the process alone."""
        return self._cpu.get(self._pid, 0.0)

    @property
    def peak_rss_mb(self) -> dict[str, float]:
        """The largest resident memory of the engine, and of the largest process below it."""
        others = [peak for pid, peak in self._rss.items() if pid != self._pid]
        return {"engine": self._rss.get(self._pid, 0.0), "largest worker": max(others, default=0.0)}

    def until_end(self, patience: float) -> None:
        """Return when the process has ended; it is not reaped. When its time is up, it is killed with all below it."""
        deadline = time.monotonic() + patience
        descriptor = os.pidfd_open(self._pid)
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        while not poller.poll(1000 * LOOK_SECONDS):
            self._look()
            if time.monotonic() > deadline:
                for pid in [self._pid, *below(self._pid)]:
                    _kill(pid)
        own = _stat(self._pid)
        self._cpu[self._pid] = own.own_cpu if own is not None else self._cpu.get(self._pid, 0.0)
        os.close(descriptor)

    def _look(self) -> None:
        known = processes()
        if self._pid in known:
            self._cpu[self._pid] = known[self._pid].own_cpu
        for child, stat in known.items():
            if stat.parent == self._pid:
                used = sum(known[pid].own_cpu + known[pid].reaped_cpu for pid in [child, *_below(child, known)])
                self._cpu[child] = max(used, self._cpu.get(child, 0.0))
        if self._weigh:
            self._put_on_scales([self._pid, *_below(self._pid, known)])

    def _put_on_scales(self, pids: Sequence[int]) -> None:
        total = 0.0
        for pid in pids:
            total += _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss:") / 1024
            peak = _kilobytes(f"/proc/{pid}/status", "VmHWM:") / 1024
            self._rss[pid] = max(peak, self._rss.get(pid, 0.0))
        self.peak_pss_mb = max(self.peak_pss_mb, total)


class Stat(NamedTuple):
    """What /proc tells of one process; CPU in seconds."""

    parent: int
    own_cpu: float
    reaped_cpu: float
    """Of the children that it waited for."""


def _stat(pid: int) -> Stat | None:
    """None for a process that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    own, system, reaped, reaped_system = (int(field) / TICKS for field in fields[11:15])
    return Stat(int(fields[1]), own + system, reaped + reaped_system)


def processes() -> dict[int, Stat]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return {pid: stat for pid in pids if (stat := _stat(pid)) is not None}


def below(pid: int) -> list[int]:
    """All descendants of a process, as they are now."""
    return _below(pid, processes())


def _below(pid: int, known: Mapping[int, Stat]) -> list[int]:
    children = [each for each, stat in known.items() if stat.parent == pid]
    return children + [deeper for child in children for deeper in _below(child, known)]


def _kilobytes(file: str, field: str) -> float:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return 0.0  # it ended, or it is not ours to look at
    return next((float(line.split()[1]) for line in lines if line.startswith(field)), 0.0)


def _kill(pid: int) -> None:
    with suppress(OSError):  # it ended
        os.kill(pid, signal.SIGKILL)
