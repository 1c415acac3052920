"""One run of the engine in a process of its own, pinned to one core, timed and weighed from outside.

The child is what a user starts: imports, search for tests, baseline, search, confirmation. Nothing of the engine is
reached into; what is known of a run is what its events say, and what the system says of the process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks._support import ROOT, Frozen
from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.events import Confirmed, Evaluated, Event, Failed, Finished, Notice, Proposed, Survived, TargetFound
from secant.functions.locate import locate
from secant.functions.target import Target
from secant.functions.textfile import read_text_file
from secant.functions.writeback import replaced

GRACE = 60.0
"""Seconds that a run may take beyond what it was given: preparation and confirmation are not the search's."""
POLL = 0.05


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
    marks: dict[str, float] = {}
    """Seconds after the process began at which something was first told."""
    outcome: str = "killed"
    """Of the `finished` event; `failed` where the request was refused, `killed` where the time was up."""
    reason: str = ""
    finished: dict[str, Any] = {}
    modules: tuple[str, ...] = ()
    """The whole module with the winner in it, then with each alternative."""
    candidates: dict[str, int] = {}
    """How many came to which end."""
    trails: tuple[Trail, ...] = ()
    """For speed: every candidate."""
    notices: tuple[str, ...] = ()
    confirmations: tuple[str, ...] = ()
    """Verdicts of the final verification, in order."""
    peak_pss_mb: float = 0.0
    """The largest sum over all processes of the run, shared pages counted once; 0 where it was not asked."""
    peak_rss_mb: dict[str, float] = {}
    """The largest resident memory of the engine, and of the largest process that it started."""


class Listener:
    """Keeps what the benchmarks read, and the candidates' fates."""

    def __init__(self) -> None:
        self.marks: dict[str, float] = {}
        self.last: Finished | Failed | None = None
        self.target: TargetFound | None = None
        self.notices: list[str] = []
        self.confirmations: list[str] = []
        self.rationales: dict[str, str] = {}
        self.fates: dict[str, tuple[str, str]] = {}
        self.unscreened: Counter[str] = Counter()

    def __call__(self, event: Event) -> None:
        self.marks.setdefault(event.type, time.time() - _process_start())
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
                self.fates[event.proposal["artifact"]["id"]] = ("survived", "")
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
        order.write_text(json.dumps({"request": request.model_dump(mode="json"), "core": core, "answer": str(answer)}))
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.engine_run", str(order)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        scales = Scales(process.pid) if weigh else None
        code, cpu = _ending(process, (request.max_seconds or 0.0) + GRACE, scales)
        seconds = time.perf_counter() - start
        assert process.stderr is not None
        complaint = process.stderr.read().decode("utf-8", "replace")
        process.stderr.close()
        if not answer.exists():
            return EngineRun(exit_code=code, seconds=seconds, cpu_seconds=cpu, reason=complaint[-2000:])
        run = EngineRun.model_validate_json(answer.read_bytes())
    weight = {"peak_pss_mb": scales.peak_pss, "peak_rss_mb": scales.peak_rss(process.pid)} if scales else {}
    return run.model_copy(update={"exit_code": code, "seconds": seconds, "cpu_seconds": cpu, **weight})


def _ending(process: subprocess.Popen[bytes], patience: float, scales: Scales | None) -> tuple[int, float]:
    """Exit code and CPU seconds of a process and all it waited for; it is killed when its time is up."""
    deadline = time.monotonic() + patience
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime
        if time.monotonic() > deadline:
            for each in descendants(process.pid):
                _kill(each)
        if scales is not None:
            scales.weigh()
        time.sleep(POLL)


class Scales:
    """Weighs a process and everything below it, again and again."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._largest: dict[int, float] = {}
        self.peak_pss = 0.0

    def weigh(self) -> None:
        """Once; processes that end meanwhile count as nothing."""
        total = 0.0
        for pid in descendants(self._pid):
            total += _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss:") / 1024
            peak = _kilobytes(f"/proc/{pid}/status", "VmHWM:") / 1024
            self._largest[pid] = max(peak, self._largest.get(pid, 0.0))
        self.peak_pss = max(self.peak_pss, total)

    def peak_rss(self, engine_pid: int) -> dict[str, float]:
        others = [peak for pid, peak in self._largest.items() if pid != engine_pid]
        return {"engine": self._largest.get(engine_pid, 0.0), "largest worker": max(others, default=0.0)}


def descendants(pid: int) -> Iterator[int]:
    """A process and all below it, as far as they can be seen, the topmost first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [pid]
    while waiting:
        yield (pid := waiting.pop())
        waiting += children.get(pid, [])


def _kilobytes(file: str, field: str) -> float:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return 0.0  # it ended, or it is not ours to look at
    return next((float(line.split()[1]) for line in lines if line.startswith(field)), 0.0)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass  # it ended


# ---- the child's side ------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> None:
    """Carry out the order in a file; the answer goes into another."""
    order = json.loads(Path(arguments[0]).read_bytes())
    os.sched_setaffinity(0, {order["core"]})
    request = OptimizeRequest.model_validate(order["request"])
    listener = Listener()
    code = engine.optimize(request, [listener], Cancellation(), os.environ)
    Path(order["answer"]).write_text(_answer(code, request, listener).model_dump_json(), encoding="utf-8")
    sys.exit(code)


def _answer(code: int, request: OptimizeRequest, listener: Listener) -> EngineRun:
    last = listener.last
    common = {
        "exit_code": code,
        "marks": listener.marks,
        "candidates": dict(listener.unscreened + Counter(fate for fate, _ in listener.fates.values())),
        "notices": tuple(listener.notices),
        "confirmations": tuple(listener.confirmations),
    }
    if not isinstance(last, Finished):
        reason = f"{last.message}\n{last.hint}" if last is not None else "no last event"
        return EngineRun(outcome="failed", reason=reason, **common)
    return EngineRun(
        outcome=last.outcome,
        reason=last.reason,
        finished=last.model_dump(mode="json", exclude={"usage"}),
        modules=_modules(listener.target, last),
        trails=_trails(listener) if last.goal == "faster" else (),
        **common,
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


def _process_start() -> float:
    """When this process began, in seconds since the epoch; the system counts it in hundredths."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    boot = next(
        float(line.split()[1]) for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime")
    )
    return boot + ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(sys.argv[1:])
