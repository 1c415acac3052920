"""Fork a child, let it work under limits, take its result from shared memory, and leave no process behind.

The result travels through a region that is not a descriptor, so a candidate that closes, floods or forges descriptors
changes nothing (see `channel`).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from . import isolation
from .channel import ResultRegion
from .processes import Ending
from .protocol import Channel

Write = Callable[[bytes], None]
"""Replaces what a child has handed to its parent so far."""


class Ended:
    """How a child ended: its payload (bytes or None), its wait status, and why it was killed, if it was."""

    def __init__(self, payload: bytes | None, ending: Ending) -> None:
        self.payload = payload
        self.status = ending.status
        self.seconds = ending.seconds
        self.killed_for = "" if ending.reason == "ended" else ending.reason

    @property
    def reason(self) -> str:
        """In words, for feedback; empty for a child that ended by itself with its result."""
        if self.killed_for == "timeout":
            return "timed out after %.1f s" % self.seconds
        if self.killed_for:
            return "killed: too much %s" % self.killed_for
        return ending_in_words(self.status) or ("" if self.payload is not None else "exited without a result")


class Nursery:
    """Forks children one after the other, each confined before its work begins.

    `settings` are those of `isolation.Sandbox`. Belongs to the process that made it: a fork of that process that has
    children of its own makes its own nursery.
    """

    def __init__(self, channel: Channel, settings: Mapping[str, Any], region_bytes: int = 1 << 24) -> None:
        isolation.become_subreaper()
        self._channel = channel
        self._region = ResultRegion(region_bytes)
        self.sandbox = isolation.Sandbox(**settings)
        self.confinement: isolation.Confinement | None = None

    def run(self, work: Callable[[Write], object], seconds: float) -> Ended:
        """Run `work(write)` in a child; `write(bytes)` replaces the child's result. Returns `Ended`."""
        key = os.urandom(16)
        self._region.clear()
        usual = self.sandbox.limits
        cpu = max(usual.cpu_seconds, int(seconds) + 1) if usual.cpu_seconds else 0
        pid = self.fork(lambda: work(lambda payload: self._region.write(payload, key)), cpu_seconds=cpu)
        ending = isolation.watch(pid, usual._replace(wall_seconds=seconds))
        return Ended(self._region.read(key), ending)

    def reached(self) -> dict[str, Any]:
        """What a child's confinement comes to on this machine, found by confining one."""
        ended = self.run(self._tell_confinement, 10.0)
        return json.loads(ended.payload) if ended.payload is not None else {}

    def _tell_confinement(self, write: Write) -> None:
        if self.confinement is not None:
            write(json.dumps(self.confinement._asdict()).encode())

    def fork(self, work: Callable[[], object], *, cpu_seconds: int) -> int:
        """Fork a confined child that runs `work()` and exits; returns its process id. CPU limit 0: none."""
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        code, log = 70, os.dup(2)
        try:
            self._channel.close()
            _silence()
            self.sandbox.limits = self.sandbox.limits._replace(cpu_seconds=cpu_seconds)
            self.confinement = self.sandbox.confine()
            work()
            code = 0
        except BaseException as error:  # noqa: BLE001  # because a child must never return into its parent's stack
            _complain(log, error)
        finally:
            os._exit(code)


def _silence() -> None:
    """What a candidate prints behind pytest's back goes nowhere: the worker's log has a size limit of its own."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def ending_in_words(status: int) -> str:
    """`killed by SIGSEGV` or `exited with status 3`; empty for a process that ended well."""
    if os.WIFSIGNALED(status):
        return "killed by %s" % _signal_name(os.WTERMSIG(status))
    return "exited with status %d" % os.WEXITSTATUS(status) if os.WEXITSTATUS(status) else ""


def cpu_seconds(pid: int) -> float:
    """CPU seconds that the process has used; 0 where the system does not tell."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _complain(log: int, error: BaseException) -> None:
    with contextlib.suppress(OSError):  # a candidate closed it; the exit status says enough
        os.write(log, ("secant worker child: %s: %s\n" % (type(error).__name__, error)).encode("utf-8", "replace"))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number
