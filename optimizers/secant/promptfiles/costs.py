"""What a run on a prompt will probably ask of its models: a forecast, while the budget keeps the caps."""

from __future__ import annotations

from collections.abc import Sequence

from secant.forecasting import STEPS, Work, at_most, due, step
from secant.models.forecast import Expected, expected
from secant.optimizer import LanguageModel, Optimizer, StepAsking
from secant.promptfiles.evaldata.rows import Row, Splits
from secant.promptfiles.guards import texts
from secant.promptfiles.metrics.calibration import labelled
from secant.promptfiles.metrics.contract import Answer, Metric
from secant.promptfiles.program import Program
from secant.promptfiles.splits import every
from secant.types import Artifact, Task

_ANSWER = " " * 400
"""As long as an answer of the program that says a little more than the result."""
_JUDGING = " " * 1500
"""As long as what a model that judges is told beside the case and its answer."""
_TRIED = 0.5
"""Of the select cases, those that a new version is tried on in the mean: many are given up before."""


def scoring_work(
    model: LanguageModel, program: Program, seed: Artifact, rows: Sequence[Row], metric: Metric, repeats: int
) -> Work:
    """Every row once, or as often as is asked for, but for what earlier runs were answered."""
    runs = program_due(model, program, seed, rows, repeats)
    return Work(0, (), [*_cases(program, seed, rows, metric, runs), *_trust(model, rows, metric)])


def refining_work(
    model: LanguageModel,
    program: Program,
    seed: Artifact,
    splits: Splits,
    metric: Metric,
    repeats: int,
    optimizer: Optimizer,
    task: Task,
    steps: int | None,
) -> Work:
    """Baseline, the steps, and both versions on the held-out cases, but for what earlier runs said to the prompt."""
    select, report = splits["select"], splits["report"]
    text = "\n".join(part.text for part in seed.parts)
    versions = optimizer.step_calls(task).versions if isinstance(optimizer, StepAsking) else 1
    tried = _cases(program, seed, select, metric, versions * len(select) * repeats * _TRIED)
    seeds = program_due(model, program, seed, [*select, *report], repeats)
    once = _cases(program, seed, select, metric, seeds + repeats * len(report))
    asked = [*step(optimizer, task, text), *tried]
    once += _trust(model, list(every(splits)), metric)
    return Work(STEPS if steps is None else min(steps, STEPS), asked, once)


def program_due(model: LanguageModel, program: Program, seed: Artifact, rows: Sequence[Row], repeats: int) -> int:
    """How many runs of the prompt on these rows have to be paid for."""
    return due(model, "program", [messages for row in rows for messages in [program.messages(seed, row)] * repeats])


def verdicts_due(model: LanguageModel, metric: Metric, rows: Sequence[Row]) -> int:
    """How many verdicts on what a person judged have to be paid for."""
    asked = metric.requests([Answer(row, row.recorded or "") for row in labelled(rows)])
    return due(model, "optimizer", asked) if asked else 0


def least_calls(metric: Metric, rows: Sequence[Row], runs: int) -> int:
    """For so many runs of the program: a model that judges is asked once for each, and for what a person judged."""
    return 2 * runs + len(labelled(rows)) if metric.asks_model else runs


def dearest(model: LanguageModel, program: Program, seed: Artifact, rows: Sequence[Row], metric: Metric) -> float:
    """Dollars that have to be there to run and judge a version of twice the length on one of these rows."""
    room = " " * sum(len(part.text) for part in seed.parts)
    requests = ("\n".join(m["content"] for m in program.messages(seed, row)) for row in rows)
    text = max(requests, key=len, default="") + room
    judging = at_most(model, "optimizer", f"{_JUDGING}{text}{_ANSWER}") if metric.asks_model else 0.0
    return max(at_most(model, "program", text), judging)


def at_least(model: LanguageModel, program: Program, seed: Artifact, rows: Sequence[Row]) -> float:
    """Dollars that have to be there to run the prompt on the shortest of these rows."""
    requests = ("\n".join(m["content"] for m in program.messages(seed, row)) for row in rows)
    return at_most(model, "program", min(requests, key=len, default=""))


def _cases(program: Program, seed: Artifact, rows: Sequence[Row], metric: Metric, calls: float) -> list[Expected]:
    """So many runs of the program, each as long as that of the longest of the first rows, and judged."""
    requests = ("\n".join(m["content"] for m in program.messages(seed, row)) for row in rows[:20])
    longest = max(requests, key=len, default="")
    runs = expected("program", longest, calls=calls, answer=_ANSWER)
    return [runs, _verdicts(longest, calls)] if metric.asks_model else [runs]


def _trust(model: LanguageModel, rows: Sequence[Row], metric: Metric) -> list[Expected]:
    """The answers that a person judged, judged by the model too."""
    calls = verdicts_due(model, metric, rows)
    return [_verdicts(max((texts(row)[0] for row in labelled(rows)), key=len), calls)] if calls else []


def _verdicts(text: str, calls: float) -> Expected:
    return expected("optimizer", f"{_JUDGING}{text}{_ANSWER}", calls=calls, answer=_ANSWER)
