"""One run as an editor starts it, `python -m secant.machine`, and where its time went.

Nothing of the engine is reached into: a phase lies between two events, whose time the engine wrote on them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import IO, NamedTuple

from pydantic import ValidationError

from benchmarks._support import ROOT
from benchmarks.model_server import Session
from benchmarks.watch import Watch
from secant.config import Models, RunRequest
from secant.events import (
    Baseline,
    Confirmed,
    Event,
    Failed,
    Finished,
    ModelCalled,
    Proposed,
    RunStarted,
    Updated,
    parse,
)
from secant.models.contract import ModelSettings

PATIENCE = 300.0
KEY_VARIABLE = "SECANT_BENCHMARK_KEY"


class MachineRun(NamedTuple):
    """One run, from outside. Seconds since the epoch."""

    began: float
    ended: float
    cpu_seconds: float
    """Of the process and everything it started."""
    engine_cpu_seconds: float
    """Of the process alone."""
    events: Sequence[Event]
    complaint: str
    """What stood on stderr."""
    peak_mb: float = 0.0
    """The most that the process alone had in memory, where it was weighed."""

    @property
    def seconds(self) -> float:
        """Of the whole process, from its start to its end."""
        return self.ended - self.began

    @property
    def last(self) -> Finished | Failed | None:
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Finished | Failed) else None

    @property
    def finished(self) -> Finished:
        """Raises RuntimeError, with what is known, for a run that did not get so far."""
        if not isinstance(self.last, Finished):
            said = self.last.message if self.last is not None else self.complaint[-2000:]
            raise RuntimeError(f"the run did not finish: {said}")
        return self.last


class Shares(NamedTuple):
    """Where the seconds of a run went; together they are all of them."""

    start: float
    """From the start of the process to the first event: Python, imports, finding the function."""
    preparation: float
    """From there to the baseline: tests are found and run, the workers are warm."""
    proposing: float
    """Before each step's proposals: the model is waited for in it, and rules are applied."""
    evaluating: float
    """From each step's proposals to its verdicts."""
    confirming: float
    ending: float
    """From the last confirmation to the end of the process."""

    @property
    def evaluation(self) -> float:
        return self.preparation + self.evaluating + self.confirming


def models(session: Session, model: str = "openai/scripted") -> Models:
    """The optimizer's model, at a session's address."""
    settings = ModelSettings(model=model, base_url=session.base_url, key_variable=KEY_VARIABLE)
    return Models(levels={"optimizer": settings})


def run_machine(request: RunRequest, options: Sequence[str] = (), *, weigh: bool = False) -> MachineRun:
    """Carry a request out. `options` are Python's own. Never raises for what the engine does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as errors:
        began = time.time()
        process = subprocess.Popen(
            [sys.executable, *options, "-m", "secant.machine"],
            cwd=ROOT,
            env={**environment, KEY_VARIABLE: "a-key-for-nobody"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        watch = Watch(process.pid, weigh=weigh)
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({request.command: request.model_dump(mode="json")}).encode() + b"\n")
            process.stdin.flush()  # left open: its end would end the run
            lines: list[bytes] = []
            reader = threading.Thread(target=_read, args=(process.stdout, lines))
            reader.start()
            watch.until_end(PATIENCE)
            ended = time.time()
            reader.join()
        errors.seek(0)
        complaint = errors.read().decode("utf-8", "replace")
    cpu, own = watch.cpu_seconds, watch.own_cpu_seconds
    peak = watch.peak_rss_mb["engine"]
    return MachineRun(began, ended, cpu, own, _parsed(lines), complaint, peak)


def _read(stdout: IO[bytes], lines: list[bytes]) -> None:
    lines.extend(stdout)


def _parsed(lines: Sequence[bytes]) -> Sequence[Event]:
    events: list[Event] = []
    for line in lines:
        try:
            events.append(parse(line))
        except ValidationError:  # a line that was cut off when the process was killed
            break
    return events


def shares(run: MachineRun) -> Shares:
    """The phases of a run that came to its end."""
    spent = dict.fromkeys(Shares._fields, 0.0)
    since, last_step = run.began, max((i for i, e in enumerate(run.events) if isinstance(e, Updated)), default=0)
    for index, event in enumerate(run.events):
        phase = _ended_by(event, index > last_step)
        if phase is not None:
            spent[phase] += event.time - since
            since = event.time
    spent["ending"] += run.ended - since
    return Shares(**spent)


def _ended_by(event: Event, after_last_step: bool) -> str | None:
    """The phase that ends with an event."""
    match event:
        case RunStarted():
            return "start"
        case Baseline():
            return "preparation"
        case Proposed():
            return "proposing"
        case Updated():
            return "evaluating" if event.step else "proposing"
        case Confirmed() if after_last_step:
            return "confirming"
        case _:
            return None


def rounds_of_requests(events: Sequence[Event]) -> int:
    """How many requests depended on each other: those of one step with one purpose could all be sent at once."""
    rounds, purposes = 0, set[str]()
    for event in events:
        if isinstance(event, ModelCalled):
            purposes.add(event.call.purpose)
        elif isinstance(event, Updated):
            rounds += len(purposes)
            purposes.clear()
    return rounds + len(purposes)


def cores() -> tuple[int, int]:
    """One for what is measured, one for the model server and whoever watches; the same where there is but one."""
    known = os.sched_getaffinity(0)
    return min(known), max(known)
