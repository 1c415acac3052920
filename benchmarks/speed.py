"""What becomes faster: slow functions that should, and good ones of which no gain may be claimed.

Runs the engine on the two halves of `corpus/`, one core each. A gain counts where the engine proposes it with the
verdict `faster`. Every proposal is then timed a second time without the engine: the folder's own tests, run by pytest
in fresh processes, old and new in turn.

    python -m benchmarks.speed [--half slow|fine] [--only NAME ...] [--json FILE] [--limit N] [--jobs N]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from benchmarks import _support
from benchmarks._support import Frozen, Table, median, number
from benchmarks.engine_run import EngineRun, Trail, run_engine
from secant.config import OptimizeRequest

CORPUS = Path(__file__).parent / "corpus"
Half = Literal["slow", "fine"]
HALVES: tuple[Half, ...] = ("slow", "fine")
BANDS = (5.0, 2.0, 1.2)
"""Ratios at and above which gains are counted."""
GOALS = {
    "slow functions": ">= 30",
    "improved": ">= 24",
    "improved 5x or more": ">= 15",
    "fine functions": ">= 20",
    "claimed of fine ones": "0",
}
STAGES = ("tests", "behaviour", "speed")
"""Of an evaluation, in order; a candidate that was turned down in a later one came further."""
REPEATS = 3

# Runs a folder's tests in a fresh process and prints the CPU seconds inside their calls.
TIMED_TESTS = """
import pytest, sys, time
class Clock:
    seconds = 0.0
    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        begin = time.process_time()
        yield
        self.seconds += time.process_time() - begin
clock = Clock()
code = pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir=.", "."], plugins=[clock])
print("\\nseconds", clock.seconds)
sys.exit(code)
"""


class Function(Frozen):
    """One folder of the corpus."""

    name: str
    half: Half
    function: str
    row: str
    expect: str

    @property
    def folder(self) -> Path:
        return CORPUS / self.half / self.name


class Row(Frozen):
    """One function and what became of it."""

    name: str
    half: Half
    function: str
    row: str
    expect: str
    outcome: str
    improved: bool
    """A proposal with the verdict `faster`."""
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    workload: str = ""
    tests_ratio: float | None = None
    """CPU time of the folder's tests, old over new, measured without the engine; None where nothing was proposed."""
    why_not: str = ""
    seconds: float
    cpu_seconds: float
    evaluations: int
    rationale: str
    diff: str
    reason: str
    trails: tuple[Trail, ...]
    confirmations: tuple[str, ...]
    notices: tuple[str, ...]


