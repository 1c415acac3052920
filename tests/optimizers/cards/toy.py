"""The toy task on which optimizers and driver are tried: a text of letters that should become a hidden word.

Every position of the word is a case. The evaluator counts what it runs; the model answers from its prompt alone and
counts what it is asked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from secant.budget import Budget, Limits
from secant.cancellation import Cancellation
from secant.driver import Driver, Outcome, Stopping
from secant.events import Event, Updated
from secant.history import History
from secant.journal import Journal, Recorder
from secant.optimizer import Answered, Completion, Optimizer
from secant.types import Artifact, Case, CaseResult, Evaluation, Level, Part, Proposal, Split, Task, Usage

ALPHABET = "acenst"
HIDDEN = "secant"


def artifact(text: str) -> Artifact:
    return Artifact(kind="prompt", parts=(Part(name="word", text=text),))


def word_of(candidate: Artifact) -> str:
    """An artifact of several parts spells its word with all of them."""
    return "".join(part.text for part in candidate.parts)


SEED = artifact("aaaaaa")


class Letters:
    """Scores 1 for a right letter. Stage `filter` stops at the first wrong one."""

    def __init__(self, hidden: str = HIDDEN, *, cold: str = "", seed_artifact: Artifact = SEED) -> None:
        """`cold` is a word that every confirmation fails: right in the search, wrong in a fresh process."""
        self.hidden = hidden
        self.cold = cold
        self.seed_artifact = seed_artifact
        self.runs: list[tuple[str, str, tuple[str, ...]]] = []
        self.baselines = 0
        self.confirmed: list[str] = []

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        splits: tuple[Split, ...] = ("fit", "select", "report")
        return {s: [Case(id=f"{s}{i}", expected=c) for i, c in enumerate(self.hidden)] for s in splits}

    def baseline(self) -> Evaluation:
        self.baselines += 1
        return self._evaluation(self.seed_artifact, "baseline", [f"select{i}" for i in range(len(self.hidden))])

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        for candidate in artifacts:
            self.runs.append((candidate.id, stage, tuple(case_ids)))
            yield self._evaluation(candidate, stage, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        self.confirmed.append(artifact.id)
        evaluation = self._evaluation(artifact, "confirm", [f"report{i}" for i in range(len(self.hidden))])
        return evaluation.model_copy(update={"split": "report", "rejected": word_of(artifact) == self.cold})

    def _evaluation(self, candidate: Artifact, stage: str, case_ids: Sequence[str]) -> Evaluation:
        results: list[CaseResult] = []
        for case_id in case_ids:
            place = int(re.sub(r"\D", "", case_id))
            wanted, got = self.hidden[place], word_of(candidate)[place : place + 1]
            feedback = "" if wanted == got else f"letter {place} should be {wanted}"
            results.append(
                CaseResult(case_id=case_id, score=float(wanted == got), feedback=feedback, output=got, trace=[place])
            )
            if stage == "filter" and wanted != got:
                break
        complete = len(results) == len(case_ids)
        return Evaluation(artifact_id=candidate.id, stage=stage, results=tuple(results), complete=complete)


class Call(NamedTuple):
    level: Level
    purpose: str
    prompt: str
    n: int


class Model:
    """A deterministic model. Answers a word: the one after `now:`, with its n-th remark `letter I should be C` obeyed,
    or else with a letter changed at random (seeded by the prompt). Asked for JSON it obeys all remarks at once."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget
        self.calls: list[Call] = []

    def within(self, scope: str) -> Model:
        return self

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        prompt = messages[-1]["content"]
        if self._budget is not None:
            with self._budget.reserve(calls=1, tokens=100) as held:
                held.settle(level, Usage(calls=1, prompt_tokens=60, completion_tokens=30))
        self.calls.append(Call(level, purpose, prompt, n))
        return [Completion(id=f"{len(self.calls)}.{i}", text=self._answer(prompt, i)) for i in range(n)]

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        return [self.complete(level, messages, purpose=purpose)[0] for messages in batches]

    def _answer(self, prompt: str, number: int) -> str:
        now = re.findall(r"now: (\w+)", prompt)[-1]
        remarks = re.findall(r"letter (\d+) should be (\w)", prompt)
        if "as JSON" in prompt:
            wanted = {int(place): letter for place, letter in remarks}
            word = "".join(wanted.get(place, letter) for place, letter in enumerate(now))
            return json.dumps({"left": word[:3], "right": word[3:]})
        if remarks:
            place, letter = remarks[number % len(remarks)]
        else:
            dice = hashlib.sha256(f"{prompt}/{number}".encode()).digest()
            place, letter = str(dice[0] % len(now)), ALPHABET[dice[1] % len(ALPHABET)]
        return f"{now[: int(place)]}{letter}{now[int(place) + 1 :]}"


def ask(model: Model, prompt: str, *, n: int = 1, level: Level = "optimizer") -> list[Proposal]:
    """The model's words as paid proposals."""
    answers = model.complete(level, [{"role": "user", "content": prompt}], n=n)
    return [Proposal(artifact=artifact(a.text), paid=True, response_id=a.id) for a in answers]


class Run(NamedTuple):
    """A run that is over, with everything a test wants to look at."""

    outcome: Outcome
    events: list[Event]
    evaluator: Letters
    model: Model
    history: History

    def of(self, kind: type) -> list:
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def state(self) -> Mapping[str, object]:
        """The last journaled state, of this session or an earlier one."""
        updated = self.of(Updated)
        return updated[-1].state if updated else self.history.state

    @property
    def word(self) -> str:
        """The word of the winner; the seed's where there is none."""
        confirmed = self.outcome.confirmed
        return word_of(confirmed[0].proposal.artifact if confirmed else self.evaluator.seed_artifact)

    @property
    def prompts(self) -> list[str]:
        return [call.prompt for call in self.model.calls]


def run(
    optimizer: Optimizer,
    *,
    steps: int | None = None,
    limits: Limits | None = None,
    seed: int = 0,
    evaluator: Letters | None = None,
    journal: Journal | None = None,
    history: History | None = None,
    cancellation: Cancellation | None = None,
    listeners: Sequence = (),
    **settings: object,
) -> Run:
    """Run the real driver over the toy task."""
    told: list[Event] = []
    evaluator = evaluator or Letters()
    budget = Budget(limits, clock=lambda: 0.0, spent=history.spent if history else None)
    model = Model(budget)
    recorder = Recorder("toy", journal, [told.append, *listeners], clock=lambda: 0.0, seq=history.seq if history else 0)
    driver = Driver(
        optimizer,
        evaluator,
        Task(kind="prompt", goal="find the word"),
        evaluator.seed_artifact,
        recorder=recorder,
        budget=budget,
        seed=seed,
        history=history,
        cancellation=cancellation,
        lm=model,
        stopping=Stopping(steps=steps),
        clock=lambda: 0.0,
        **settings,
    )
    return Run(driver.run(), told, evaluator, model, history or History())
