"""Word sorting, object counting, GSM8K and abstract algebra: each seed prompt refined with whatever model is named.

    python -m benchmarks.prompt_data --model openai/gpt-4o-mini [--optimizer gpo] [--only word_sorting ...]
        [--optimizer-model NAME] [--base-url URL] [--max-usd DOLLARS] [--max-calls N] [--cases 24] [--json FILE]

The seed prompts are `prompt_tasks/NAME.prompt.md`; the data is read from `../shared/data` beside the repository, or
from `--data`, and never fetched. Each task is a folder below `--folder` with the prompt and the cases that were drawn,
so that `secant show` and `secant apply` work there afterwards. A model is asked for everything, and paid: `--max-usd`.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import _support
from benchmarks._support import ROOT, Table
from benchmarks.prompt_runs import Measured, events, measured
from secant.config import Models, RefineRequest
from secant.errors import SecantError
from secant.events import Event, Forecast, Improved
from secant.functions.settings import read_settings
from secant.naming import Named, named_models
from secant.spending import dollars
from secant.types import Usage

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SEEDS = Path(__file__).parent / "prompt_tasks"
SPLITS = {"fit": "train.jsonl", "select": "eval.jsonl", "report": "test.jsonl"}


class Task(NamedTuple):
    """One data set: its place, its metric, and the field with the right answer."""

    name: str
    folder: str
    metric: str
    expected: str


TASKS = (
    Task("word_sorting", "bbh/word_sorting", "iexact", "target"),
    Task("object_counting", "bbh/object_counting", "numeric", "target"),
    Task("gsm8k", "gsm8k", "numeric", "output"),
    Task("abstract_algebra", "mmlu/abstract_algebra", "choice", "output"),
)


def missing(data: Path, tasks: Sequence[Task]) -> str:
    """Why these tasks cannot be run; empty where they can."""
    for task in tasks:
        for file in SPLITS.values():
            if not (data / task.folder / file).is_file():
                return (
                    f"The data of {task.name} is not there: {file} is missing. It is read from --data, never fetched."
                )
    return ""


def project(task: Task, folder: Path, data: Path, most: Mapping[str, int], seed: int) -> Path:
    """A folder with the seed prompt and the cases that were drawn, in the order of the files; without solutions."""
    place = folder / task.name
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(SEEDS / f"{task.name}.prompt.md", place)
    lines: list[str] = []
    for split, file in SPLITS.items():
        rows = [json.loads(line) for line in (data / task.folder / file).read_text(encoding="utf-8").splitlines()]
        drawn = random.Random(f"{seed}/{split}").sample(range(len(rows)), min(len(rows), most[split] or len(rows)))
        lines += [
            json.dumps(
                {
                    "id": f"{split}-{number + 1}",
                    "input": rows[number]["input"],
                    "expected": rows[number][task.expected],
                    "split": split,
                },
                ensure_ascii=False,
            )
            for number in sorted(drawn)
        ]
    (place / f"{task.name}.eval.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def refined(task: Task, place: Path, models: Models, options: argparse.Namespace) -> Measured:
    """One run; what it costs is told before, what it finds as it comes."""
    request = RefineRequest(
        target=f"{task.name}.prompt.md",
        folder=place,
        metric=task.metric,
        optimizer=options.optimizer,
        models=models,
        max_usd=options.max_usd,
        max_calls=options.max_calls,
        max_steps=options.max_steps,
        seed=options.seed,
    )
    return measured(options.optimizer, events(request, lambda event: _tell(task, event)))


def _tell(task: Task, event: Event) -> None:
    said = ""
    if isinstance(event, Forecast):
        price = "price unknown" if event.usd is None else dollars(event.usd)
        said = f"about {event.calls} calls, {event.tokens} tokens, {price}"
    elif isinstance(event, Improved):
        said = f"better: {event.passed} of {event.total} {event.rationale}"
    if said:
        print(f"{task.name}: {said}", file=sys.stderr, flush=True)


def table(runs: Sequence[tuple[Task, Measured]], optimizer: str) -> Table:
    """One line for each task."""
    columns = ("task", "metric", "outcome", "cases", "before", "after", "difference, 95 %", "p", "calls", "tokens", "$")
    lines = tuple((task.name, task.metric, run.outcome, *_figures(run)) for task, run in runs)
    return Table(title=f"Prompts refined with {optimizer}", columns=columns, rows=lines)


def _figures(run: Measured) -> tuple[str, ...]:
    spent = sum(run.usage.values(), Usage())
    score, held = run.score, ("-",) * 5
    if score is not None:
        which = "held out" if score.split == "report" else "to choose by"
        held = (f"{score.n} {which}", f"{100 * score.before:.1f} %", "-", "-", "-")
        if score.after is not None:
            change = f"{100 * (score.after - score.before):+.1f} ({100 * score.low:+.0f} to {100 * score.high:+.0f})"
            held = (*held[:2], f"{100 * score.after:.1f} %", change, f"{score.p_value:.4f}")
    return *held, str(spent.calls), str(spent.prompt_tokens + spent.completion_tokens), dollars(spent.usd)


def _models(options: argparse.Namespace) -> Models:
    """What is named here, or in the project's settings."""
    named = Named(
        model=options.model,
        optimizer_model=options.optimizer_model,
        base_url=options.base_url,
        key_variable=options.key_variable,
        concurrency=options.concurrency,
    )
    try:
        models = named_models(named, read_settings(Path.cwd()), Path.cwd())
    except SecantError as error:
        sys.exit(f"{error.message}\n{error.hint}")
    if models is None:
        sys.exit("Name a model: --model openai/gpt-4o-mini. `secant models` says what is configured and reachable.")
    return models


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = _support.parser(__doc__)
    parser.add_argument("--model", help="a litellm name; by default the project's own")
    parser.add_argument("--optimizer-model", help="another one to write the prompts")
    parser.add_argument("--base-url", help="where they answer, for a server of one's own")
    parser.add_argument("--key-variable", help="the environment variable with the key for that server")
    parser.add_argument("--concurrency", type=int, default=16, help="requests at the same time (default 16)")
    parser.add_argument("--optimizer", default="gpo", help="default gpo")
    parser.add_argument("--only", nargs="+", choices=[task.name for task in TASKS], help="default: all")
    parser.add_argument("--cases", type=int, default=24, help="in each of fit and select; 0: all (default 24)")
    parser.add_argument("--report-cases", type=int, default=48, help="held-out cases; 0: all (default 48)")
    parser.add_argument("--max-usd", type=float, help="for each task")
    parser.add_argument("--max-calls", type=int, help="for each task")
    parser.add_argument("--max-steps", type=int, default=12, help="default 12")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with bbh, gsm8k and mmlu")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "prompt_data", help="where the prompts lie then"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    options = options_of(arguments)
    tasks = [task for task in TASKS if options.only is None or task.name in options.only][: options.limit]
    if why := missing(options.data, tasks):
        sys.exit(why)
    models, before = _models(options), _support.machine()
    most = {"fit": options.cases, "select": options.cases, "report": options.report_cases}
    runs: list[tuple[Task, Measured]] = []
    for task in tasks:
        place = project(task, options.folder.resolve(), options.data, most, options.seed)
        runs.append((task, refined(task, place, models, options)))
        print(f"{task.name}: {runs[-1][1].outcome} {runs[-1][1].reason}", file=sys.stderr, flush=True)
    result = _support.figures(
        "prompt_data",
        _kept(options),
        before,
        summary={task.name: run.score.model_dump(mode="json") if run.score else None for task, run in runs},
        tables=[table(runs, options.optimizer)],
        rows=[{"task": task.name, **run.model_dump(mode="json")} for task, run in runs],
    )
    _support.publish(result, options.json)
    if any(run.outcome == "failed" for _, run in runs):
        sys.exit(1)


def _kept(options: argparse.Namespace) -> argparse.Namespace:
    """Without what belongs to this machine alone."""
    own: dict[str, Any] = {name: value for name, value in vars(options).items() if name not in ("folder", "base_url")}
    return argparse.Namespace(**own)


if __name__ == "__main__":
    main()
