"""The optimizers of prompts with the same number of calls, on prompts whose rules stand in their data alone.

Each run is replayed from a cassette that real readers' answers were recorded in (`cassettes/TASK.OPTIMIZER.jsonl`),
strictly: a request that was not recorded ends the run. Every optimizer has the numbers that it comes with; budget,
seed, cases and readers of a task are the same for all. What counts are the held-out cases, which a run reads once, at
its end.

Beside them, without a search: the seed prompt with a chain of thought and with solved cases, as `secant eval
--baseline` has them (`TASK.baselines.jsonl`).

    python -m benchmarks.equal_prompts [--json FILE] [--limit N] [--task TASK] [--only NAME ...]
    python -m benchmarks.equal_prompts --record --base-url URL [...]   # asks models, writes the cassettes
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import _support
from benchmarks.prompt_runs import Measured, events, measured
from benchmarks.prompt_tables import by_optimizer, ends, overall, pairs, totals, unsearched
from benchmarks.prompt_task import TASKS, Task
from secant.cli.replay import request as replayed
from secant.config import EvalRequest, Models, RefineRequest
from secant.models.contract import ModelSettings

OPTIMIZERS = ("gpo", "opro", "ape", "protegi", "mipro", "gepa", "hessiangrad", "textgrad", "portfolio", "sampling")
BASELINES = "baselines"
"""The run that scores the seed prompt beside `cot` and `few-shot`. The other two baselines ask eight times as much."""
RECORD_SECONDS = 14000.0
"""A reader takes his time."""
UNRECORDED = "the cassette does not hold this request"
"""In the reason of a run whose replay left its cassette: it says nothing of the optimizer, and is not counted."""


class Run(NamedTuple):
    """One optimizer on one task, or the task's baselines."""

    task: Task
    optimizer: str

    @property
    def name(self) -> str:
        return f"{self.task.name}.{self.optimizer}"

    @property
    def cassette(self) -> Path:
        return self.task.cassette(self.optimizer)


RUNS = tuple(Run(task, name) for task in TASKS.values() for name in (*OPTIMIZERS, BASELINES))


# ---- one run ---------------------------------------------------------------------------------------------------------


def replay(run: Run) -> Measured:
    """The recorded run once more."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = run.task.project(Path(temporary).resolve() / run.task.folder)
        return measured(run.optimizer, events(replayed(run.cassette, folder, None)))


def record(run: Run, base_url: str, reader: str, writer: str) -> Measured:
    """Ask models for every answer, and keep them as a cassette that names neither their address nor this machine."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = run.task.project(Path(temporary).resolve() / run.task.folder)
        written = Path(temporary) / "cassette.jsonl"
        levels = {
            level: ModelSettings(model=name, base_url=base_url, timeout_seconds=RECORD_SECONDS)
            for level, name in (("program", reader), ("optimizer", writer))
        }
        models = Models.model_validate({"levels": levels, "concurrency": 32, "cache": False, "record": written})
        found = measured(run.optimizer, events(asked(run, folder, models)))
        if found.outcome not in ("failed", "stopped") and found.usage:
            _keep(written, run.cassette, found)
        return found


def asked(run: Run, folder: Path, models: Models) -> RefineRequest | EvalRequest:
    """What each run of a task is asked: all the same, but for the optimizer."""
    if run.optimizer == BASELINES:
        return EvalRequest(
            target=run.task.prompt,
            folder=folder,
            models=models,
            baselines=("cot", "few-shot"),
            max_seconds=RECORD_SECONDS,
        )
    return RefineRequest(
        target=run.task.prompt,
        folder=folder,
        optimizer=run.optimizer,
        models=models,
        max_calls=run.task.most_calls,
        max_steps=None,
        max_seconds=RECORD_SECONDS,
    )


def ending(run: Measured) -> Mapping[str, Any]:
    """What a cassette says of its run's end, so that a replay can be held against it."""
    calls = {level: usage.calls for level, usage in run.usage.items()}
    told: dict[str, Any] = {"text": run.text, "tried": run.tried}
    if not run.text:  # a run that only scored: what it found stands in its sentences alone
        told["evidence"] = list(run.evidence)
    return {"outcome": run.outcome, "steps": run.steps, "calls": calls, **told}


