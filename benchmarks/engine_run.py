"""One run of the engine in a process of its own, pinned to one core, timed and weighed from outside.

The child is what a user starts: imports, search for tests, baseline, search, confirmation. Nothing of the engine is
reached into; what is known of a run is what its events say, and what the system says of the process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._support import ROOT, Frozen
from benchmarks.watch import Watch
from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.events import (
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    Notice,
    Progress,
    Proposed,
    Survived,
    TargetFound,
)
from secant.functions.locate import locate
from secant.functions.target import Target
from secant.functions.textfile import read_text_file
from secant.functions.writeback import replaced
from secant.types import Artifact

DEFAULT_SECONDS = 120.0
GRACE = 60.0
"""Seconds that a run may take beyond what it was given: preparation and confirmation are not the search's."""


class Trail(Frozen):
    """How far one candidate came."""

    rationale: str
    fate: str
    """`duplicate` and the like, or the stage that turned it down, or `survived`."""
    detail: str = ""


class EngineRun(Frozen):
    """One run, from outside."""

    exit_code: int
    seconds: float = 0.0
    """Wall time of the whole process, from its start to its end."""
    cpu_seconds: float = 0.0
    """Of the process and everything it started and waited for."""
    marks: Mapping[str, float] = {}
    """Seconds after the process began at which something was first told."""
    outcome: str = "killed"
    """Of the `finished` event; `failed` where the request was refused, `killed` where the time was up."""
    reason: str = ""
    finished: Mapping[str, Any] = {}
    modules: tuple[str, ...] = ()
    """The whole module with the winner in it, then with each alternative."""
    candidates: Mapping[str, int] = {}
    """How many came to which end."""
    trails: tuple[Trail, ...] = ()
    """For speed: every candidate."""
    notices: tuple[str, ...] = ()
    confirmations: tuple[str, ...] = ()
    """Verdicts of the final verification, in order."""
    peak_pss_mb: float = 0.0
    """The largest sum over all processes of the run, shared pages counted once; 0 where it was not asked."""
    peak_rss_mb: Mapping[str, float] = {}
    """The largest resident memory of the engine, and of the largest process that it started."""


class Listener:
    """Keeps what the benchmarks read, and the candidates' fates."""

    def __init__(self, began: float) -> None:
        """`began`: when the process was started, in seconds since the epoch."""
        self._began = began
        self.marks: dict[str, float] = {}
        self.last: Finished | Failed | None = None
        self.target: TargetFound | None = None
        self.notices: list[str] = []
        self.confirmations: list[str] = []
        self.rationales: dict[str, str] = {}
        self.fates: dict[str, tuple[str, str]] = {}
        self.unscreened: Counter[str] = Counter()

    def __call__(self, event: Event) -> None:
        name = f"progress: {event.phase}" if isinstance(event, Progress) else event.type
        self.marks.setdefault(name, round(time.time() - self._began, 3))
        match event:
            case TargetFound():
                self.target = event
            case Finished() | Failed():
                self.last = event
            case Notice():
                self.notices.append(event.message)
            case Confirmed():
                self.confirmations.append(f"{'ok' if event.ok else 'refused'}: {event.reason or event.speedup}")
            case Proposed():
                self._proposed(event)
            case Evaluated():
                self.fates[event.artifact] = (event.stage, _detail(event))
            case Survived():
                identity = Artifact.model_validate(event.proposal["artifact"]).id
                self.fates[identity] = ("survived", self.fates.get(identity, ("", ""))[1])
            case _:
                pass

    def _proposed(self, event: Proposed) -> None:
        for item in event.items:
            if item.status == "ok":
                self.rationales[item.id] = item.rationale
            else:
                self.unscreened[item.status] += 1


def run_engine(request: OptimizeRequest, core: int, *, weigh: bool = False) -> EngineRun:
    """Carry a request out in a fresh process on one core. Never raises for what the engine does."""
    with tempfile.TemporaryDirectory() as folder:
        answer, order = Path(folder) / "answer.json", Path(folder) / "order.json"
        details = {
            "request": request.model_dump(mode="json"),
            "core": core,
            "answer": str(answer),
            "start": time.time(),
        }
        order.write_text(json.dumps(details), encoding="utf-8")
        start = time.perf_counter()
        with (Path(folder) / "errors").open("w+b") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.engine_run", str(order)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
            watch = Watch(process.pid, weigh=weigh)
            watch.until_end((request.max_seconds or DEFAULT_SECONDS) + GRACE)
            code = process.wait()
            seconds = time.perf_counter() - start
            errors.seek(0)
            complaint = errors.read().decode("utf-8", "replace")
        if answer.exists():
            run = EngineRun.model_validate_json(answer.read_bytes())
        else:
            run = EngineRun(exit_code=code, reason=complaint[-2000:])
    return run.model_copy(
        update={
            "exit_code": code,
            "seconds": seconds,
            "cpu_seconds": watch.cpu_seconds,
            "peak_pss_mb": watch.peak_pss_mb,
            "peak_rss_mb": watch.peak_rss_mb,
        }
    )


# ---- the child's side ------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> None:
    """Carry out the order in a file; the answer goes into another."""
    order = json.loads(Path(arguments[0]).read_bytes())
    os.sched_setaffinity(0, {order["core"]})
    request = OptimizeRequest.model_validate(order["request"])
    listener = Listener(order["start"])
    code = engine.optimize(request, [listener], Cancellation(), os.environ)
    Path(order["answer"]).write_text(_answer(code, listener).model_dump_json(), encoding="utf-8")
    sys.exit(code)


def _answer(code: int, listener: Listener) -> EngineRun:
    told = EngineRun(
        exit_code=code,
        marks=listener.marks,
        candidates=dict(listener.unscreened + Counter(fate for fate, _ in listener.fates.values())),
        notices=tuple(listener.notices),
        confirmations=tuple(listener.confirmations),
    )
    last = listener.last
    if not isinstance(last, Finished):
        reason = f"{last.message}: {last.where}\n{last.hint}" if last is not None else "no last event"
        return told.model_copy(update={"outcome": "failed", "reason": reason})
    return told.model_copy(
        update={
            "outcome": last.outcome,
            "reason": last.reason,
            "finished": last.model_dump(mode="json", exclude={"usage"}),
            "modules": _modules(listener.target, last),
            "trails": _trails(listener) if last.goal == "faster" else (),
        }
    )


def _trails(listener: Listener) -> tuple[Trail, ...]:
    return tuple(
        Trail(rationale=rationale, fate=fate, detail=detail)
        for identity, rationale in listener.rationales.items()
        for fate, detail in [listener.fates.get(identity, ("not evaluated", ""))]
    )


def _modules(target: TargetFound | None, finished: Finished) -> tuple[str, ...]:
    if target is None or finished.outcome != "improved":
        return ()
    located = locate(read_text_file(Path(target.path)), Target(path=Path(target.path), line=target.first_line))
    texts = [finished.source, *(alternative.source for alternative in finished.alternatives)]
    return tuple(replaced(located, text).decode() for text in texts)


def _detail(event: Evaluated) -> str:
    if event.evaluation is None:
        return f"{event.passed} of {event.total}"
    speed = event.evaluation.speed
    if speed is not None:
        return f"{speed.ratio:.2f}x ({speed.low:.2f} to {speed.high:.2f}) {speed.verdict} {speed.workload}".strip()
    return event.evaluation.note or f"{event.passed} of {event.total}"


if __name__ == "__main__":
    main(sys.argv[1:])