def functions(half: Half) -> list[Function]:
    """A half of the corpus in the order of its names."""
    return [
        Function(name=file.parent.name, half=half, **tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted((CORPUS / half).glob("*/corpus.toml"))
    ]


def measure(function: Function, core: int, seconds: float) -> Row:
    """Let the engine work on a copy, then time what it proposes."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary).resolve() / function.name
        shutil.copytree(function.folder, project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        request = OptimizeRequest(
            target=f"{function.name}.py::{function.function}", folder=project, goal="faster", max_seconds=seconds
        )
        run = run_engine(request, core)
        ratio = tests_ratio(project, function.name, run.modules[0], core) if run.modules else None
    return judged(function, run, ratio)


def tests_ratio(project: Path, name: str, module: str, core: int, repeats: int = REPEATS) -> float:
    """How much less CPU time the project's tests take with the new module; the least of some runs of each, in turn."""
    other = project.with_name("new")
    shutil.copytree(project, other, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (other / f"{name}.py").write_text(module, encoding="utf-8")
    runs = [(_tests_seconds(project, core), _tests_seconds(other, core)) for _ in range(repeats)]
    return min(old for old, _ in runs) / min(new for _, new in runs)


def _tests_seconds(folder: Path, core: int) -> float:
    done = subprocess.run(
        [sys.executable, "-c", TIMED_TESTS],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    return float(done.stdout.split()[-1])


def judged(function: Function, run: EngineRun, ratio: float | None) -> Row:
    """The row of a run."""
    speed = run.finished.get("speedup")
    improved = run.outcome == "improved" and speed is not None and speed["verdict"] == "faster"
    return Row(
        **function.model_dump(),
        outcome=run.outcome,
        improved=improved,
        **({key: speed[key] for key in ("ratio", "low", "high", "workload")} if speed else {}),
        tests_ratio=ratio,
        why_not="" if improved else why_not(run),
        seconds=round(run.seconds, 2),
        cpu_seconds=round(run.cpu_seconds, 2),
        evaluations=run.finished.get("evaluations", 0),
        rationale=run.finished.get("rationale", ""),
        diff=run.finished.get("diff", ""),
        reason=run.reason,
        trails=run.trails,
        confirmations=run.confirmations,
        notices=run.notices,
    )


def why_not(run: EngineRun) -> str:
    """Where the candidate that came furthest was turned down."""
    if run.outcome in ("failed", "killed"):
        return run.outcome
    if any(trail.fate == "survived" for trail in run.trails):
        return "not confirmed"
    fates = Counter(trail.fate for trail in run.trails)
    furthest = next((stage for stage in reversed(STAGES) if fates[stage]), None)
    return f"turned down by {furthest}" if furthest else "no rule applies"


def overview(rows: Sequence[Row]) -> Table:
    lines = [(name, str(value), GOALS.get(name, "")) for name, value in totals(rows).items()]
    return Table(title="Speed", columns=("figure", "value", "goal"), rows=tuple(lines))


def totals(rows: Sequence[Row]) -> dict[str, float | int | str]:
    """The figures that the goals speak of."""
    slow, fine = ([row for row in rows if row.half == half] for half in HALVES)
    improved = [row for row in slow if row.improved]
    bands = {f"improved {band:g}x or more": sum((row.ratio or 0) >= band for row in improved) for band in BANDS}
    return {
        "slow functions": len(slow),
        "improved": len(improved),
        **bands,
        "slower on their own tests": sum((row.tests_ratio or 1) < 0.95 for row in rows),
        "fine functions": len(fine),
        "claimed of fine ones": sum(row.improved for row in fine),
        "failed or killed": sum(row.outcome in ("failed", "killed") for row in rows),
        "median seconds": number(median([row.seconds for row in rows])),
    }


def listing(rows: Sequence[Row], half: Half) -> Table:
    """One line for each function, the greatest gain first."""
    chosen = sorted((row for row in rows if row.half == half), key=lambda row: (-row.improved, -(row.ratio or 0)))
    lines = tuple(
        (
            f"{row.name}::{row.function}",
            row.row,
            _times(row.ratio) if row.improved else "-",
            f"{_times(row.low)} to {_times(row.high)}" if row.improved else "-",
            _times(row.tests_ratio) if row.tests_ratio else "-",
            row.rationale.partition("\n")[0] if row.improved else row.why_not,
        )
        for row in chosen
    )
    columns = ("function", "row", "gain", "95 % interval", "on its tests", "by, or why not")
    return Table(title=f"Speed of the {half} half", columns=columns, rows=lines)


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.3g}x" if ratio < 1000 else f"{ratio:.0f}x"


def tell(function: Function, row: Row) -> str:
    verdict = _times(row.ratio) if row.improved else row.why_not
    return f"{function.half} {function.name:22} {row.seconds:6.1f} s {row.evaluations:4} {verdict}: {row.rationale}"


def main() -> None:
    parser = _support.parser(__doc__)
    parser.add_argument("--half", choices=HALVES, help="default: both")
    parser.add_argument("--only", nargs="+", help="names of folders")
    parser.add_argument("--max-seconds", type=float, default=60.0)
    options = parser.parse_args()
    before = _support.machine()
    halves = [functions(half) for half in HALVES if options.half in (None, half)]
    chosen = [f for half in halves for f in half[: options.limit] if not options.only or f.name in options.only]
    rows = list(_support.on_own_core(chosen, lambda f, core: measure(f, core, options.max_seconds), options.jobs, tell))
    tables = [overview(rows), *(listing(rows, half) for half in HALVES if any(row.half == half for row in rows))]
    dumped = [row.model_dump(mode="json") for row in rows]
    result = _support.figures("speed", options, before, summary=totals(rows), tables=tables, rows=dumped)
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
