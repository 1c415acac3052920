"""The engine as a child process: an order goes in, events come out, and it never outlives whoever started it.

It runs in a session and process group of its own, so that all it started can be killed at once. Its stdin stays open as
long as this process lives: an engine whose stdin ends, ends itself. What a run means is not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from secant.errors import SecantError
from secant.events import Event, Failed, Finished, parse
from secant.models.lent import Complete, Withdraw, aside

COMMAND = (sys.executable, "-P", "-m", "secant.machine")
"""`-P`: the working directory is the user's project, whose modules must not stand in for those of the engine."""
_LONGEST_LINE = 1 << 26
_TAIL = 20
_TIDY_SECONDS = 5.0
"""How long an engine may take to clean up after its last event, before it is killed."""

Log = Callable[[str], None]
Lend = Callable[[Complete | Withdraw], None]
"""Takes what an engine asks of the editor's models."""


class EngineMissing(SecantError):  # noqa: N818 - named after what happened
    """The engine's process cannot be started."""


class Engine:
    """One run's process."""

    def __init__(self, process: Process, log: Log) -> None:
        self._process = process
        self._log = log
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._listening = asyncio.create_task(self._listen())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> str:
        """How it ended, for a person."""
        code = self._process.returncode
        if code is None:
            return "still running"
        return f"exit status {code}" if code >= 0 else f"killed by {_signal_name(-code)}"

    @property
    def tail(self) -> str:
        """The last lines that it wrote to stderr."""
        return "\n".join(self._tail)

    async def line(self) -> bytes:
        """The next line of its output; nothing at the end."""
        assert self._process.stdout is not None
        return await self._process.stdout.readline()

    async def events(self, lend: Lend) -> AsyncIterator[Event]:
        """What it tells, to the end of its output; what it asks between two events goes to `lend`."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            wanted = aside(line)
            if wanted is not None:
                lend(wanted)
                continue
            try:
                event = parse(line)
            except ValidationError:  # of a later version, or no event at all: neither ends a run
                self._log(f"The engine wrote a line that is no event: {line[:200]!r}")
                continue
            yield event
            if isinstance(event, Finished | Failed):  # the last one, even where a grandchild keeps the pipe open
                break
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _TIDY_SECONDS)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one line to it. If it has gone, `events` ends: nothing is to be said twice."""
        assert self._process.stdin is not None
        if not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps(message).encode() + b"\n")

    def stop(self) -> None:
        """Ask for an orderly end, with the best so far."""
        self.send({"stop": True})

    def kill(self) -> None:
        """End it and all it started, now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Leave nothing behind, whatever happened."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        while line := await _line(self._process.stderr):
            text = line.decode("utf-8", "replace").rstrip()
            self._tail.append(text)
            self._log(text)


@contextlib.asynccontextmanager
async def engine(command: Sequence[str], order: Mapping[str, Any], folder: Path, log: Log) -> AsyncGenerator[Engine]:
    """An engine that carries out the order, with `folder` as working directory; killed when the context is left.

    Raises EngineMissing where it cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LONGEST_LINE, start_new_session=True
        )
    except OSError as error:
        reason = f"the engine cannot be started: {error.strerror or error}"
        if not folder.is_dir():
            raise EngineMissing(reason, where=str(folder), hint="The project's folder has gone.") from error
        hint = "Install Secant again, then restart the language server."
        raise EngineMissing(reason, where=command[0], hint=hint) from error
    running = Engine(process, log)
    try:
        running.send(order)
        yield running
    finally:
        running.kill()
        await asyncio.shield(running.close())


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line; a piece of one that is too long; nothing at the end."""
    try:
        return await stream.readuntil()
    except asyncio.IncompleteReadError as error:
        return error.partial
    except asyncio.LimitOverrunError as error:
        return await stream.read(error.consumed)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
