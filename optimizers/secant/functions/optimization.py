"""One run on one function: prepared, driven, confirmed, and told as a `Finished` event. Applies nothing by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from secant.budget import Budget, Limits, Spent
from secant.cancellation import Stopped
from secant.config import OptimizeRequest
from secant.confirmation import ConfirmationRules
from secant.driver import Driver
from secant.errors import BadRequest
from secant.events import Finished, Notice
from secant.forecasting import STEPS, Work, foretell, step
from secant.functions.context import context
from secant.functions.evaluator import FunctionEvaluator
from secant.functions.examples import Example, docstring_examples
from secant.functions.feedback import Feedback
from secant.functions.hotlines import hot_lines
from secant.functions.landing import normalised
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, prepare
from secant.functions.recordings import Recordings
from secant.functions.scratch import scratch_folder
from secant.functions.speed import Speed
from secant.functions.subject import Subject
from secant.functions.suite import Suite
from secant.functions.telling import Teller, turned_down
from secant.functions.testsource import TestSources
from secant.functions.writeback import apply, replaced
from secant.kinds import Surroundings
from secant.optimizer import LanguageModel, Optimizer
from secant.types import Artifact, Part, Task

DEFAULT_SECONDS = 120.0
"""Where no model is asked: rules try some thousand candidates in that time, the likely ones first."""
MODEL_SECONDS = 600.0
"""Where one is: it takes some 20 s for an answer, and a step asks it twice, for a critique and for a new version. What
is left behind the edits by rule, which have their share of it, is ten steps; 120 s were over after two.
"""
_ATTEMPTS = 8
"""Candidates of the ranking that are verified at most."""


class FunctionOptimization:
    """Runs one request. `run` may be called once."""

    def __init__(self, request: OptimizeRequest, subject: Subject, optimizer: Optimizer, around: Surroundings) -> None:
        self._request = request
        self._subject = subject
        self._optimizer = optimizer
        self._models, self._recorder, self._cancellation, self._history, self._environment = around
        self._preparing = True
        self._budget = Budget(self._limits(), spent=around.history.spent)

    def run(self) -> Finished:
        """Search, confirm, and say what came out. Raises SecantError."""
        with scratch_folder() as scratch:
            return self._in(scratch)

    @property
    def goal(self) -> str:
        return self._request.goal

    @property
    def spent(self) -> Spent:
        return self._budget.spent()

    def write(self, source: str) -> None:
        """Put a text into the function's place in its file. Raises FileChanged and WriteRefused."""
        apply(self._subject.located, source, self._subject.located.file.digest)

    def _limits(self) -> Limits:
        usual = DEFAULT_SECONDS if self._request.models is None else MODEL_SECONDS
        return self._request.limits(self._subject.project.settings.max_seconds or usual)

    def _in(self, scratch: Path) -> Finished:
        self._recorder.record(self._subject.found())
        if self._request.rejected and not self._history.seq:
            self._recorder.record(Notice(message=f"{turned_down(self._request)} not offered again."))
        launcher = Launcher(
            self._subject.interpreter.path,
            scratch / "scratch",
            base_environment=self._environment,
            passed=self._subject.project.settings.pass_environment,
            copies=scratch / "copies",
        )
        prepared = prepare(self._request, self._subject, launcher, self._recorder.record, self._check_cancelled)
        try:
            return self._optimized(prepared)
        finally:
            prepared.workers.close()

    def _check_cancelled(self) -> None:
        """Asked while a worker is waited for. Raises Stopped, and Interrupted where the search can do without it."""
        if self._preparing and self._cancellation.cancelled:
            raise Stopped("the run was stopped before there was anything to keep")
        if self._cancellation.urgent:
            raise Stopped("the run was ended at once; what it had measured is kept and need not be measured again")
        self._cancellation.check()

    def _optimized(self, prepared: Prepared) -> Finished:
        goal = self._goal(prepared.suite)
        recordings = Recordings(
            prepared.workers, prepared.suite, tolerance=self._request.tolerance, announce=self._recorder.record
        )
        teller = Teller(self._request, prepared, recordings, self._budget, goal)
        if goal == "fix" and not prepared.suite.failing:
            return teller.nothing_to_fix()
        with self._models(self._budget) as lm:
            seed = self._seed()
            evaluator = self._evaluator(prepared, recordings, seed, faster=goal == "faster")
            task = self._task(prepared, goal, lm)  # behind the evaluator, which has recorded the calls that it profiles
            driver = self._driver(prepared, seed, evaluator, task, lm)
            self._foretell(task, lm)
            self._preparing = False
            return teller.finished(driver.run())

    def _examples(self, suite: Suite) -> tuple[Example, ...]:
        """The docstring's examples, where the function can be called by itself."""
        located = self._subject.located
        callable_alone = located.kind in {"function", "staticmethod"} and located.unit == located.qualname
        if suite.path != "swap" or not callable_alone or located.is_async:
            return ()
        return docstring_examples(located.text, located.name)

    def _goal(self, suite: Suite) -> Literal["fix", "faster"]:
        if self._request.goal == "auto":
            return "fix" if suite.failing else "faster"
        if self._request.goal == "faster" and suite.failing:
            names = ", ".join(t.id for t in suite.failing[:3])
            raise BadRequest(
                f"{len(suite.failing)} of {len(suite.tests)} tests fail on the function as it is ({names})",
                hint="Repair it first (--goal fix), or name the tests that should judge: --tests PATH_OR_NODEID.",
            )
        return self._request.goal

    def _task(self, prepared: Prepared, goal: Literal["fix", "faster"], lm: LanguageModel | None) -> Task:
        facts = prepared.facts.model_dump(mode="json")
        if lm is not None:  # nobody else reads them
            facts["context"] = context(self._subject)
            if goal == "faster":
                facts["profile"] = hot_lines(prepared.workers, prepared.unit, self._subject.located.text)
        return Task(kind="function", goal=goal, description=self._request.target, facts=facts)

    def _foretell(self, task: Task, lm: LanguageModel | None) -> None:
        """Say once what the models will probably be asked."""
        models = self._request.models
        if self._history.seq or (models is not None and models.replay is not None):
            return  # told before, or nobody is asked
        around = f"{task.facts.get('context', '')}{task.facts.get('profile', '')}"
        each = step(self._optimizer, task, self._subject.located.text, around)
        told = foretell(lm, Work(STEPS, each), self._budget.limits)
        if told is not None:
            self._recorder.record(told)

    def _seed(self) -> Artifact:
        located = self._subject.located
        return Artifact(kind="function", parts=(Part(name=located.qualname, text=located.text),))

    def _driver(
        self, prepared: Prepared, seed: Artifact, evaluator: FunctionEvaluator, task: Task, lm: LanguageModel | None
    ) -> Driver:
        return Driver(
            self._optimizer,
            evaluator,
            task,
            seed,
            recorder=self._recorder,
            budget=self._budget,
            seed=self._request.seed,
            cancellation=self._cancellation,
            history=self._history,
            lm=lm,
            isolation=prepared.workers.isolation,
            rejected=[seed.with_text(normalised(text)).id for text in self._request.rejected],
            refusal=lambda artifact: prepared.unit.refusal(artifact.text),
            confirmation=ConfirmationRules(alternatives=2 if task.goal == "fix" else 1, attempts=_ATTEMPTS),
        )

    def _evaluator(
        self, prepared: Prepared, recordings: Recordings, seed: Artifact, *, faster: bool
    ) -> FunctionEvaluator:
        return FunctionEvaluator(
            seed,
            prepared.suite,
            prepared.unit,
            prepared.workers,
            prepared.cold,
            behaviour=recordings.required() if faster else None,
            speed=Speed(prepared.workers) if faster else None,
            telling_apart=recordings.wanted,
            examples=() if faster else self._examples(prepared.suite),
            file_bytes=lambda text: replaced(self._subject.located, text),
            feedback=self._feedback(prepared),
        )

    def _feedback(self, prepared: Prepared) -> Feedback:
        """With the tests' sources where a model reads it."""
        sources = TestSources(prepared.root) if self._request.models is not None else None
        return Feedback(sources, tuple({prepared.root: None, prepared.subject.root: None}))
