"""What one candidate costs: forked from the warm worker, screened among many, and as a pytest command of its own.

The project is one small pure function with ten tests. All three ways run in turn on one core, so that neighbours slow
them alike. CPU time is the whole of it: the child, the worker around it and the engine that asks.

    python -m benchmarks.candidate_cost [--json FILE] [--limit N]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import _support
from benchmarks._support import Figures, Frozen, Table, median, number, quantile
from benchmarks.watch import below, processes
from secant.config import OptimizeRequest
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, find_subject, prepare
from secant.rewriting import repair
from secant.rewriting.edit import apply
from secant.rewriting.source import FunctionSource

ROUNDS = 60
"""Times that each way is run in turn."""
FORKS = 5
"""Candidates forked for each pytest command: they are cheap."""
SCREENED = 2_048
CHUNK = 256
"""As the engine asks."""
PLUGINS_OFF = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

FUNCTION = '''def longest_run(values):
    """The length of the longest run of equal neighbours."""
    best = current = 0
    previous = None
    for value in values:
        if value == previous:
            current += 1
        else:
            current = 1
        if current > best:
            best = current
        previous = value
    return best
'''
CASES = {
    "[]": 0, "[1]": 1, "[1, 1]": 2, "[1, 2]": 1, "[1, 2, 2, 3]": 2, "[3, 3, 3, 1, 1]": 3, "'aabbbb'": 4,
    "[0, 0, 1, 0]": 2, "list(range(20))": 1, "[7] * 30": 30,
}  # fmt: skip


class Cost(Frozen):
    """CPU milliseconds of one way, over its runs."""

    way: str
    runs: int
    least: float
    median: float
    p90: float
    per_second: float
    """By the median of wall time."""


def write_project(folder: Path) -> None:
    tests = [
        f"def test_{n}():\n    assert longest_run({call}) == {value}\n" for n, (call, value) in enumerate(CASES.items())
    ]
    (folder / "runs.py").write_text(FUNCTION, encoding="utf-8")
    (folder / "test_runs.py").write_text("\n\n".join(["from runs import longest_run\n", *tests]), encoding="utf-8")


@contextmanager
def prepared(project: Path, scratch: Path) -> Generator[Prepared]:
    """The project with a warm worker, as a run has it before its search."""
    request = OptimizeRequest(target="runs.py::longest_run", folder=project)
    subject = find_subject(request, os.environ)
    launcher = Launcher(subject.interpreter.path, scratch, base_environment=os.environ)
    made = prepare(request, subject, launcher, lambda _: None, lambda: None)
    try:
        yield made
    finally:
        made.workers.close()


class Meter:
    """CPU and wall time of calls, of this process and of the workers below it."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.wall: list[float] = []

    def run(self, work: Callable[[], float]) -> None:
        """`work` returns the CPU seconds of the children that it waited for or was told of."""
        own, wall = time.process_time(), time.perf_counter()
        children = work()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(1000 * (time.process_time() - own + children))

    def cost(self, way: str, share: int = 1) -> Cost:
        """`share`: candidates in one call."""
        each = [cpu / share for cpu in self.cpu]
        figures = {"least": min(each), "median": median(each), "p90": quantile(each, 0.9)}
        return Cost(way=way, runs=len(each), per_second=share / median(self.wall), **figures)


def forked(made: Prepared, workers: Sequence[int]) -> float:
    """One candidate through the fork path; CPU seconds of the child and of the worker that forked it."""
    tests = [test.id for test in made.suite.in_order]
    before = sum(map(cpu_clock, workers))
    (record,) = made.workers.run("swap", [FUNCTION], tests, stop=True, test_seconds=10.0, seconds=60.0)
    passed = [result["outcome"] for result in record["results"]]
    if passed != ["passed"] * len(tests):
        raise RuntimeError(f"the original must pass its {len(tests)} tests, but they gave {passed}")
    return record["cpu"] + sum(map(cpu_clock, workers)) - before


