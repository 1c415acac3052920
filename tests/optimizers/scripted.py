"""A function and a prompt that are small enough to be judged here, and a model that answers as a test tells it to.

The driver is the real one. The function's evaluator runs texts in this process: they are those of these tests alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cards.toy import Letters

from secant.budget import Budget, Limits
from secant.driver import Driver, Outcome, Stopping
from secant.events import Event, Proposed, Updated
from secant.history import History
from secant.journal import Recorder
from secant.optimizer import Answered, Completion, Optimizer
from secant.types import Artifact, Case, CaseResult, Evaluation, Level, Part, Split, Task, Usage

COUNT = textwrap.dedent(
    """\
    def count_up(start, stop):
        found = []
        for value in range(start, stop):
            found.append(value)
        return found
    """
)
"""Leaves the last value out, and an empty stretch should be None."""
CASES: Mapping[str, tuple[tuple[int, int], Any]] = {
    "test_one": ((1, 1), [1]),
    "test_three": ((1, 3), [1, 2, 3]),
    "test_down": ((3, 1), []),
    "test_none": ((1, -9), None),
}
HALF = COUNT.replace("range(start, stop)", "range(start, stop + 1)")
"""Passes three of the four."""
RIGHT = HALF.replace("return found", "return found if stop > -9 else None")
WORSE = COUNT.replace("return found", "return None")
FIX = Task(kind="function", goal="fix", description="small.py::count_up", facts={"context": "LIMIT = 9"})


def function(text: str = COUNT, **fields: Any) -> Artifact:
    return Artifact(kind="function", parts=(Part(name="count_up", text=text, **fields),))


class Counting:
    """Judges texts of `count_up`; every test is run."""

    def __init__(self, seed_artifact: Artifact | None = None) -> None:
        self.seed_artifact = seed_artifact or function()
        self.runs: list[tuple[str, str]] = []

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        judging = [Case(id=name) for name in CASES]
        return {"select": judging, "report": judging}

    def baseline(self) -> Evaluation:
        return self._evaluation(self.seed_artifact, "tests", list(CASES))

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for artifact in artifacts:
            self.runs.append((artifact.text, stage))
            yield self._evaluation(artifact, stage, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        return self._evaluation(artifact, "confirm", list(CASES)).model_copy(update={"split": "report"})

    def _evaluation(self, artifact: Artifact, stage: str, case_ids: Sequence[str]) -> Evaluation:
        results = tuple(self._result(artifact.text, name) for name in case_ids)
        return Evaluation(artifact_id=artifact.id, stage=stage, results=results)

    def _result(self, text: str, name: str) -> CaseResult:
        arguments, wanted = CASES[name]
        space: dict[str, Any] = {}
        try:
            exec(text, space)
            got = space["count_up"](*arguments)
        except Exception as error:  # noqa: BLE001 a candidate may raise anything
            return CaseResult(case_id=name, score=0.0, feedback=f"{type(error).__name__}: {error}", error="crash")
        if got == wanted:
            return CaseResult(case_id=name, score=1.0)
        said = f"AssertionError: count_up{arguments} gave {got!r}, expected {wanted!r}"
        return CaseResult(case_id=name, score=0.0, feedback=said)


class Asked(NamedTuple):
    purpose: str
    system: str
    prompt: str
    n: int


Answer = str | Completion
Script = Callable[[Asked, int], Answer]
"""Gives the answer to a request; the number counts the answers of a run from 0."""


class ScriptedModel:
    """Answers from a script, and pays for it."""

    def __init__(self, script: Script, budget: Budget | None = None) -> None:
        self._script = script
        self._budget = budget
        self._given = 0
        self.asked: list[Asked] = []

    def within(self, scope: str) -> ScriptedModel:
        return self

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        assert [m["role"] for m in messages] == ["system", "user"]
        if self._budget is not None:
            with self._budget.reserve(calls=n, tokens=100 * n) as held:
                held.settle(level, Usage(calls=n, prompt_tokens=60 * n, completion_tokens=30 * n))
        asked = Asked(purpose, messages[0]["content"], messages[1]["content"], n)
        self.asked.append(asked)
        return [self._completion(asked) for _ in range(n)]

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        return [self.complete(level, messages, purpose=purpose)[0] for messages in batches]

    def _completion(self, asked: Asked) -> Completion:
        answer = self._script(asked, self._given)
        self._given += 1
        if isinstance(answer, Completion):
            return answer
        return Completion(id=f"answer{self._given}", text=answer)


def reply(text: str, note: str = "changed something", suffix: str = "") -> str:
    """An answer in the agreed form."""
    return f"<NOTE{suffix}>\n{note}\n</NOTE{suffix}>\n<IMPROVED{suffix}>\n{text.rstrip()}\n</IMPROVED{suffix}>"


def in_turn(*answers: Answer, critique: str = "the stop is left out") -> Script:
    """The answers one after the other, the last again and again; a critic always says the same."""
    left = list(answers)

    def script(asked: Asked, number: int) -> Answer:
        if asked.purpose == "critique":
            return critique
        return left.pop(0) if len(left) > 1 else left[0]

    return script


class ScriptedRun(NamedTuple):
    outcome: Outcome
    events: list[Event]
    model: ScriptedModel
    evaluator: Any

    @property
    def updates(self) -> list[Asked]:
        """The requests for new versions."""
        return [a for a in self.model.asked if a.purpose == "update"]

    @property
    def states(self) -> list[Mapping[str, Any]]:
        return [e.state for e in self.events if isinstance(e, Updated)]

    @property
    def reasons(self) -> list[str]:
        return [e.reason for e in self.events if isinstance(e, Updated)][1:]

    @property
    def statuses(self) -> list[str]:
        return [item.status for e in self.events if isinstance(e, Proposed) for item in e.items]

    @property
    def winner(self) -> str | None:
        confirmed = self.outcome.confirmed
        return confirmed[0].proposal.artifact.text if confirmed else None


def drive(
    optimizer: Optimizer,
    script: Script | None,
    *,
    evaluator: Any = None,
    task: Task | None = None,
    steps: int | None = 6,
    limits: Limits | None = None,
    history: History | None = None,
) -> ScriptedRun:
    """The real driver over a function, or over the toy prompt where `evaluator` is its own."""
    evaluator = evaluator or Counting()
    events: list[Event] = []
    budget = Budget(limits, clock=lambda: 0.0, spent=history.spent if history else None)
    model = ScriptedModel(script, budget) if script is not None else None
    driver = Driver(
        optimizer,
        evaluator,
        task or (Task(kind="prompt", goal="spell the word") if isinstance(evaluator, Letters) else FIX),
        evaluator.seed_artifact,
        recorder=Recorder("scripted", None, [events.append], clock=lambda: 0.0, seq=history.seq if history else 0),
        budget=budget,
        history=history,
        lm=model,
        stopping=Stopping(steps=steps),
        clock=lambda: 0.0,
    )
    outcome = driver.run()
    return ScriptedRun(outcome, events, model or ScriptedModel(in_turn("")), evaluator)
