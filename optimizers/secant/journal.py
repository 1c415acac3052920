"""The journal of a run: one event per line, appended and on disk before anybody hears of it.

Three things live here: `Journal` is one file held by one process, `RunStore` the folder of a workspace's runs, and
`Recorder` the single door through which events reach the journal and then the listeners. What the events mean is not
known here (history.py reads them back). A full disk ends the journal, never the run.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from secant import events
from secant.errors import BadRequest, SecantError
from secant.events import Event, Finished, Notice, Progress, Proposed, RunStarted, Updated

_MILESTONES = frozenset({"run_started", "baseline", "improved", "confirmed", "finished", "failed"})
_SYNC_SECONDS = 1.0
_CHUNK = 1 << 16


class Journal:
    """One run's file, locked for this process. Appends whole lines; never rewrites one."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Create a new file, or open one to go on with it: an incomplete last line (a crash) is cut off.

        Raises OSError, and SecantError where another process is writing the same run.
        """
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if create else 0)
        self._fd = os.open(path, flags, 0o600)
        try:
            _lock(self._fd, path)
            self._end = os.fstat(self._fd).st_size
            if not create:
                self._end = _last_line_end(self._fd, self._end)
                os.ftruncate(self._fd, self._end)
        except BaseException:
            os.close(self._fd)
            raise

    def append(self, line: bytes, *, durable: bool) -> None:
        """Write one line in one piece. Raises OSError and leaves no torn line behind where the system allows it."""
        data = line + b"\n"
        try:
            written = os.write(self._fd, data)
            while written < len(data):  # a short write says that the disk is filling up: the next one says why
                written += os.write(self._fd, data[written:])
            if durable:
                os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self._end)
            raise
        self._end += len(data)

    def close(self) -> None:
        """Close the file and free the run for other processes. Closing again is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _lock(fd: int, path: Path) -> None:
    """Hold the file until it is closed. The lock dies with the process, so a killed run needs no cleaning up."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SecantError(
            f"the run {path.stem} is being written by another process",
            hint="Wait until it has ended, or stop it there.",
        ) from None


def _last_line_end(fd: int, size: int) -> int:
    """The offset behind the last line end."""
    end = size
    while end > 0:
        start = max(0, end - _CHUNK)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def read(path: Path) -> Iterator[Event]:
    """The events of a journal in order. An incomplete last line is left out, and so are types of a later version.

    Raises SecantError for a damaged line, naming it.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield events.parse(line)
            except ValidationError as error:
                if not _of_later_version(error):
                    raise SecantError(
                        "this line of the journal is damaged",
                        where=f"{path}:{number}",
                        hint="Cut the file before this line to resume from there, or start a new run.",
                    ) from error


def _of_later_version(error: ValidationError) -> bool:
    return any(e["type"] == "union_tag_invalid" for e in error.errors(include_url=False, include_input=False))


class RunSummary(NamedTuple):
    """A run as a list shows it."""

    id: str
    started: float
    target: str
    optimizer: str
    state: Literal["running", "interrupted", "finished", "failed"]
    outcome: str
    """`improved`, `unchanged`, ... of a finished run, the message of a failed one."""


class RunStore:
    """The runs of one workspace: `.secant/runs/<id>.jsonl`, with a `.gitignore` that keeps them out of git."""

    def __init__(self, workspace: Path) -> None:
        self._home = workspace / ".secant"
        self.folder = self._home / "runs"

    def path(self, run: str) -> Path:
        return self.folder / f"{run}.jsonl"

    def create(self, run: str) -> Journal:
        """A new journal. Raises OSError where the workspace cannot be written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self._home / ".gitignore"
        if not ignore.exists():
            _write_atomically(ignore, "*\n")
        return Journal(self.path(run), create=True)

    def open(self, run: str) -> Journal:
        """An earlier run's journal, to go on with. Raises SecantError where another process holds it, and OSError."""
        return Journal(self.path(run), create=False)

    def read(self, run: str) -> Iterator[Event]:
        return read(self.path(run))

    def ids(self) -> list[str]:
        """The newest last: ids sort by time."""
        return sorted(p.stem for p in self.folder.glob("*.jsonl")) if self.folder.is_dir() else []

    def resolve(self, prefix: str) -> str:
        """The run whose id begins with `prefix`, or whose random end does. Raises BadRequest for none or several."""
        known = self.ids()
        found = [i for i in known if prefix and (i.startswith(prefix) or i.rpartition("-")[2].startswith(prefix))]
        if prefix in known or len(found) == 1:
            return prefix if prefix in known else found[0]
        if found:
            raise BadRequest(f"{len(found)} runs begin with {prefix}", hint=f"Say more: {', '.join(found[-5:])}.")
        latest = f"The latest are: {', '.join(known[-5:])}." if known else "There are no runs in this workspace yet."
        raise BadRequest(f"there is no run {prefix or '(no name given)'} under {self.folder}", hint=latest)

    def list(self) -> Sequence[RunSummary]:
        """The newest first. Reads the first and last lines only; a journal without a readable start is left out."""
        summaries = (_summary(self.path(run)) for run in reversed(self.ids()))
        return [s for s in summaries if s is not None]


