"""What a run on a prompt will probably ask of its models: a forecast, while the budget keeps the caps."""

from __future__ import annotations

from collections.abc import Sequence

from secant.forecasting import STEPS, Work, step
from secant.models.forecast import Expected, expected
from secant.optimizer import Optimizer, StepAsking
from secant.promptfiles.evaldata.rows import Row, Splits
from secant.promptfiles.program import Program
from secant.types import Artifact, Task

_ANSWER = " " * 400
"""As long as an answer of the program that says a little more than the result."""
_TRIED = 0.5
"""Of the select cases, those that a new version is tried on in the mean: many are given up before."""


def scoring_work(program: Program, seed: Artifact, rows: Sequence[Row], repeats: int) -> Work:
    """Every row once, or as often as is asked for."""
    return Work(0, (), [_cases(program, seed, rows, len(rows) * repeats)])


def refining_work(
    program: Program, seed: Artifact, splits: Splits, repeats: int, optimizer: Optimizer, task: Task, steps: int | None
) -> Work:
    """Baseline, the steps, and both versions on the held-out cases."""
    select, report = splits["select"], splits["report"]
    text = "\n".join(part.text for part in seed.parts)
    versions = optimizer.step_calls(task).versions if isinstance(optimizer, StepAsking) else 1
    tried = _cases(program, seed, select, versions * len(select) * repeats * _TRIED)
    once = _cases(program, seed, select, repeats * (len(select) + 2 * len(report)))
    return Work(STEPS if steps is None else min(steps, STEPS), [*step(optimizer, task, text), tried], [once])


def _cases(program: Program, seed: Artifact, rows: Sequence[Row], calls: float) -> Expected:
    """So many runs of the program, each as long as that of the longest of the first rows."""
    shown = ["\n".join(m["content"] for m in program.messages(seed, row)) for row in rows[:20]]
    return expected("program", max(shown, key=len, default=""), calls=calls, answer=_ANSWER)
