"""The optimizers of prompts with the same number of calls, on a prompt whose rules stand in its data alone.

Each run is replayed from a cassette that real readers' answers were recorded in (`cassettes/route.OPTIMIZER.jsonl`),
strictly: a request that was not recorded ends the run. Every optimizer has the numbers that it comes with; budget,
seed, cases and readers are the same for all. What counts are the held-out cases, which a run reads once, at its end.

    python -m benchmarks.equal_prompts [--json FILE] [--limit N] [--only OPTIMIZER ...]
    python -m benchmarks.equal_prompts --record --base-url URL [--only ...]   # asks models, writes the cassettes
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import _support
from benchmarks._support import Frozen
from benchmarks.prompt_tables import by_optimizer, pairs, totals
from secant import engine
from secant.cancellation import Cancellation
from secant.cli.replay import request as replayed
from secant.config import Models, RefineRequest, RunRequest
from secant.events import Baseline, Confirmed, Evaluated, Event, Failed, Finished, ModelCalled, Updated
from secant.models.contract import ModelSettings
from secant.types import CaseResult, Usage

TASK = Path(__file__).parent / "prompt_tasks" / "tickets"
PROMPT = "route.prompt.md"
CASSETTES = Path(__file__).parent / "cassettes"
OPTIMIZERS = ("gpo", "opro", "ape", "protegi", "mipro", "gepa", "hessiangrad", "textgrad", "portfolio", "sampling")
MOST_CALLS = 210
"""Enough for one whole step of each: OPRO's first is over with 140, and the held-out cases take 56."""
RECORD_SECONDS = 14000.0
"""A reader takes his time."""
UNRECORDED = "the cassette does not hold this request"
"""In the reason of a run whose replay left its cassette: it says nothing of the optimizer, and is not counted."""


class Measured(Frozen):
    """One optimizer's run, from its events."""

    optimizer: str
    outcome: str
    reason: str
    steps: int
    versions: int
    """New versions that were measured."""
    course: tuple[tuple[int, float], ...]
    """Calls that were made and the best score on all select cases then."""
    before: Mapping[str, float] | None
    """Held-out cases with the prompt there was, None where the run did not come to them."""
    tried: Mapping[str, float] | None
    """The same cases with the best version that was found, also where it was turned down for them."""
    usage: Mapping[str, Usage]
    words_before: int
    words_after: int
    """Of what the run ends with."""
    text: str
    """What the run ends with; empty where that is the prompt there was."""


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
        request = RefineRequest(
            target=PROMPT,
            folder=folder,
            optimizer=optimizer,
            models=Models.model_validate({"levels": levels, "concurrency": 32, "cache": False, "record": written}),
            max_calls=MOST_CALLS,
            max_steps=None,
            max_seconds=RECORD_SECONDS,
        )
        found = measured(optimizer, events(request))
        if found.outcome not in ("failed", "stopped") and found.usage:
            _keep(written, cassette(optimizer), found)
        return found


def ending(run: Measured) -> Mapping[str, Any]:
    """What a cassette says of its run's end, so that a replay can be held against it."""
    calls = {level: usage.calls for level, usage in run.usage.items()}
    return {"outcome": run.outcome, "steps": run.steps, "calls": calls, "text": run.text, "tried": run.tried}


def recorded_ending(optimizer: str) -> Mapping[str, Any]:
    with cassette(optimizer).open(encoding="utf-8") as file:
        return json.loads(file.readline())["ended"]


def _keep(written: Path, place: Path, run: Measured) -> None:
    head, *lines = written.read_text(encoding="utf-8").splitlines()
    header = {**json.loads(head), "ended": ending(run)}
    levels = header["request"]["models"]["levels"]
    header["request"]["models"]["levels"] = {level: {"model": each["model"]} for level, each in levels.items()}
    place.write_text("\n".join([json.dumps(header, ensure_ascii=False), *lines]) + "\n", encoding="utf-8")


def events(request: RunRequest) -> Sequence[Event]:
    """All events of a run in this process."""
    told: list[Event] = []
    engine.optimize(request, [told.append], Cancellation(), os.environ)
    return told


