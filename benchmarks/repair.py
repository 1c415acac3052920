"""How many seeded bugs the repairer undoes, and how many of its repairs are right beyond the tests it saw.

Bugs come from `seeding`, which knows nothing of the repair catalogue. Each is a small project of its own; half of the
asserts are its tests, the other half is hidden and judges the winner. One core and 60 seconds for each.

    python -m benchmarks.repair [--edits 2] [--count 130] [--seed 0] [--json FILE] [--limit N] [--jobs N]
"""

from __future__ import annotations

import argparse
import ast
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from benchmarks import _support, seeding
from benchmarks._support import Frozen, Table, median, number, percent, quantile
from benchmarks.engine_run import EngineRun, run_engine
from benchmarks.environment import plain_python
from secant.config import OptimizeRequest

COUNTS = {1: 130, 2: 40}
"""Bugs by number of edits."""
GOALS = {"shown": 85.0, "hidden": 80.0, "median_seconds": 2.0}


class Row(Frozen):
    """One bug and what became of it."""

    task: str
    kind: str
    outcome: str
    shown: bool
    """The winner passes every assert that was shown, run anew by this benchmark."""
    hidden: bool
    exact: bool
    """The winner is the original again."""
    alternative: bool
    """The winner fails a hidden assert, and an alternative passes them all."""
    seconds: float
    counted: float
    """The same, but the whole time allowed where nothing was found: to give up early is not to be quick."""
    cpu_seconds: float
    prepared: float | None
    """Seconds from the start to the first candidate."""
    found: float | None
    """Seconds from the start to the first candidate that passed all tests."""
    marks: Mapping[str, float]
    evaluations: int
    candidates: Mapping[str, int]
    rationale: str
    diff: str
    reason: str
    confirmations: tuple[str, ...]
    notices: tuple[str, ...]
    buggy: str
    correct: str
    tests: tuple[str, ...]
    hidden_asserts: tuple[str, ...]


