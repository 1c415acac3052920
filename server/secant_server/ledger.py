"""What a project's runs have found and what the user decided, on disk: `.secant/runs/` and `.secant/decisions.jsonl`.

A restarted server, a second window and a run from the command line all read the same. Journals are the engine's to
write; this module appends decisions and reads the rest. It blocks on the disk, so that a server calls it in a thread.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from secant import events
from secant.errors import SecantError
from secant.events import Event, RunStarted
from secant.journal import RunStore, RunSummary
from secant.judging import judges_of
from secant.types import Frozen
from secant_server.outcomes import from_events
from secant_server.proposals import Decision, Proposal
from secant_server.scores import Measured, measured

MOST_RUNS = 50
"""So many of the newest runs are offered; older ones stay on disk, for `secant runs`."""

_NEEDED = (b"run_started", b"target_found", b"baseline", b"survived", b"improved", b"confirmed", b"finished")
_NEEDED_OF_CASES = (b"tests_found", b"evaluated")
"""Beside those, of a run on a prompt: which rows there are, and how the prompt did on them."""
_TYPE_WITHIN = 200
"""The type of an event stands among the first bytes of its line, and the stage of an evaluation not far behind."""
_STAGE_WITHIN = 400


class _Decided(Frozen):
    """One line of the decisions."""

    proposal: str
    decision: Decision
    option: int = 0
    time: float = 0.0


class _Found(NamedTuple):
    """What a run left."""

    proposal: Proposal | None = None
    measured: tuple[Measured, ...] = ()


class _Stamp(NamedTuple):
    """A file's version."""

    modified: int
    size: int


class Ledger:
    """One project's. Safe to call from several threads, beside other processes that do the same."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.time) -> None:
        """`root`: the project's folder, where `.secant` lies or will lie."""
        self._store = RunStore(root)
        self._decisions = root / ".secant" / "decisions.jsonl"
        self._clock = clock
        self._read: dict[str, tuple[_Stamp, _Found]] = {}
        self._problems: dict[str, str] = {}
        self._decided: tuple[_Stamp, Sequence[_Decided]] = (_Stamp(-1, -1), ())
        self._lock = threading.Lock()

    @property
    def problems(self) -> Mapping[str, str]:
        """Runs that could not be read, and why."""
        return dict(self._problems)

    def proposals(self, without: Collection[str] = ()) -> tuple[Proposal, ...]:
        """Of the newest runs, the newest first. A damaged journal is left out, see `problems`. `without`: nor these."""
        return tuple(found.proposal for found in self._newest(without) if found.proposal is not None)

    def measured(self, without: Collection[str] = ()) -> tuple[Measured, ...]:
        """How prompts did in these runs, the newest first."""
        return tuple(each for found in self._newest(without) for each in found.measured)

    def proposal(self, run: str) -> Proposal | None:
        """Of one run, however old."""
        with self._lock:
            return self._found(run).proposal

    def events(self, run: str) -> tuple[Event, ...]:
        """All that a run told, up to its last readable line."""
        return tuple(_readable(self._store.read(run))) if self._store.path(run).exists() else ()

    def runs(self) -> tuple[RunSummary, ...]:
        """The newest first; nothing where the folder cannot be read."""
        try:
            return tuple(self._store.list()[:MOST_RUNS])
        except OSError:
            return ()

    def decisions(self) -> Mapping[str, Decision]:
        """The last word on each proposal."""
        with self._lock:
            return {line.proposal: line.decision for line in self._lines()}

    def decide(self, proposal: str, decision: Decision, option: int = 0) -> None:
        """Remember what the user decided. Raises OSError, and leaves no half a line behind where the system allows."""
        line = _Decided(proposal=proposal, decision=decision, option=option, time=self._clock())
        with self._lock:
            self._append(line.model_dump_json().encode() + b"\n")

    def rejected_sources(self, path: Path, name: str, base: str) -> tuple[str, ...]:
        """Texts of a function that the user turned down, for the text that it still has."""
        with self._lock:
            last = {line.proposal: line for line in self._lines()}
        turned_down = {run: line.option for run, line in last.items() if line.decision == "rejected"}
        found: list[str] = []
        for proposal in self.proposals():
            option = turned_down.get(proposal.id)
            if option is not None and (proposal.path, proposal.name, proposal.base) == (path, name, base):
                found.extend(choice.source for choice in proposal.options[option : option + 1])
        return tuple(dict.fromkeys(found))

    def _newest(self, without: Collection[str]) -> Sequence[_Found]:
        with self._lock:
            newest = list(reversed(self._ids()))[:MOST_RUNS]
            self._read = {run: self._read[run] for run in newest if run in self._read}
            return [self._found(run) for run in newest if run not in without]

    def _ids(self) -> Sequence[str]:
        try:
            return self._store.ids()
        except OSError as error:
            self._problems[str(self._store.folder)] = error.strerror or str(error)
            return ()

    def _found(self, run: str) -> _Found:
        path = self._store.path(run)
        try:
            stamp = _stamp(path)
            known = self._read.get(run)
            if known is not None and known[0] == stamp:
                return known[1]
            needed = list(_needed(path))
            found = _Found(from_events(needed), measured(needed))
        except (OSError, SecantError) as error:
            self._problems[run] = str(error)
            return _Found()
        self._problems.pop(run, None)
        self._read[run] = (stamp, found)
        return found

    def _lines(self) -> Sequence[_Decided]:
        try:
            stamp = _stamp(self._decisions)
            if self._decided[0] != stamp:
                self._decided = (stamp, list(_decided(self._decisions.read_bytes())))
        except OSError:
            return ()
        return self._decided[1]

    def _append(self, line: bytes) -> None:
        _make_ignored(self._decisions.parent)
        descriptor = os.open(self._decisions, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _torn(descriptor):
                line = b"\n" + line  # another process died in the middle of its line: this one stays whole
            if os.write(descriptor, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _make_ignored(folder: Path) -> None:
    """Make the folder where it is missing, kept out of git as the engine keeps it. Raises OSError."""
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as file:
        file.write("*\n")


def _stamp(path: Path) -> _Stamp:
    found = path.stat()
    return _Stamp(found.st_mtime_ns, found.st_size)


def _needed(path: Path) -> Iterator[Event]:
    """The events that a proposal and scores are made of; the many others are not even parsed.

    An unfinished line is left out. Raises SecantError for a damaged line, and OSError.
    """
    needed = _NEEDED
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n") or not _is_needed(line, needed):
                continue
            try:
                event = events.parse(line)
            except ValidationError as error:
                raise SecantError("this line of the journal is damaged", where=f"{path}:{number}") from error
            if isinstance(event, RunStarted) and judges_of(event.kind, event.request) == "cases":
                needed = (*_NEEDED, *_NEEDED_OF_CASES)
            yield event


def _is_needed(line: bytes, needed: Sequence[bytes]) -> bool:
    """Of the evaluations only the first one: those of a search are many, and large."""
    head = line[:_TYPE_WITHIN]
    kind = next((kind for kind in needed if b'"type":"%s"' % kind in head), None)
    return kind is not None and (kind != b"evaluated" or b'"stage":"baseline"' in line[:_STAGE_WITHIN])


def _readable(story: Iterator[Event]) -> Iterator[Event]:
    try:
        yield from story
    except (SecantError, OSError):
        return


def _decided(data: bytes) -> Iterator[_Decided]:
    """Whole lines that can be read; a torn one decides nothing."""
    for line in data.split(b"\n"):
        try:
            yield _Decided.model_validate_json(line)
        except ValidationError:
            continue


def _torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
