"""The test's end of `fork_host.py`: Pythons without the time that starting one and importing pytest takes."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from secant.functions import interpreter as interpreters
from secant.functions import launching, process
from secant.functions.isolation import Facility
from secant.functions.launching import HASH_SEED
from secant.functions.worker.isolation import kill_tree

if TYPE_CHECKING:
    import pytest

_HOST = Path(__file__).with_name("fork_host.py")
_PLAIN = Path(__file__).with_name("plain_pytest.py")
_SECONDS = 20.0
_started, _bubblewrap, _asked = process._start, launching.bubblewrap, interpreters._asked

Verdicts = Mapping[str, str]


def uninstall(patch: pytest.MonkeyPatch) -> None:
    """Have the engine start its workers itself, as it does for a person."""
    patch.setattr(process, "_start", _started)
    patch.setattr(launching, "bubblewrap", _bubblewrap)
    patch.setattr(interpreters, "_asked", _asked)


class Forked:
    """One process of a host's, with as much of `Popen` as is used of it. What it exits with is not told."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        try:
            self._ending = os.pidfd_open(pid)
        except ProcessLookupError:
            self.returncode = 0

    def poll(self) -> int | None:
        self._wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._wait(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("a forked Python", timeout or 0.0)
        return self.returncode

    def _wait(self, timeout: float | None) -> None:
        if self.returncode is None and select.select([self._ending], [], [], timeout)[0]:
            os.close(self._ending)
            self.returncode = 0


class Preloaded:
    """A host, and what tests have it run."""

    def __init__(
        self,
        interpreter: Path | None = None,
        *,
        plugins: bool = False,
        hash_seed: str | None = None,
        requests: socket.socket | None = None,
    ) -> None:
        """`plugins`: what runs here loads the installed ones, unless its environment says otherwise. `hash_seed`: of
        all that runs here, whatever its environment says; drawn where None. `requests` leads to a host that another
        process has started.
        """
        self._interpreter = interpreter or Path(sys.executable)
        self._answer = ""
        self._process: subprocess.Popen[bytes] | None = None
        if requests is not None:
            self.requests = requests
            return
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [str(self._interpreter), str(_HOST), *(["plugins"] if plugins else [])]
        own = {**os.environ, **({HASH_SEED: hash_seed} if hash_seed else {})}
        with theirs:
            self._process = subprocess.Popen(argv, stdin=theirs, start_new_session=True, env=own)

    @property
    def sockets(self) -> Mapping[str, socket.socket]:
        """What leads here, for a command host: by the hash seed of what is started, "" for any."""
        return {"": self.requests}

    def plain(self, folder: Path, environment: Mapping[str, str]) -> Verdicts:
        """Outcomes of every test that a plain pytest finds there.

        Its temporary folders are beside the project: in the common place, the last of its work would be to remove what
        earlier runs of other tests left there.
        """
        answer = folder.with_suffix(".verdicts")
        own = {**environment, "PYTEST_DEBUG_TEMPROOT": str(folder.parent)}
        forked = self._fork([_PLAIN, answer], folder, own, folder.with_suffix(".output"))
        try:
            forked.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            kill_tree(forked.pid)
        return json.loads(answer.read_text())["outcomes"] if answer.exists() else {}

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Have the engine start its workers here, and ask this Python only once what it is.

        Workers confine themselves: bubblewrap needs a process to start.
        """
        patch.setattr(process, "_start", self.start)
        patch.setattr(interpreters, "_asked", self._told)
        patch.setattr(launching, "bubblewrap", lambda: Facility(name="bubblewrap", works=False))

    def close(self) -> None:
        self.requests.shutdown(socket.SHUT_RDWR)
        self.requests.close()
        if self._process is not None:
            self._process.wait(_SECONDS)

    def _told(self, path: Path, folder: Path | None, seconds: float) -> str:
        """What the interpreter says of itself."""
        if path != self._interpreter:
            return _asked(path, folder, seconds)
        self._answer = self._answer or _asked(path, folder, seconds)
        return self._answer

    def start(self, launch: process.Launch, mode: str, log: Path) -> tuple[Forked | subprocess.Popen[bytes], int, int]:
        """As the engine's own: the process and our ends of its pipes, for requests and for responses."""
        if launch.interpreter != self._interpreter:
            return _started(launch, mode, log)
        requests_read, requests = os.pipe()
        responses, responses_write = os.pipe()
        try:
            argv = [process.LAUNCHER, "10", "11", mode]
            forked = self._fork(argv, launch.cwd, launch.environment, log, (requests_read, responses_write))
        finally:
            os.close(requests_read)
            os.close(responses_write)
        return forked, requests, responses

    def _fork(
        self,
        argv: Sequence[object],
        cwd: Path,
        environment: Mapping[str, str],
        output: Path,
        passed: Sequence[int] = (),
    ) -> Forked:
        request = {
            "argv": [str(word) for word in argv],
            "cwd": str(cwd),
            "environment": dict(environment),
            "output": str(output),
        }
        answer, theirs = os.pipe()
        try:
            socket.send_fds(self.requests, [json.dumps(request).encode()], [theirs, *passed])
        finally:
            os.close(theirs)
        with os.fdopen(answer, "rb") as told:
            return Forked(int(told.read()))


class Seeded:
    """Hosts that differ in their hash seed: what is started under a seed is a fork of the one that has it."""

    def __init__(self, hosts: Mapping[str, Preloaded]) -> None:
        self._hosts = hosts

    @property
    def sockets(self) -> Mapping[str, socket.socket]:
        return {seed: host.requests for seed, host in self._hosts.items()}

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """As that of one host."""
        next(iter(self._hosts.values())).install(patch)
        patch.setattr(process, "_start", self._start)

    def _start(self, launch: process.Launch, mode: str, log: Path) -> tuple[Forked | subprocess.Popen[bytes], int, int]:
        return self._hosts[launch.environment[HASH_SEED]].start(launch, mode, log)


def hosts_at(sockets: Mapping[str, int]) -> Preloaded | Seeded:
    """In another process: what `sockets` there has led to, by descriptors."""
    hosts = {seed: Preloaded(requests=socket.socket(fileno=descriptor)) for seed, descriptor in sockets.items()}
    return hosts.get("") or Seeded(hosts)
