"""What an optimizer is told about a function beyond the facts of rewriting: only where a model reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from secant.cancellation import Cancellation
from secant.config import Models, OptimizeRequest
from secant.functions.optimization import FunctionOptimization
from secant.functions.subject import find_subject
from secant.history import History
from secant.journal import Recorder
from secant.kinds import Surroundings
from secant.optimizer import Context, Decision, Extraction, Scored, State
from secant.rewriting.facts import Facts
from secant.types import Proposal

pytestmark = pytest.mark.usefixtures("preloaded_workers")


class Silent:
    """Models that nobody asks anything."""

    def within(self, scope: str) -> Silent:
        return self


class Reader:
    """An optimizer that looks at its task and gives up."""

    name = "reader"
    state_type = State

    def __init__(self) -> None:
        self.facts: Mapping[str, Any] = {}
        self.feedback: list[str] = []

    def initialize(self, ctx: Context) -> State:
        self.facts = ctx.task.facts
        self.feedback = [result.feedback for result in ctx.baseline.results if result.feedback]
        return State(done=True)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        raise AssertionError("it is done")

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[State, Decision]:
        raise AssertionError("it is done")

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction()


def read(folder: Path, goal: Any, lm: Any) -> Reader:
    models = None if lm is None else Models()
    request = OptimizeRequest(target="steps.py::steps", folder=folder, goal=goal, models=models)
    reader = Reader()
    recorder, cancellation = Recorder("run", None, ()), Cancellation()
    around = Surroundings(lambda budget: nullcontext(lm), recorder, cancellation, History(), os.environ)
    FunctionOptimization(request, find_subject(request, os.environ), reader, around).run()
    return reader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "steps.py").write_text("STEP = 2\n\ndef steps(n):\n    while n > 0:\n        n -= STEP\n    return n\n")
    (tmp_path / "test_steps.py").write_text("from steps import steps\ndef test():\n    assert steps(7) == -1\n")
    return tmp_path


def test_a_model_is_told_the_context_and_for_speed_the_hot_lines(folder: Path) -> None:
    facts = read(folder, "faster", Silent()).facts
    assert facts["context"] == "# A value of the module\nSTEP = 2"
    assert facts["profile"].split("\n")[1:] == [
        "line 2: 4x, 62 %: while n > 0:", "line 3: 4x, 31 %: n -= STEP", "line 4: 1x, 8 %: return n"
    ]  # fmt: skip
    assert Facts.model_validate(dict(facts)).module_values == ("STEP",)


def test_a_run_without_a_model_pays_for_none_of_it(folder: Path) -> None:
    (folder / "test_steps.py").write_text("from steps import steps\ndef test():\n    assert steps(7) == -2\n")
    without, told = read(folder, "fix", None), read(folder, "fix", Silent())
    assert without.facts.keys() == Facts().model_dump().keys()
    assert told.facts.keys() - without.facts.keys() == {"context"}
    assert "The test:" not in without.feedback[0]
    assert told.feedback[0].endswith("The test:\ndef test():\n    assert steps(7) == -2")
