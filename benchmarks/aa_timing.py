"""Does the timing tell a gain from noise? Trials of a function against itself, and against versions of known cost.

Every trial compiles its versions anew, forks fresh processes from this one as the worker does, and lets `compare`
decide. Old against old (A/A) must hardly ever be called faster; a true gain of 5 % should nearly always be. Both are
run as the machine is ("quiet", if it is), and with one endless neighbour for each core.

    python benchmarks/aa_timing.py [--trials 300] [--json FILE] [--load quiet busy] [--change A/A ...] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from secant.functions.timing import TimingPlan, TimingSample, compare
from secant.functions.worker.timing import measure
from secant.types import SpeedUp

CHANGES = {"A/A": 0.0, "5 % faster": 5.0, "2 % faster": 2.0, "5 % slower": -5.0, "3x faster": 200 / 3}
"""How much less work the new version does, in percent."""

NEIGHBOUR = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(100_000))"
"""Works as long as its parent lives, however that ends."""


class Workload(NamedTuple):
    """A function whose cost is proportional to `size`."""

    name: str
    source: str
    size: int
    arguments: tuple[Any, ...] = ()


WORKLOADS = (
    Workload("tiny", "def f():\n    s = 0\n    for i in range({n}): s += i * i % 7\n    return s\n", 100),
    Workload("mid", "def f():\n    s = 0\n    for i in range({n}): s += i * i % 7\n    return s\n", 20_000),
    Workload(
        "allocating", "def f():\n    d = {{}}\n    for i in range({n}): d[str(i)] = [i] * 3\n    return len(d)\n", 5_000
    ),
    Workload("mutating", "def f(xs):\n    for i in range({n}): xs[i % 8] += i\n", 2_000, ([0] * 8,)),
)


class Row(NamedTuple):
    """All trials of one workload and change under one load."""

    load: str
    workload: str
    change: str
    trials: int
    faster: int
    slower: int
    indistinguishable: int
    median_ratio: float
    spread: float
    """Root mean square distance of a trial's ratio from the median one, in percent."""
    covered: int
    """Trials whose interval holds the true ratio; counted where it is known exactly (A/A)."""
    median_noise: float
    median_processes: float
    median_seconds: float


def compiled(workload: Workload, change: float) -> Callable[..., Any]:
    """A newly compiled version that does `change` percent less work."""
    namespace: dict[str, Any] = {}
    source = workload.source.format(n=round(workload.size * (1 - change / 100)))
    exec(compile(source, f"<{workload.name}>", "exec"), namespace)
    return namespace["f"]


def in_fresh_process(
    old: Callable[..., Any], new: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, seed: int
) -> TimingSample:
    """The worker's `measure` in a forked child."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(measure(old, new, [(arguments, {})], seconds=seconds, seed=seed), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return TimingSample.model_validate_json(answer)


def trial(workload: Workload, change: float, plan: TimingPlan) -> tuple[SpeedUp, float]:
    """One whole comparison, calibration included, and the seconds it took."""
    start = time.perf_counter()
    old, twin, new = (compiled(workload, percent) for percent in (0.0, 0.0, change))
    sampler = partial(in_fresh_process, old, new, workload.arguments)
    calibrator = partial(in_fresh_process, old, twin, workload.arguments)
    return compare(sampler, calibrator, plan), time.perf_counter() - start


def run(load: str, workload: Workload, change: str, trials: int, plan: TimingPlan) -> Row:
    """Repeat a trial."""
    results = [trial(workload, CHANGES[change], plan) for _ in range(trials)]
    verdicts = Counter(speed_up.verdict for speed_up, _ in results)
    ratios = [speed_up.ratio for speed_up, _ in results]
    median = statistics.median(ratios)
    return Row(
        load,
        workload.name,
        change,
        trials,
        verdicts["faster"],
        verdicts["slower"],
        verdicts["indistinguishable"],
        round(median, 4),
        round(100 * statistics.fmean((ratio / median - 1) ** 2 for ratio in ratios) ** 0.5, 3),
        sum(speed_up.low <= 1 <= speed_up.high for speed_up, _ in results) if change == "A/A" else 0,
        round(statistics.median(speed_up.noise for speed_up, _ in results), 5),
        statistics.median(speed_up.processes for speed_up, _ in results),
        round(statistics.median(seconds for _, seconds in results), 2),
    )


@contextmanager
def neighbours(load: str) -> Generator[None]:
    """One endless process for each core, for a busy machine."""
    count = (os.cpu_count() or 1) if load == "busy" else 0
    busy = [subprocess.Popen([sys.executable, "-c", NEIGHBOUR]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def trials_of(change: str, trials: int) -> int:
    """A/A trials are spread over the workloads; a sixth as many of each of the other changes."""
    return max(1, round(trials / len(WORKLOADS) / (1 if change == "A/A" else 6)))


def report(rows: list[Row], plan: TimingPlan) -> dict[str, Any]:
    """Everything needed to read the figures later."""
    totals: list[dict[str, Any]] = []
    for load, change in dict.fromkeys((row.load, row.change) for row in rows):
        same = [row for row in rows if (row.load, row.change) == (load, change)]
        trials, faster, slower = (sum(getattr(row, name) for row in same) for name in ("trials", "faster", "slower"))
        covered = sum(row.covered for row in same) if change == "A/A" else None
        total = {"load": load, "change": change, "trials": trials, "faster": faster, "slower": slower}
        totals.append({**total, "interval holds the truth": covered})
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load average": os.getloadavg()},
        "date": time.strftime("%Y-%m-%d"),
        "plan": plan.model_dump(),
        "totals": totals,
        "rows": [row._asdict() for row in rows],
    }


def main() -> None:
    """Print a line for each row as it is done, then the totals."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--trials", type=int, default=300, help="A/A trials for each load (default 300)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--load", nargs="+", choices=("quiet", "busy"), default=("quiet", "busy"))
    parser.add_argument("--change", nargs="+", choices=CHANGES, default=tuple(CHANGES), help="default: all")
    parser.add_argument("--quick", action="store_true", help="a few trials only, to see that it runs")
    options = parser.parse_args()
    trials = 8 if options.quick else options.trials
    plan = TimingPlan()
    rows: list[Row] = []
    print(f"{'load':6} {'workload':11} {'change':11} {'n':>4} {'faster':>6} {'slower':>6} {'same':>5}", end=" ")
    print(f"{'ratio':>7} {'spread':>8} {'noise':>7} {'processes':>9} {'seconds':>7}")
    for load in options.load:
        with neighbours(load):
            for change in options.change:
                for workload in WORKLOADS:
                    row = run(load, workload, change, trials_of(change, trials), plan)
                    rows.append(row)
                    print(f"{row.load:6} {row.workload:11} {row.change:11} {row.trials:4} {row.faster:6}", end=" ")
                    print(f"{row.slower:6} {row.indistinguishable:5} {row.median_ratio:7.4f}", end=" ")
                    print(f"{row.spread:7.3f}% {100 * row.median_noise:6.2f}% {row.median_processes:9}", end=" ")
                    print(f"{row.median_seconds:7.2f}", flush=True)
    figures = report(rows, plan)
    for total in figures["totals"]:
        line = "{load:6} {change:11} {trials:4} trials: {faster} faster, {slower} slower".format_map(total)
        covered = total["interval holds the truth"]
        print(line if covered is None else f"{line}, {covered} intervals hold 1")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
