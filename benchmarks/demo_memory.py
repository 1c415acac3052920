"""How much memory a run takes: the engine and everything that it starts, on the functions of `examples/`.

Memory is looked at ten times a second while the run lasts. `at once` is the largest sum over all processes at one
moment, pages that several share counted once (PSS). The other columns are the peaks that the system remembers (RSS).

    python -m benchmarks.demo_memory [--json FILE] [--limit N] [--jobs N]
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks import _support
from benchmarks._support import ROOT, Frozen, Table, number
from benchmarks.engine_run import run_engine
from secant.config import OptimizeRequest

TARGETS = (
    "src/shop/pricing.py::order_total",
    "src/shop/pricing.py::cheapest_packs",
    "src/logs/analyser.py::returning_visitors",
    "src/logs/analyser.py::percentile",
)
GOAL_MB = 250


class Row(Frozen):
    """One function; megabytes."""

    target: str
    outcome: str
    engine_mb: float
    worker_mb: float
    at_once_mb: float
    seconds: float


def weigh(target: str, core: int) -> Row:
    """Run the engine on a copy of the examples, watched."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder).resolve() / "examples"
        shutil.copytree(ROOT / "examples", project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        run = run_engine(OptimizeRequest(target=target, folder=project, max_seconds=60.0), core, weigh=True)
    return Row(
        target=target,
        outcome=run.outcome,
        engine_mb=round(run.peak_rss_mb["engine"], 1),
        worker_mb=round(run.peak_rss_mb["largest worker"], 1),
        at_once_mb=round(run.peak_pss_mb, 1),
        seconds=round(run.seconds, 1),
    )


def table(rows: list[Row]) -> Table:
    lines: list[tuple[str, ...]] = []
    for row in rows:
        sizes = (row.engine_mb, row.worker_mb, row.engine_mb + row.worker_mb, row.at_once_mb)
        lines.append((row.target, row.outcome, *map(number, sizes)))
    columns = ("function", "outcome", "engine MB", "largest worker MB", "the two MB", "all at once MB")
    return Table(title=f"Memory on the demo (goal: the two below {GOAL_MB} MB)", columns=columns, rows=tuple(lines))


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    rows = list(
        _support.on_own_core(
            TARGETS[: options.limit], weigh, options.jobs, lambda target, row: f"{target} {row.outcome} {row.seconds} s"
        )
    )
    summary = {"peak MB of engine and worker": max(row.engine_mb + row.worker_mb for row in rows)}
    dumped = [row.model_dump(mode="json") for row in rows]
    result = _support.figures("demo_memory", options, before, summary=summary, tables=[table(rows)], rows=dumped)
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
