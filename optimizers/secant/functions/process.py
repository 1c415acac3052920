"""The engine's end of a worker: start it in the user's interpreter, ask, read answers, and kill its whole tree.

This room knows pipes, process groups and timeouts. What is asked, and what the answers mean, is known elsewhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from secant.errors import SecantError
from secant.functions.worker.isolation import kill_tree

LAUNCHER = Path(__file__).parent / "worker" / "launch.py"
_TICK_SECONDS = 0.1

Answer = dict[str, Any]


class Launch(NamedTuple):
    """How to start anything in the user's interpreter: where, with what environment, wrapped in what."""

    interpreter: Path
    cwd: Path
    environment: Mapping[str, str]
    wrap: Callable[[Sequence[str]], Sequence[str]]
    """Puts bubblewrap in front of the command, where it is used."""


class WorkerDied(SecantError):  # noqa: N818
    """The worker ended or fell silent; the message carries the end of what it printed."""


class WorkerProcess:
    """One worker. Not for use from several threads at once."""

    def __init__(
        self, launch: Launch, mode: Literal["warm", "fresh", "check"], log: Path, check_cancelled: Callable[[], None]
    ) -> None:
        self._log = log
        self._check_cancelled = check_cancelled
        self._buffer = b""
        self._next_id = 0
        self._process, self._requests, self._responses = _start(launch, mode, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, op: str, patience: float, **fields: Any) -> Answer:
        """The single (or last) answer to a request. Raises WorkerDied."""
        return list(self.stream(op, patience, **fields))[-1]

    def stream(self, op: str, patience: float, **fields: Any) -> Iterator[Answer]:
        """The answers to a request as they come; `patience` bounds the seconds of silence."""
        self._next_id += 1
        line = json.dumps({"id": self._next_id, "op": op, **fields}).encode("ascii") + b"\n"
        self._write(line)
        while True:
            answer = json.loads(self._read_line(patience))
            if answer.get("id") != self._next_id:
                continue
            yield answer
            if answer["last"]:
                return

    def close(self) -> None:
        """End the worker and everything it started. Safe to call twice."""
        for descriptor in (self._requests, self._responses):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._kill()

    def output_tail(self) -> str:
        """The end of what the worker (pytest's collection, mostly) printed."""
        return _tail(self._log)

    def memory_bytes(self) -> int:
        """Peak resident memory of the worker process itself, in bytes; 0 where the system does not tell."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return 0
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return 0

    def _write(self, line: bytes) -> None:
        try:
            view = memoryview(line)
            while view:
                view = view[os.write(self._requests, view) :]
        except OSError as error:
            raise self._died("stopped reading") from error

    def _read_line(self, patience: float) -> bytes:
        deadline = time.monotonic() + patience
        while b"\n" not in self._buffer:
            self._check_cancelled()
            ready, _, _ = select.select([self._responses], [], [], _TICK_SECONDS)
            if ready:
                data = os.read(self._responses, 1 << 20)
                if not data:
                    raise self._died("ended")
                self._buffer += data
            elif time.monotonic() > deadline:
                raise self._died(f"gave no answer for {patience:.0f} s")
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _died(self, what: str) -> WorkerDied:
        self._kill()
        tail = self.output_tail()
        return WorkerDied(
            f"The test worker {what} (exit status {self._process.returncode}).",
            hint=f"Its last output:\n{tail}" if tail else "It printed nothing.",
        )

    def _kill(self) -> None:
        _kill_all(self._process)


class OneShot:
    """One cold run: a request goes in, nothing comes back over the pipe; the report is a file."""

    def __init__(self, launch: Launch, log: Path, request: Mapping[str, Any]) -> None:
        self._log = log
        self._process, requests, responses = _start(launch, "cold", log)
        try:
            os.write(requests, json.dumps({"id": 1, "op": "cold", **request}).encode("ascii") + b"\n")
        except BrokenPipeError:
            pass  # it ended at once; `ending` and the log say why
        finally:
            os.close(requests)
            os.close(responses)

    def wait(self, seconds: float) -> bool:
        """Whether the process ended within so many seconds."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ending(self) -> str:
        code = self._process.returncode
        return f"killed by signal {-code}" if code and code < 0 else f"exit status {code}"

    def output_tail(self) -> str:
        return _tail(self._log)

    def close(self) -> None:
        """Kill what is left of it."""
        _kill_all(self._process)


def _start(launch: Launch, mode: str, log: Path) -> tuple[subprocess.Popen[bytes], int, int]:
    """The process and our ends of its pipes: where requests are written, where responses are read."""
    requests_read, requests = os.pipe()
    responses, responses_write = os.pipe()
    argv = [str(launch.interpreter), str(LAUNCHER), str(requests_read), str(responses_write), mode]
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                launch.wrap(argv),
                cwd=launch.cwd,
                env=dict(launch.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(requests_read, responses_write),
                start_new_session=True,
            )
    finally:
        os.close(requests_read)
        os.close(responses_write)
    return process, requests, responses


def _tail(log: Path, characters: int = 3000) -> str:
    try:
        return log.read_bytes()[-characters:].decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that descends from it; its children have sessions of their own."""
    if process.poll() is None:
        kill_tree(process.pid)
    process.wait()
