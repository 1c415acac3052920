"""The optimizers of prompts with the same number of calls, on a prompt whose rules stand in its data alone.

Each run is replayed from a cassette that real readers' answers were recorded in (`cassettes/route.OPTIMIZER.jsonl`),
strictly: a request that was not recorded ends the run. Every optimizer has the numbers that it comes with; budget,
seed, cases and readers are the same for all. What counts are the held-out cases, which a run reads once, at its end.

Beside them, without a search: the seed prompt with a chain of thought and with solved cases, as `secant eval
--baseline` has them (`route.baselines.jsonl`).

    python -m benchmarks.equal_prompts [--json FILE] [--limit N] [--only NAME ...]
    python -m benchmarks.equal_prompts --record --base-url URL [--only ...]   # asks models, writes the cassettes
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import _support
from benchmarks.prompt_runs import Measured, events, measured
from benchmarks.prompt_tables import by_optimizer, pairs, totals, unsearched
from secant.cli.replay import request as replayed
from secant.config import EvalRequest, Models, RefineRequest
from secant.models.contract import ModelSettings

TASK = Path(__file__).parent / "prompt_tasks" / "tickets"
PROMPT = "route.prompt.md"
CASSETTES = Path(__file__).parent / "cassettes"
OPTIMIZERS = ("gpo", "opro", "ape", "protegi", "mipro", "gepa", "hessiangrad", "textgrad", "portfolio", "sampling")
BASELINES = "baselines"
"""The run that scores the seed prompt beside `cot` and `few-shot`. The other two baselines ask eight times as much."""
RUNS = (*OPTIMIZERS, BASELINES)
MOST_CALLS = 210
"""Enough for one whole step of each: OPRO's first is over with 140, and the held-out cases take 56."""
RECORD_SECONDS = 14000.0
"""A reader takes his time."""
UNRECORDED = "the cassette does not hold this request"
"""In the reason of a run whose replay left its cassette: it says nothing of the optimizer, and is not counted."""


# ---- one run ---------------------------------------------------------------------------------------------------------


def cassette(optimizer: str) -> Path:
    return CASSETTES / f"route.{optimizer}.jsonl"


def project(folder: Path) -> Path:
    """A folder with the prompt and its cases, as a user has them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in TASK.glob("route.*"):
        shutil.copy(file, folder)
    return folder


def cases() -> Sequence[Mapping[str, str]]:
    """The task's messages with their desks and splits."""
    lines = (TASK / "route.eval.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def replay(optimizer: str) -> Measured:
    """The recorded run once more."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = project(Path(temporary).resolve() / "tickets")
        return measured(optimizer, events(replayed(cassette(optimizer), folder, None)))


def record(optimizer: str, base_url: str, reader: str, writer: str) -> Measured:
    """Ask models for every answer, and keep them as a cassette that names neither their address nor this machine."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, written = project(Path(temporary).resolve() / "tickets"), Path(temporary) / "cassette.jsonl"
        levels = {
            level: ModelSettings(model=name, base_url=base_url, timeout_seconds=RECORD_SECONDS)
            for level, name in (("program", reader), ("optimizer", writer))
        }
        models = Models.model_validate({"levels": levels, "concurrency": 32, "cache": False, "record": written})
        found = measured(optimizer, events(asked(optimizer, folder, models)))
        if found.outcome not in ("failed", "stopped") and found.usage:
            _keep(written, cassette(optimizer), found)
        return found


def asked(name: str, folder: Path, models: Models) -> RefineRequest | EvalRequest:
    """What each run is asked: all the same, but for the optimizer."""
    if name == BASELINES:
        return EvalRequest(
            target=PROMPT, folder=folder, models=models, baselines=("cot", "few-shot"), max_seconds=RECORD_SECONDS
        )
    return RefineRequest(
        target=PROMPT,
        folder=folder,
        optimizer=name,
        models=models,
        max_calls=MOST_CALLS,
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


def recorded_ending(optimizer: str) -> Mapping[str, Any]:
    with cassette(optimizer).open(encoding="utf-8") as file:
        return json.loads(file.readline())["ended"]


def _keep(written: Path, place: Path, run: Measured) -> None:
    head, *lines = written.read_text(encoding="utf-8").splitlines()
    header = {**json.loads(head), "ended": ending(run)}
    levels = header["request"]["models"]["levels"]
    header["request"]["models"]["levels"] = {level: {"model": each["model"]} for level, each in levels.items()}
    place.write_text("\n".join([json.dumps(header, ensure_ascii=False), *lines]) + "\n", encoding="utf-8")


# ---- the command -----------------------------------------------------------------------------------------------------


def _recorded(options: argparse.Namespace) -> None:
    """All at once, each in a process of its own: what takes long is the reader."""
    names = options.only or RUNS
    with ProcessPoolExecutor(len(names), mp_context=get_context("spawn")) as pool:
        runs = {pool.submit(record, n, options.base_url, options.reader, options.writer): n for n in names}
        for run in as_completed(runs):
            found = run.result()
            print(f"{runs[run]:12} {found.outcome:10} {found.reason}", file=sys.stderr, flush=True)


def main() -> None:
    parser = _support.parser(__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=RUNS, help="these alone")
    parser.add_argument("--record", action="store_true", help="ask models and write the cassettes")
    parser.add_argument("--base-url", help="where they answer")
    parser.add_argument("--reader", default="reader", help="the name of the model that runs the prompt")
    parser.add_argument("--writer", default="writer", help="and of the one that writes new versions")
    options = parser.parse_args()
    if options.record and not options.base_url:
        parser.error("--record needs --base-url: where the models answer")
    before = _support.machine()
    if options.record:
        _recorded(options)
    names = [name for name in options.only or RUNS if cassette(name).exists()][: options.limit]
    if not names:
        sys.exit("There is nothing to replay: no cassette is recorded, or --only names none that is.")
    rows = [replay(name) for name in names]
    if lost := [row.optimizer for row in rows if UNRECORDED in row.reason or row.outcome == "failed"]:
        sys.exit(f"No figures: these runs asked what their cassettes do not hold. Record them again: {', '.join(lost)}")
    options.base_url = None  # where the models answered is nobody's affair
    searched = [row for row in rows if row.optimizer != BASELINES]
    result = _support.figures(
        "equal_prompts",
        options,
        before,
        summary=totals(searched),
        tables=[by_optimizer(searched, MOST_CALLS), *unsearched(rows, searched), pairs(searched)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
