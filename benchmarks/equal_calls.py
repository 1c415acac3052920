"""HessianGrad, TextGrad, Momentum and best-of-n with the same number of calls, on functions that no rule repairs.

Each run is replayed from a cassette that a real reader's answers were recorded in (`cassettes/TASK.OPTIMIZER.jsonl`),
strictly: a request that was not recorded ends the run. Half of each task's tests are shown, the other half is hidden
and judges the best version at the end. `rewrite`, which asks nobody, is run beside them.

    python -m benchmarks.equal_calls [--json FILE] [--limit N] [--jobs N] [--only TASK.OPTIMIZER ...]
    python -m benchmarks.equal_calls --record --base-url URL [--only ...]   # asks a model, writes the cassettes
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import _support, task_projects
from benchmarks._support import Frozen, Table
from benchmarks.curves import Course, Point, course
from benchmarks.engine_run import EngineRun, run_engine
from benchmarks.environment import plain_python
from benchmarks.task_projects import Task
from secant.cli.replay import request as replayed
from secant.config import Models, OptimizeRequest
from secant.functions.locate import locate
from secant.functions.target import Target
from secant.functions.textfile import read_text_file
from secant.functions.writeback import replaced
from secant.journal import RunStore
from secant.models import prices
from secant.models.contract import ModelSettings

OPTIMIZERS = ("hessiangrad", "textgrad", "momentum", "sampling")
RULES = "rewrite"
MOST_CALLS = 8
LOOKS = (2, 4, 8)
"""Numbers of calls at which the best so far is reported."""
REWRITE_SECONDS = 60.0
RECORD_SECONDS = 7200.0
"""A reader takes his time."""
UNRECORDED = "the cassette does not hold this request"
"""In the reason of a run whose replay left its cassette: it says nothing of the optimizer, and is not counted."""
PRICED_AS = "openai/gpt-4o-mini"


class Row(Frozen):
    """One optimizer on one task."""

    task: str
    optimizer: str
    outcome: str
    reason: str
    visible: tuple[int, int]
    """Tests passed of all with the best version, run anew by this benchmark."""
    hidden: tuple[int, int]
    points: tuple[Point, ...]
    after: dict[int, float]
    area: float
    calls: int
    prompt_tokens: int
    completion_tokens: int
    usd: float | None
    """What the tokens would have cost of the model PRICED_AS."""
    seconds: float

    @property
    def solved(self) -> bool:
        return 0 < self.visible[1] == self.visible[0]

    @property
    def right(self) -> bool:
        return self.solved and 0 < self.hidden[1] == self.hidden[0]


# ---- one run ---------------------------------------------------------------------------------------------------------


def measured(task: Task, optimizer: str, core: int, python: Path) -> Row:
    """Replay a cassette, or let the rules try, and judge what was best."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary).resolve() / task.name
        task_projects.write_project(task, project)
        run = run_engine(_replay(task, optimizer, project, python), core)
        return _row(task, optimizer, run, project, python)


def _replay(task: Task, optimizer: str, project: Path, python: Path) -> OptimizeRequest:
    if optimizer == RULES:
        return OptimizeRequest(
            target=task.target,
            folder=project,
            goal="fix",
            python=str(python),
            optimizer=RULES,
            max_seconds=REWRITE_SECONDS,
        )
    request = replayed(task.cassette(optimizer), project, str(python))
    assert isinstance(request, OptimizeRequest)
    return request


def record(task: Task, optimizer: str, core: int, python: Path, options: argparse.Namespace) -> Row:
    """Ask a model for every answer, and keep them as a cassette that names neither its address nor this machine."""
    with tempfile.TemporaryDirectory() as temporary:
        project, cassette = Path(temporary).resolve() / task.name, Path(temporary) / "cassette.jsonl"
        task_projects.write_project(task, project)
        settings = ModelSettings(model=options.model, base_url=options.base_url, timeout_seconds=RECORD_SECONDS)
        request = OptimizeRequest(
            target=task.target,
            folder=project,
            goal="fix",
            python=str(python),
            optimizer=optimizer,
            models=Models(levels={"optimizer": settings}, cache=False, record=cassette),
            max_calls=options.max_calls,
            max_seconds=options.max_seconds,
        )
        run = run_engine(request, core)
        row = _row(task, optimizer, run, project, python)
        if run.outcome not in ("failed", "killed") and row.calls:
            _keep(cassette, task.cassette(optimizer), options.model)
        return row