def screened(made: Prepared, texts: Sequence[str]) -> float:
    """Many candidates through the screen; CPU seconds of the workers, which the system counts in hundredths."""
    before = _ticking_seconds()
    limit = 3_000 + 20 * made.suite.most_ticks
    tests = [{"id": test.id, "fuel": limit, "passes": test.passes} for test in made.suite.in_order]
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        answer = made.workers.screen(chunk, tests, always=0, stall=1.0, seconds=600.0)
        if len(answer["verdicts"]) != len(chunk):
            raise RuntimeError(f"{len(chunk)} texts were screened, {len(answer['verdicts'])} verdicts came back")
    return _ticking_seconds() - before


def _ticking_seconds() -> float:
    """Of all workers and of the children that they waited for."""
    known = processes()
    return sum(known[pid].own_cpu + known[pid].reaped_cpu for pid in below(os.getpid()) if pid in known)


def cpu_clock(pid: int) -> float:
    """CPU seconds of another process, in nanoseconds' detail: its clock as clock_getcpuclockid(3) numbers it."""
    return time.clock_gettime(~pid << 3 | 2)


def pytest_command(project: Path, environment: dict[str, str]) -> float:
    """`python -m pytest -q` on the project; CPU seconds of the process."""
    command, quiet = [sys.executable, "-m", "pytest", "-q"], subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=project, env=environment, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"pytest ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def candidates(made: Prepared, count: int) -> list[str]:
    """Texts of the repair catalogue, as a search would screen them; the likeliest first."""
    source = FunctionSource(FUNCTION)
    edits = repair.ranked(source, made.facts, "full")
    return list(islice(dict.fromkeys(apply(FUNCTION, edit.splices) for edit in edits), count))


def measure(rounds: int, core: int) -> tuple[list[Cost], dict[str, Any]]:
    """All ways in turn, on one core."""
    os.sched_setaffinity(0, {core})
    # Without bytecode every pytest command would pay for compiling what is compiled once for a user.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    fork, command, bare, screen = Meter(), Meter(), Meter(), Meter()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as scratch:
        project = Path(folder).resolve()
        write_project(project)
        with prepared(project, Path(scratch).resolve()) as made:
            workers = below(os.getpid())
            texts = candidates(made, SCREENED)
            for _ in range(rounds):
                for _ in range(FORKS):
                    fork.run(lambda: forked(made, workers))
                command.run(lambda: pytest_command(project, plain))
                bare.run(lambda: pytest_command(project, {**plain, **PLUGINS_OFF}))
            for _ in range(max(1, rounds // 10)):
                screen.run(lambda: screened(made, texts))
    costs = [fork.cost("forked"), command.cost("python -m pytest -q"), bare.cost("the same without other plugins")]
    rate = len(texts) / median(screen.wall)
    return costs, {
        "forked, median CPU ms": round(costs[0].median, 2),
        "times cheaper than pytest": round(costs[1].median / costs[0].median, 1),
        "times cheaper than pytest without other plugins": round(costs[2].median / costs[0].median, 1),
        "screened per second": round(rate),
        "screened per CPU second": round(1000 * len(texts) / median(screen.cpu)),
        "screened texts": len(texts),
    }


def tables(costs: Sequence[Cost], summary: dict[str, Any]) -> list[Table]:
    rows = tuple(
        (c.way, str(c.runs), number(c.least), number(c.median), number(c.p90), number(c.per_second)) for c in costs
    )
    columns = ("one candidate, 10 tests", "runs", "least CPU ms", "median CPU ms", "p90 CPU ms", "per second")
    goals = dict(zip(summary, ("<= 15", ">= 20", "", ">= 500", "", ""), strict=True))
    figures = tuple((name, str(value), goals[name]) for name, value in summary.items())
    return [
        Table(title="Cost of a candidate", columns=columns, rows=rows),
        Table(title="Cost of a candidate against its goals", columns=("figure", "value", "goal"), rows=figures),
    ]


def main() -> None:
    parser = _support.parser(__doc__)
    options = parser.parse_args()
    before = _support.machine()
    core = min(os.sched_getaffinity(0))
    costs, summary = measure(options.limit or ROUNDS, core)
    rows = [cost.model_dump(mode="json") for cost in costs]
    result: Figures = _support.figures(
        "candidate_cost", options, before, summary=summary, tables=tables(costs, summary), rows=rows
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