def measured(optimizer: str, told: Sequence[Event]) -> Measured:
    """What the events of a run say."""
    last = told[-1]
    if isinstance(last, Failed):
        last = Finished.model_validate({**_NOTHING, "reason": f"{last.message} {last.where}\n{last.hint}"})
    assert isinstance(last, Finished)
    score, improved = last.score, last.outcome == "improved"
    tried = next((_scores(e.evaluation.results) for e in told if isinstance(e, Confirmed) and e.evaluation), None)
    held = tried is not None and score is not None and score.split == "report" and score.after is not None
    before = _before(tried, score.fixed, score.broken) if tried and held and score else None
    return Measured(
        optimizer=optimizer,
        outcome=last.outcome,
        reason=last.reason,
        steps=sum(isinstance(e, Updated) and e.step > 0 for e in told),
        versions=len({e.artifact for e in told if isinstance(e, Evaluated)} - _seed(told)),
        course=tuple(_course(told)),
        before=before,
        tried=tried if held else None,
        usage=last.usage,
        words_before=score.words_before if score else 0,
        words_after=(score.words_after if improved else score.words_before) if score else 0,
        text=last.source if improved else "",
    )


_NOTHING: Mapping[str, Any] = {
    "run": "", "seq": 0, "time": 0, "outcome": "failed", "goal": "", "tests": {"passed": 0, "total": 0},
}  # fmt: skip


def _scores(results: Sequence[CaseResult]) -> Mapping[str, float]:
    return {result.case_id: result.score for result in results}


def _before(after: Mapping[str, float], fixed: Sequence[str], broken: Sequence[str]) -> Mapping[str, float]:
    """What the old prompt scored, where the new one and the differences are known: each answer is right or wrong."""
    return {case: float((score >= 1 and case not in fixed) or case in broken) for case, score in after.items()}


def _seed(told: Sequence[Event]) -> set[str]:
    return {e.artifact for e in told if isinstance(e, Evaluated) and e.stage == "baseline"}


def _course(told: Sequence[Event]) -> Sequence[tuple[int, float]]:
    """The calls at which the best score on all select cases rose, and to what."""
    calls, rises = 0, list[tuple[int, float]]()
    total = next((e.total for e in told if isinstance(e, Baseline)), 0)
    for event in told:
        if isinstance(event, ModelCalled):
            calls += event.call.usage.calls
        if isinstance(event, Evaluated) and event.total == total and _on_select(event):
            score = event.passed / total
            if not rises or score > rises[-1][1]:
                rises.append((calls, score))
    return rises


def _on_select(event: Evaluated) -> bool:
    return event.stage == "baseline" or (event.evaluation is not None and event.evaluation.split == "select")


# ---- the command -----------------------------------------------------------------------------------------------------


def _recorded(options: argparse.Namespace) -> None:
    """All at once, each in a process of its own: what takes long is the reader."""
    names = [name for name in options.only or OPTIMIZERS if name in _known()]
    with ProcessPoolExecutor(len(names), mp_context=get_context("spawn")) as pool:
        runs = {pool.submit(record, n, options.base_url, options.reader, options.writer): n for n in names}
        for run in as_completed(runs):
            found = run.result()
            print(f"{runs[run]:12} {found.outcome:10} {found.reason}", file=sys.stderr, flush=True)


def _known() -> Sequence[str]:
    from secant.registry import Registry  # noqa: PLC0415  because a replay asks nothing of it

    return Registry().names()


def main() -> None:
    parser = _support.parser(__doc__)
    parser.add_argument("--only", nargs="+", metavar="OPTIMIZER", choices=OPTIMIZERS, help="these alone")
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
    names = [name for name in options.only or OPTIMIZERS if cassette(name).exists()][: options.limit]
    if not names:
        sys.exit("There is nothing to replay: no cassette is recorded, or --only names none that is.")
    rows = [replay(name) for name in names]
    if lost := [row.optimizer for row in rows if UNRECORDED in row.reason or row.outcome == "failed"]:
        sys.exit(f"No figures: these runs asked what their cassettes do not hold. Record them again: {', '.join(lost)}")
    result = _support.figures(
        "equal_prompts",
        options,
        before,
        summary=totals(rows),
        tables=[by_optimizer(rows, MOST_CALLS), pairs(rows)],
        rows=[row.model_dump(mode="json") for row in rows],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