def recorded_ending(run: Run) -> Mapping[str, Any]:
    with run.cassette.open(encoding="utf-8") as file:
        return json.loads(file.readline())["ended"]


def _keep(written: Path, place: Path, run: Measured) -> None:
    head, *lines = written.read_text(encoding="utf-8").splitlines()
    header = {**json.loads(head), "ended": ending(run)}
    levels = header["request"]["models"]["levels"]
    header["request"]["models"]["levels"] = {level: {"model": each["model"]} for level, each in levels.items()}
    place.write_text("\n".join([json.dumps(header, ensure_ascii=False), *lines]) + "\n", encoding="utf-8")


# ---- the command -----------------------------------------------------------------------------------------------------


def chosen(only: Sequence[str] | None, task: str | None) -> Sequence[Run]:
    """The runs that are named: `TASK.OPTIMIZER`, or an optimizer on each task. All where none is."""
    return [
        run for run in RUNS if (not only or run.name in only or run.optimizer in only) and task in (None, run.task.name)
    ]


def _recorded(options: argparse.Namespace, runs: Sequence[Run]) -> None:
    """All at once, each in a process of its own: what takes long is the reader."""
    with ProcessPoolExecutor(len(runs), mp_context=get_context("spawn")) as pool:
        asks = {pool.submit(record, run, options.base_url, options.reader, options.writer): run for run in runs}
        for ask in as_completed(asks):
            found = ask.result()
            print(f"{asks[ask].name:18} {found.outcome:10} {found.reason}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = _support.parser(__doc__)
    names = [*OPTIMIZERS, BASELINES, *(run.name for run in RUNS)]
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=names, help="these alone, as TASK.NAME or NAME")
    parser.add_argument("--task", choices=TASKS, help="this task alone")
    parser.add_argument("--record", action="store_true", help="ask models and write the cassettes")
    parser.add_argument("--base-url", help="where they answer")
    parser.add_argument("--reader", default="reader", help="the name of the model that runs the prompt")
    parser.add_argument("--writer", default="writer", help="and of the one that writes new versions")
    options = parser.parse_args()
    if options.record and not options.base_url:
        parser.error("--record needs --base-url: where the models answer")
    if not chosen(options.only, options.task):
        parser.error(f"--only names no run of the task {options.task}")
    return options


def _replayed(runs: Sequence[Run]) -> Mapping[Task, Sequence[Measured]]:
    """What each recorded run did, by task. Ends the process where one asked what its cassette does not hold."""
    found = [(run, replay(run)) for run in runs]
    if lost := [run.name for run, row in found if UNRECORDED in row.reason or row.outcome == "failed"]:
        sys.exit(f"No figures: these runs asked what their cassettes do not hold. Record them again: {', '.join(lost)}")
    return {task: [row for run, row in found if run.task == task] for task in dict.fromkeys(run.task for run in runs)}


def main() -> None:
    options = _options()
    before = _support.machine()
    runs = chosen(options.only, options.task)
    if options.record:
        _recorded(options, runs)
    recorded = [run for run in runs if run.cassette.exists()][: options.limit]
    if not recorded:
        sys.exit("There is nothing to replay: no cassette is recorded, or --only names none that is.")
    rows = _replayed(recorded)
    options.base_url = None  # where the models answered is nobody's affair
    searched = {task: [row for row in each if row.optimizer != BASELINES] for task, each in rows.items()}
    unaided = {task: [row for row in each if row.optimizer == BASELINES] for task, each in rows.items()}
    of_tasks = [
        (by_optimizer(each, task), *unsearched(unaided[task], task), pairs(ends(each), task.name))
        for task, each in searched.items()
    ]
    result = _support.figures(
        "equal_prompts",
        options,
        before,
        summary={task.name: totals(each) for task, each in searched.items()},
        tables=[*chain.from_iterable(of_tasks), *overall(searched)],
        rows=[{"task": task.name, **row.model_dump(mode="json")} for task, each in rows.items() for row in each],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