def _keep(cassette: Path, place: Path, model: str) -> None:
    head, *lines = cassette.read_text(encoding="utf-8").splitlines()
    header = json.loads(head)
    header["request"]["models"] = {"levels": {"optimizer": {"model": model}}}
    place.parent.mkdir(exist_ok=True)
    place.write_text("\n".join([json.dumps(header, ensure_ascii=False), *lines]) + "\n", encoding="utf-8")


def _row(task: Task, optimizer: str, run: EngineRun, project: Path, python: Path) -> Row:
    store = RunStore(project)
    told = course(event for identity in store.ids() for event in store.read(identity))
    module = _module(task, project, run, told)
    price = prices.price(PRICED_AS)
    return Row(
        task=task.name,
        optimizer=optimizer,
        outcome=run.outcome,
        reason=run.reason,
        visible=task_projects.visible(task, module, python),
        hidden=task_projects.hidden(task, module, python),
        points=told.points,
        after={calls: told.after(calls) for calls in LOOKS},
        area=told.area(MOST_CALLS),
        calls=told.calls,
        prompt_tokens=told.prompt_tokens,
        completion_tokens=told.completion_tokens,
        usd=prices.cost(price, told.prompt_tokens, told.completion_tokens),
        seconds=round(run.seconds, 2),
    )


def _module(task: Task, project: Path, run: EngineRun, told: Course) -> str:
    """The module with the winner in it, or the best that was measured where nothing passed everything."""
    if run.modules:
        return run.modules[0]
    if told.best is None:
        return task.module
    path = project / f"{task.name}.py"
    text = read_text_file(path)
    line = next(n for n, each in enumerate(text.lines, 1) if each.startswith(f"def {task.name}("))
    return replaced(locate(text, Target(path=path, line=line)), told.best).decode()


# ---- tables ----------------------------------------------------------------------------------------------------------


def by_optimizer(rows: Sequence[Row]) -> Table:
    """One line for each optimizer: means over the tasks, and their spread (standard deviation)."""
    columns = (
        "optimizer",
        "tasks",
        "solved",
        "right",
        "visible",
        "hidden",
        *(f"after {calls}" for calls in LOOKS),
        "area",
        "calls",
        "tokens",
        "$",
    )
    names = [name for name in (*OPTIMIZERS, RULES) if any(row.optimizer == name for row in rows)]
    lines = [_line(name, [row for row in rows if row.optimizer == name]) for name in names]
    return Table(title=f"Equal calls, at most {MOST_CALLS}", columns=columns, rows=tuple(lines))


def _line(name: str, rows: Sequence[Row]) -> tuple[str, ...]:
    asked = name != RULES
    return (
        name,
        str(len(rows)),
        str(sum(row.solved for row in rows)),
        str(sum(row.right for row in rows)),
        _spread([row.visible[0] / row.visible[1] for row in rows]),
        _spread([row.hidden[0] / row.hidden[1] for row in rows]),
        *(_spread([row.after[calls] for row in rows]) if asked else "-" for calls in LOOKS),
        _spread([row.area for row in rows]) if asked else "-",
        _spread([row.calls for row in rows], 1) if asked else "0",
        _spread([row.prompt_tokens + row.completion_tokens for row in rows], 0) if asked else "0",
        _spread([row.usd or 0.0 for row in rows], 4) if asked else "0",
    )


def _spread(values: Sequence[float], digits: int = 2) -> str:
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.{digits}f} ± {deviation:.{digits}f}"


def by_task(rows: Sequence[Row]) -> Table:
    """One line for each task: hidden tests passed, and the calls that it took."""
    names = [name for name in (*OPTIMIZERS, RULES) if any(row.optimizer == name for row in rows)]
    found = {(row.task, row.optimizer): row for row in rows}
    tasks = dict.fromkeys(row.task for row in rows)
    lines = [(task, *(_cell(found.get((task, name))) for name in names)) for task in tasks]
    return Table(
        title="Equal calls by task: visible and hidden tests passed, calls", columns=("task", *names), rows=tuple(lines)
    )


def _cell(row: Row | None) -> str:
    if row is None:
        return "-"
    (seen, all_seen), (unseen, all_unseen) = row.visible, row.hidden
    return f"{seen}/{all_seen}, {unseen}/{all_unseen}" + (f", {row.calls}" if row.optimizer != RULES else "")


