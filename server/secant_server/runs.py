"""Runs: each a background task around one engine, with a progress item, from its order to its last event.

A run is told apart by its own id, given before the engine has started; the engine's id, by which the journal goes, is
known with its first event. Both names are answered to. What is done with a result is not known here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from secant.errors import SecantError
from secant.events import (
    Baseline,
    Event,
    Failed,
    Finished,
    Forecast,
    Progress,
    RunStarted,
    Updated,
)
from secant.judging import Doing, Judges, Kind, kind_of
from secant.spending import foretold, in_short
from secant.types import Usage
from secant_server import names, sentences
from secant_server.engine import Engine, engine
from secant_server.files import same_file
from secant_server.lending import Desk, Send
from secant_server.notices import told
from secant_server.progress import Bar
from secant_server.views import RunState, RunView, UsageView

GRACE_SECONDS = 0.7
"""How long an engine that was asked to stop may take to confirm its best."""


class Assignment(NamedTuple):
    """What is to be run, and where."""

    uri: str
    path: Path
    name: str
    root: Path
    """The project's folder: working directory of the engine, place of its journal."""
    order: Mapping[str, Any]
    goal: str = "auto"
    judges: Judges = "tests"
    doing: Doing = "optimizing"

    @property
    def kind(self) -> Kind:
        return kind_of(self.judges)

    @property
    def label(self) -> str:
        """What is run on, as a person calls it."""
        return names.label(self.kind, self.name, self.path)

    @property
    def done(self) -> str:
        """What it is when the run is over."""
        return sentences.DONE[self.doing]


class Run:
    """One run, under way or over."""

    def __init__(self, identity: str, assignment: Assignment, bar: Bar, earlier: Sequence[Event] = ()) -> None:
        """`earlier` are the events of the sessions before this one, of a run that goes on."""
        self.id = identity
        self.journal: str | None = identity if earlier else None
        """The engine's name for it."""
        self.assignment = assignment
        self.bar = bar
        self.started = time.time()
        self.events: list[Event] = list(earlier)
        """All but what only moves the progress, so that a full disk loses nothing."""
        self.stopped = self.discarded = False
        self.end: Finished | Failed | None = None
        self.over = asyncio.Event()
        """Set when the engine has ended and what it left is in order."""
        self._progress = Progress(phase="start", message="starting")
        self._best = ""
        self._usage: Mapping[str, Usage] = {}
        self._most_calls: int | None = None
        self._forecast = ""
        for event in earlier:
            self._learn(event)

    def take(self, event: Event) -> None:
        """Learn what happened."""
        if isinstance(event, Progress):
            self._progress = event
            self._best = event.best or self._best
            self._usage = event.usage or self._usage
            self.bar.report(sentences.progress(event, self._most_calls, self.assignment.judges), event.fraction)
            return
        if isinstance(event, Updated):
            if event.evolution is not None:  # without the state, which only a run that goes on needs
                self.events.append(event.model_copy(update={"state": {}}))
            return
        self.events.append(event)
        self._learn(event)
        match event:
            case RunStarted():
                self.journal = event.run
            case Forecast():
                self.bar.report(self._forecast, None)
            case Finished() | Failed():
                self.end = event
            case _:
                pass

    def _learn(self, event: Event) -> None:
        """What the run may spend and has spent."""
        match event:
            case RunStarted():
                most = event.request.get("max_calls")
                self._most_calls = most if isinstance(most, int) else None
            case Forecast():
                self._forecast = foretold(event)
            case Finished():
                self._usage = event.usage
            case _:
                pass

    def answers_to(self, identity: str) -> bool:
        return identity in (self.id, self.journal)

    @property
    def state(self) -> RunState:
        if not self.over.is_set() and not self.stopped:
            return "running"
        match self.end:
            case Finished(outcome="stopped"):
                return "stopped"
            case Finished():
                return "finished"
            case Failed() if not self.stopped:
                return "failed"
            case _:
                return "stopped" if self.stopped else "failed"

    def view(self, summary: str = "", proposal: str | None = None) -> RunView:
        """As it is shown, with the result and the proposal that came of it."""
        progress, baseline = self._progress, next((e for e in self.events if isinstance(e, Baseline)), None)
        return RunView(
            id=self.id,
            uri=self.assignment.uri,
            name=self.assignment.label,
            judges=self.assignment.judges,
            doing=self.assignment.doing,
            goal=baseline.goal if baseline else self.assignment.goal,
            state=self.state,
            phase=progress.phase,
            message=sentences.progress(progress, self._most_calls, self.assignment.judges),
            evaluations=progress.evaluations,
            best=self._best,
            seconds=progress.seconds,
            fraction=progress.fraction,
            outcome=self.outcome,
            summary=summary,
            started=self.started,
            proposal=proposal,
            spent=in_short(self._usage, self._most_calls),
            usage=tuple(UsageView.of(level, spent) for level, spent in self._usage.items()),
            forecast=self._forecast,
        )

    @property
    def outcome(self) -> str:
        """`improved`, `unchanged`, ... of a finished run, the message of a failed one."""
        match self.end:
            case Finished():
                return self.end.outcome
            case Failed():
                return self.end.message
            case None:
                return ""