def _summary(path: Path) -> RunSummary | None:
    with path.open("rb") as file:
        first = _parsed(file.readline())
        if not isinstance(first, RunStarted):
            return None
        last = _parsed(_last_line(file.fileno()))
        state, outcome = _state(last, file.fileno())
        return RunSummary(path.stem, first.time, first.target, first.optimizer, state, outcome)


def _state(last: Event | None, fd: int) -> tuple[Literal["running", "interrupted", "finished", "failed"], str]:
    if isinstance(last, Finished):
        return "finished", last.outcome
    if isinstance(last, events.Failed):
        return "failed", last.message
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return "running", ""
    return "interrupted", ""


def _last_line(fd: int) -> bytes:
    end = _last_line_end(fd, os.fstat(fd).st_size)
    start = _last_line_end(fd, max(0, end - 1))
    return os.pread(fd, end - start, start)


def _parsed(line: bytes) -> Event | None:
    try:
        return events.parse(line)
    except ValidationError:
        return None


def _write_atomically(path: Path, text: str) -> None:
    """Written whole or not at all, whoever else does the same at the same time."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)


def new_run_id(clock: Callable[[], float] = time.time, token: Callable[[int], str] = secrets.token_hex) -> str:
    """A name that sorts by time: `20260131-142533120-9f3a` (UTC, milliseconds, random)."""
    now = datetime.fromtimestamp(clock(), UTC)
    return f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03d}-{token(2)}"


class Listener(Protocol):
    """Whoever wants to hear of a run. What it raises ends the run."""

    def __call__(self, event: Event, /) -> None: ...


class Recorder:
    """Stamps events with number, time and run, writes them down, then announces them."""

    def __init__(
        self,
        run: str,
        journal: Journal | None,
        listeners: Sequence[Listener] = (),
        *,
        clock: Callable[[], float] = time.time,
        seq: int = 0,
    ) -> None:
        """`journal=None` keeps nothing on disk; `seq` is the number of the last event of an earlier session."""
        self.run = run
        self._journal = journal
        self._listeners = tuple(listeners)
        self._clock = clock
        self._seq = seq
        self._synced = clock()
        self._lock = threading.RLock()

    def record(self, event: Event) -> Event:
        """Journal (all but Progress), then announce. Returns the event as stamped."""
        with self._lock:
            stamped = self._stamped(event)
            try:
                line = events.dump(stamped)
            except PydanticSerializationError:  # a lone surrogate, from a test's output or a model
                stamped = _encodable(stamped)
                line = events.dump(stamped)
            trouble = None if isinstance(event, Progress) else self._write(stamped, line.encode())
            self._announce(stamped)
            if trouble is not None:
                self._announce(self._stamped(trouble))
            return stamped

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def _stamped(self, event: Event) -> Event:
        self._seq += 1
        return event.model_copy(update={"seq": self._seq, "time": self._clock(), "run": self.run})

    def _write(self, event: Event, line: bytes) -> Notice | None:
        if self._journal is None:
            return None
        durable = self._durable(event)
        try:
            self._journal.append(line, durable=durable)
        except OSError as error:
            # Whatever the disk's trouble is, the run and its best so far are worth more than the journal.
            self._journal.close()
            self._journal = None
            return Notice(
                level="warning",
                message=f"The journal cannot be written any more ({error.strerror or error}): the run goes on, but it "
                "cannot be resumed from here.",
                hint=f"Make room on the disk of the workspace. What was written up to now is kept (run {self.run}).",
            )
        if durable:
            self._synced = event.time
        return None

    def _durable(self, event: Event) -> bool:
        """Whether the line must survive a power failure: milestones, what was paid for, and now and then a state."""
        if isinstance(event, Proposed):
            return any(item.proposal is not None for item in event.items)
        if isinstance(event, Updated):
            return event.time - self._synced >= _SYNC_SECONDS
        return event.type in _MILESTONES

    def _announce(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


def _encodable(event: Event) -> Event:
    """The same event with lone surrogates replaced, which JSON in UTF-8 cannot carry."""
    return type(event).model_validate(_replaced(event.model_dump()))


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_replaced(k): _replaced(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return [_replaced(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value