def repair(bug: seeding.Bug, core: int, seconds: float, python: Path) -> Row:
    """Let the engine work on one bug, tested by `python`, then judge what it says."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder).resolve()
        seeding.write_project(bug, project)
        request = OptimizeRequest(
            target=f"solution.py::{bug.entry_point}",
            folder=project,
            goal="fix",
            python=str(python),
            max_seconds=seconds,
        )
        return judged(bug, run_engine(request, core), seconds)


def judged(bug: seeding.Bug, run: EngineRun, allowed: float) -> Row:
    """The row of a run. What the engine claims about the shown asserts is not taken on trust."""
    shown = bool(run.modules) and set(seeding.outcomes(run.modules[0], bug.shown)) == {"pass"}
    hidden = shown and seeding.hidden_passed(bug, run.modules[0])
    others = run.modules[1:] if shown and not hidden else ()
    return Row(
        task=bug.task_id,
        kind=bug.kind,
        outcome=run.outcome,
        shown=shown,
        hidden=hidden,
        exact=shown and ast.dump(ast.parse(run.modules[0])) == ast.dump(ast.parse(bug.correct)),
        alternative=any(seeding.hidden_passed(bug, module) for module in others),
        seconds=round(run.seconds, 2),
        counted=round(run.seconds if shown else max(run.seconds, allowed), 2),
        cpu_seconds=round(run.cpu_seconds, 2),
        prepared=run.marks.get("proposed"),
        found=run.marks.get("survived"),
        marks=run.marks,
        evaluations=run.finished.get("evaluations", 0),
        candidates=run.candidates,
        rationale=run.finished.get("rationale", ""),
        diff=run.finished.get("diff", ""),
        reason=run.reason,
        confirmations=run.confirmations,
        notices=run.notices,
        buggy=bug.buggy,
        correct=bug.correct,
        tests=bug.shown,
        hidden_asserts=bug.hidden,
    )


def totals(rows: list[Row]) -> dict[str, float | int]:
    """The figures that the goals speak of."""
    shown, hidden = sum(row.shown for row in rows), sum(row.hidden for row in rows)
    return {
        "bugs": len(rows),
        "shown": shown,
        "hidden": hidden,
        "exact": sum(row.exact for row in rows),
        "right only among the alternatives": sum(row.alternative for row in rows),
        "failed or killed": sum(row.outcome in ("failed", "killed") for row in rows),
        "median seconds": median([row.counted for row in rows]),
        "p90 seconds": quantile([row.counted for row in rows], 0.9),
        "median CPU seconds": median([row.cpu_seconds for row in rows]),
        "median seconds to the first candidate": median([row.prepared for row in rows if row.prepared]),
        "median seconds to the first that passes": median([row.found for row in rows if row.found]),
        "median candidates": median([row.evaluations for row in rows]),
    }


def by_kind(rows: list[Row], edits: int) -> Table:
    """One row for each kind of mistake; bugs of two edits count for both their kinds."""
    kinds = Counter(kind for row in rows for kind in row.kind.split(" + "))
    lines = [_line(kind, [row for row in rows if kind in row.kind.split(" + ")]) for kind, _ in kinds.most_common()]
    lines.append(_line("all", rows))
    columns = ("kind", "bugs", "shown", "hidden", "median s", "p90 s", "median candidates")
    return Table(
        title=f"Repair of bugs of {edits} edit{'s' if edits > 1 else ''}, by kind", columns=columns, rows=tuple(lines)
    )


def _line(name: str, rows: list[Row]) -> tuple[str, ...]:
    seconds = [row.counted for row in rows]
    return (
        name,
        str(len(rows)),
        percent(sum(row.shown for row in rows), len(rows)),
        percent(sum(row.hidden for row in rows), len(rows)),
        number(median(seconds)),
        number(quantile(seconds, 0.9)),
        number(median([row.evaluations for row in rows]), 0),
    )


def overview(rows: list[Row], edits: int) -> Table:
    sums = totals(rows)
    goals = {
        "shown": f">= {GOALS['shown']:.0f} %",
        "hidden": f">= {GOALS['hidden']:.0f} %",
        "median seconds": f"<= {GOALS['median_seconds']:.0f} s",
    }
    shares = {"shown", "hidden", "exact", "right only among the alternatives", "failed or killed"}
    lines: list[tuple[str, ...]] = []
    for name, value in sums.items():
        text = (
            f"{value} ({percent(int(value), len(rows))})"
            if name in shares
            else number(value, 0 if name in ("bugs", "median candidates") else 2)
        )
        lines.append((name, text, goals.get(name, "") if edits == 1 else ""))
    return Table(
        title=f"Repair of bugs of {edits} edit{'s' if edits > 1 else ''}",
        columns=("figure", "value", "goal"),
        rows=tuple(lines),
    )


def tell(bug: seeding.Bug, row: Row) -> str:
    verdict = "right" if row.hidden else "shown only" if row.shown else row.outcome
    return f"{verdict:10} {row.seconds:6.1f} s {row.evaluations:6} {bug.task_id} {bug.entry_point} [{bug.kind}]"


def chosen(options: argparse.Namespace) -> list[seeding.Bug]:
    """The bugs asked for. A limit takes the first of the whole list, so that a quick look shows the same bugs."""
    count = options.count or COUNTS[options.edits]
    return seeding.generate(count, options.seed, options.edits, options.data)[: options.limit]


def main() -> None:
    parser = _support.parser(__doc__)
    parser.add_argument("--edits", type=int, choices=COUNTS, default=1)
    parser.add_argument("--count", type=int, help="bugs (default 130, or 40 of two edits)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--max-seconds", type=float, default=60.0)
    parser.add_argument("--data", type=Path, default=seeding.DATA)
    options = parser.parse_args()
    before = _support.machine()
    bugs, python = chosen(options), plain_python()

    def work(bug: seeding.Bug, core: int) -> Row:
        return repair(bug, core, options.max_seconds, python)

    rows = list(_support.on_own_core(bugs, work, options.jobs, tell))
    result = _support.figures(
        "repair",
        options,
        before,
        summary=totals(rows),
        tables=[overview(rows, options.edits), by_kind(rows, options.edits)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