def against(rows: Sequence[Row]) -> Table:
    """Each pair of optimizers on the tasks that both ran: which was ahead, by area and by hidden tests."""
    found = {(row.task, row.optimizer): row for row in rows}
    lines: list[tuple[str, ...]] = []
    for number, one in enumerate(OPTIMIZERS):
        for other in OPTIMIZERS[number + 1 :]:
            both = [
                (found[task, one], found[task, other])
                for task in dict.fromkeys(row.task for row in rows)
                if (task, one) in found and (task, other) in found
            ]
            if both:
                areas = _contest([left.area - right.area for left, right in both])
                scores = _contest([left.hidden[0] - right.hidden[0] for left, right in both])
                lines.append((f"{one} : {other}", *areas, *scores))
    columns = ("pair", "area", "p", "hidden tests", "p of them")
    return Table(title="Equal calls, task by task: won : lost (equal)", columns=columns, rows=tuple(lines))


def _contest(differences: Sequence[float]) -> tuple[str, str]:
    """Won, lost and equal, and the exact two-sided sign test."""
    won = sum(difference > 1e-9 for difference in differences)
    lost = sum(difference < -1e-9 for difference in differences)
    decided = won + lost
    tail = sum(math.comb(decided, k) for k in range(min(won, lost) + 1)) / 2**decided
    return f"{won} : {lost} ({len(differences) - decided})", f"{min(1.0, 2 * tail):.2f}"


def totals(rows: Sequence[Row]) -> dict[str, Any]:
    """Means by optimizer, for whoever computes with them."""
    names = dict.fromkeys(row.optimizer for row in rows)
    return {
        name: {
            "tasks": len(own),
            "solved": sum(row.solved for row in own),
            "right": sum(row.right for row in own),
            "area": statistics.mean(row.area for row in own),
            "hidden": statistics.mean(row.hidden[0] / row.hidden[1] for row in own),
            "calls": statistics.mean(row.calls for row in own),
        }
        for name in names
        for own in [[row for row in rows if row.optimizer == name]]
    }


# ---- the command -----------------------------------------------------------------------------------------------------


def chosen(options: argparse.Namespace) -> list[tuple[Task, str]]:
    """The runs asked for; of a replay those that have a cassette, and the rules beside them."""
    found = task_projects.tasks()[: options.limit]
    pairs = [(task, name) for task in found for name in OPTIMIZERS]
    if not options.record:
        pairs = [(task, name) for task, name in pairs if task.cassette(name).exists()]
        pairs += [(task, RULES) for task in dict.fromkeys(task for task, _ in pairs)]
    return [(task, name) for task, name in pairs if not options.only or f"{task.name}.{name}" in options.only]


def tell(item: tuple[Task, str], row: Row) -> str:
    verdict = "right" if row.right else "solved" if row.solved else row.outcome
    return f"{verdict:10} {row.seconds:7.1f} s {row.calls:3} calls {_cell(row)} {item[0].name}.{item[1]} {row.reason}"


def main() -> None:
    parser = _support.parser(__doc__)
    parser.add_argument("--only", nargs="+", metavar="TASK.OPTIMIZER", help="these runs alone")
    parser.add_argument("--record", action="store_true", help="ask a model and write the cassettes")
    parser.add_argument("--base-url", help="where it answers")
    parser.add_argument("--model", default="reader", help="its name")
    parser.add_argument("--max-calls", type=int, default=MOST_CALLS, help="for each run that is recorded")
    parser.add_argument("--max-seconds", type=float, default=3600.0, help="for each run that is recorded")
    options = parser.parse_args()
    if options.record and not options.base_url:
        parser.error("--record needs --base-url: where the model answers")
    before, python = _support.machine(), plain_python()
    items = chosen(options)
    if not items:
        sys.exit("There is nothing to run: no cassette is recorded, or --only names none that is.")

    def work(item: tuple[Task, str], core: int) -> Row:
        if options.record:
            return record(*item, core, python, options)
        return measured(*item, core, python)

    rows = list(_support.on_own_core(items, work, options.jobs, tell))
    if lost := [f"{row.task}.{row.optimizer}" for row in rows if UNRECORDED in row.reason]:
        sys.exit(f"No figures: these runs asked what their cassettes do not hold. Record them again: {', '.join(lost)}")
    result = _support.figures(
        "equal_calls",
        options,
        before,
        summary=totals(rows),
        tables=[by_optimizer(rows), against(rows), by_task(rows)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