class Watcher(Protocol):
    """Whoever wants to know how runs go."""

    def moved(self, run: Run) -> None:
        """Something happened in it."""
        ...

    async def ended(self, run: Run, trouble: Trouble | None) -> str:
        """It is over. Returns the last words of its progress."""
        ...

    def fault(self, error: Exception) -> None:
        """Something of ours went wrong."""
        ...


class Trouble(NamedTuple):
    """A run that came to no end of its own: a sentence, and what the engine last wrote."""

    message: str
    detail: str = ""


class Runs:
    """The runs of this session."""

    def __init__(
        self,
        command: Sequence[str],
        watcher: Watcher,
        log: Callable[[str], None],
        desk: Callable[[str, Send], Desk],
        grace: float = GRACE_SECONDS,
    ) -> None:
        """`desk` is where the engine of a run, by the run's id, asks for the editor's models."""
        self._command = command
        self._watcher = watcher
        self._log = log
        self._desk = desk
        self._grace = grace
        self._runs: list[Run] = []
        self._engines: dict[Run, Engine] = {}
        self._tasks: dict[Run, asyncio.Task[None]] = {}
        self._opening: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[Run]:
        """The newest first."""
        return reversed(self._runs)

    @property
    def running(self) -> Sequence[Run]:
        return [run for run in self._runs if run in self._tasks and not run.stopped]

    @property
    def engines(self) -> Sequence[Engine]:
        """The processes that are running."""
        return list(self._engines.values())

    def find(self, identity: str) -> Run | None:
        return next((run for run in self if run.answers_to(identity)), None)

    def on(self, path: Path, name: str) -> Run | None:
        """The run on this function or solution that is under way."""
        there = ((run, run.assignment) for run in self.running)
        return next((run for run, on in there if on.name == name and same_file(on.path, path)), None)

    def start(self, run: Run) -> None:
        """Begin it in the background."""
        self._runs = [other for other in self._runs if other.id != run.id]
        self._runs.append(run)
        self._tasks[run] = asyncio.create_task(self._conduct(run))

    def stop(self, run: Run) -> bool:
        """End its progress now, and the run soon: it may still confirm its best. False where it is over already."""
        if run.stopped or run not in self._tasks:
            return False
        run.stopped = True
        run.bar.close("stopped, keeping the best so far")
        running = self._engines.get(run)
        if running is not None:
            running.stop()
            asyncio.get_running_loop().call_later(self._grace, running.kill)
        self._watcher.moved(run)
        return True

    def discard(self, run: Run) -> bool:
        """End it now and keep nothing. False where it is over already."""
        if run not in self._tasks:
            return False
        run.discarded = run.stopped = True
        run.bar.close("discarded")
        if run in self._engines:
            self._engines[run].kill()
        return True

    async def close(self) -> None:
        """End all of them; no process is left when this returns."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _conduct(self, run: Run) -> None:
        title = sentences.optimizing_title(run.assignment.label, run.assignment.doing)
        opening = asyncio.create_task(run.bar.open(title))
        self._opening.add(opening)  # the editor may answer late or never: nobody waits for it
        opening.add_done_callback(self._opening.discard)
        try:
            trouble = await self._carried_out(run)
            run.bar.close(await self._watcher.ended(run, trouble))
        except Exception as error:  # noqa: BLE001  # because nobody awaits a run: it would be lost
            self._watcher.fault(error)
        finally:
            run.bar.close("ended")
            run.over.set()
            del self._tasks[run]
            self._watcher.moved(run)

    async def _carried_out(self, run: Run) -> Trouble | None:
        name, assignment = run.assignment.label, run.assignment
        try:
            async with engine(self._command, assignment.order, assignment.root, self._log) as running:
                self._engines[run] = running
                if run.stopped:  # before there was anything to stop
                    return None
                with closing(self._desk(run.id, running.send)) as desk:
                    async for event in running.events(desk.take):
                        run.take(event)
                        self._watcher.moved(run)
                        if isinstance(event, Forecast):
                            self._log(f"{name}: {foretold(event)}.")
        except SecantError as error:
            return Trouble(f"{name} was not {assignment.done}. {told(error)}")
        finally:
            self._engines.pop(run, None)
        if run.end is None and not run.stopped:
            return Trouble(
                f"{name}: the engine ended unexpectedly ({running.status}). Secant's log says more; run it again.",
                running.tail or "It wrote nothing.",
            )
        return None
