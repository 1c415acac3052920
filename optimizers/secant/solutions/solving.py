"""One run on one solution: prepared, driven, confirmed, compared with fresh samples, and told as a `Finished` event.

    document -> checks -> x_0 (given, or one fresh answer) -> driver -> self-consistency at equal cost -> Finished

Applies nothing by itself. The models come from outside, made for this run's budget, so no gateway is known here.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from secant.announcer import Announcer
from secant.budget import Budget, BudgetExhausted, Spent
from secant.cancellation import Interrupted, Stopped
from secant.config import SolveRequest
from secant.confirmation import ConfirmationRules
from secant.driver import Driver, Stopping
from secant.errors import BadRequest
from secant.events import Confirmed, Finished
from secant.forecasting import STEPS, Work, answer, critique, foretell, step
from secant.functions.interpreter import find_python
from secant.functions.launching import Launcher
from secant.kinds import Surroundings
from secant.optimizer import LanguageModel, Optimizer
from secant.solutions.checks import Bench
from secant.solutions.document import apply, normalised
from secant.solutions.evaluator import Evidence, SolutionEvaluator
from secant.solutions.paper import KIND, Paper, require_readable
from secant.solutions.ranking import Ranked
from secant.solutions.sampling import PURPOSE, Consistency, Sampler
from secant.solutions.sharing import Half
from secant.solutions.telling import Teller
from secant.types import Artifact, Evaluation, Part, Task

DEFAULT_SECONDS = 900.0
"""A model takes some 20 s for an answer: six steps of a critique and a new version are 4 minutes, the critiques that
judge them as much again, and fresh samples for comparison cost as many calls as the search.
"""
GOAL = "solve the problem without a mistake"
_ATTEMPTS = 4


class Solving:
    """Runs one request. `run` may be called once."""

    def __init__(self, request: SolveRequest, paper: Paper, optimizer: Optimizer, around: Surroundings) -> None:
        self._request = request
        self._paper = paper
        self._optimizer = optimizer
        self._models, self._recorder, self._cancellation, self._history, self._environment = around
        self._preparing = True
        usual = paper.project.settings.max_seconds or DEFAULT_SECONDS
        self._budget = Budget(request.limits(usual), spent=around.history.spent)
        self._sampler = Sampler(paper.document, paper.pattern, self._demands(answer=True))

    def run(self) -> Finished:
        """Search, confirm, compare, and say what came out. Raises SecantError."""
        scratch = Path(tempfile.mkdtemp(prefix="secant-")).resolve()
        bench = None
        try:
            self._recorder.record(self._paper.found())
            self._recorder.record(self._paper.evidence())
            require_readable(self._paper)
            bench = self._bench(scratch) if self._paper.checks else None
            with self._models(self._budget) as model:
                self._model = _required(model)
                self._foretell(bench)
                return self._solved(bench)
        except Interrupted as interrupted:
            raise Stopped(f"the run was stopped before there was anything to keep ({interrupted})") from interrupted
        finally:
            if bench is not None:
                bench.close()
            shutil.rmtree(scratch, ignore_errors=True)

    @property
    def goal(self) -> str:
        return GOAL

    @property
    def spent(self) -> Spent:
        return self._budget.spent()

    def write(self, source: str) -> None:
        """Put a solution into the file. Raises FileChanged, and WriteRefused where it may not be written."""
        apply(self._paper.document, source, self._paper.document.file.digest)

    def _bench(self, scratch: Path) -> Bench:
        project = self._paper.project
        launcher = Launcher(
            find_python(project, python=self._request.python, environment=self._environment).path,
            scratch / "scratch",
            base_environment=self._environment,
            passed=project.settings.pass_environment,
        )
        return Bench(
            self._paper.checks,
            launcher,
            self._paper.root,
            seconds=self._request.check_seconds,
            check_cancelled=self._check_cancelled,
        )

    def _check_cancelled(self) -> None:
        """Asked while a check is waited for."""
        if self._preparing and self._cancellation.cancelled:
            raise Interrupted(self._cancellation.reason)
        if self._cancellation.urgent:
            raise Stopped("the run was ended at once; what was paid for is kept and need not be paid again")
        self._cancellation.check()

    def _solved(self, bench: Bench | None) -> Finished:
        teller = Teller(self._paper, self._budget, GOAL)
        try:
            seed = self._seed()
            evaluator = self._evaluator(seed, bench)
            baseline = evaluator.baseline()
        except BudgetExhausted as exhausted:
            return teller.unbegun(str(exhausted))
        teller.begin(seed, evaluator, given=bool(self._paper.document.solution))
        if baseline.all_passed:
            return self._right_already(teller, seed, evaluator, baseline, bench)
        driver = self._driver(seed, evaluator, bench)
        self._preparing = False
        outcome = driver.run()
        if not outcome.confirmed and not self._paper.document.solution:
            confirmation = self._confirmed(seed, evaluator)
            if not confirmation.rejected:
                return teller.zero_shot(confirmation, self._consistency(evaluator), stopped=outcome.stop == "cancelled")
        return teller.finished(outcome, self._consistency(evaluator))

    def _foretell(self, bench: Bench | None) -> None:
        """Say once what the models will probably be asked: the search, and as many fresh answers to compare with."""
        models = self._request.models
        if self._history.seq or (models is not None and models.replay is not None):
            return  # told before, or nobody is asked
        problem, given = self._paper.document.problem, self._paper.document.solution or ""
        steps = STEPS if self._request.max_steps is None else self._request.max_steps
        judging = [critique(given, problem)] if bench is None else []
        each = [*step(self._optimizer, self._task(bench), given, problem), *judging]
        once = [*([] if given else [answer(problem, given)]), *judging, *judging]
        fresh = answer(problem, given).model_copy(
            update={"calls": steps * sum(e.calls for e in each) + sum(e.calls for e in once)}
        )
        compared = [fresh] if not given or self._has_answer(given) else []
        told = foretell(self._model, Work(steps, each, [*once, *compared]), self._budget.limits)
        if told is not None:
            self._recorder.record(told)

    def _task(self, bench: Bench | None) -> Task:
        problem = self._paper.document.problem.rstrip("\n")
        return Task(kind=KIND, goal=GOAL, description=problem, facts={"evidence": "checks" if bench else "critique"})

    # What there is to begin with

    def _seed(self) -> Artifact:
        """The solution in the file, or one fresh answer where there is none."""
        text = self._paper.document.solution or self._sampler.first(self._model)
        part = Part(
            name="solution",
            text=normalised(text),
            role="It is Markdown and stands in a file, under its heading.",
            constraints=tuple(self._demands(answer=self._has_answer(text))),
        )
        return Artifact(kind=KIND, parts=(part,))

    def _has_answer(self, text: str) -> bool:
        return self._request.answer is not None or self._paper.pattern.find(text) is not None

    def _demands(self, *, answer: bool) -> list[str]:
        """What every solution must keep to."""
        level = self._paper.document.level
        demands = [f"no heading of level {level} or above ({'#' * level}); every code fence is closed"]
        if answer:
            demands.append(self._wanted_answer())
        if self._request.run_code:
            demands.append("all Python code stands in blocks fenced with ```python, which together run as one program")
        return demands + [f"it matches the regular expression {e}" for e in self._request.must_match]

    def _wanted_answer(self) -> str:
        if self._request.answer is not None:
            return f"the answer is found by the regular expression {self._request.answer}"
        return "the last line is the answer, in the form `Answer: ...`"

    def _evaluator(self, seed: Artifact, bench: Bench | None) -> SolutionEvaluator:
        return SolutionEvaluator(
            self._paper.document,
            seed,
            self._paper.pattern,
            Evidence(requires_answer=self._has_answer(seed.text), wanted=self._wanted_answer()),
            bench=bench,
            model=self._searching(seed, bench),
            confirming=self._model,
            known=self._history.measured,
        )

    def _searching(self, seed: Artifact, bench: Bench | None) -> LanguageModel:
        """The models for the search: half of the budget where the other half is for fresh samples."""
        if not self._has_answer(seed.text):
            return self._model
        return Half(self._model, self._budget, confirming=bench is None)

    # The run

    def _driver(self, seed: Artifact, evaluator: SolutionEvaluator, bench: Bench | None) -> Driver:
        return Driver(
            Ranked(self._optimizer),
            evaluator,
            self._task(bench),
            seed,
            recorder=self._recorder,
            budget=self._budget,
            seed=self._request.seed,
            cancellation=self._cancellation,
            history=self._history,
            lm=self._searching(seed, bench),
            stopping=Stopping(steps=self._request.max_steps),
            isolation=bench.isolation if bench is not None else "",
            rejected=[seed.with_text(normalised(text)).id for text in self._request.rejected],
            confirmation=ConfirmationRules(alternatives=2, attempts=_ATTEMPTS),
        )

    def _right_already(
        self, teller: Teller, seed: Artifact, evaluator: SolutionEvaluator, baseline: Evaluation, bench: Bench | None
    ) -> Finished:
        """Nothing to search for. A solution that a model just gave is confirmed and offered."""
        announcer = Announcer(self._recorder, self._budget, self._history)
        isolation = bench.isolation if bench is not None else ""
        announcer.baseline(baseline, goal=GOAL, seconds=self._budget.seconds, isolation=isolation)
        if self._paper.document.solution:
            return teller.nothing_to_do()
        confirmation = self._confirmed(seed, evaluator)
        consistency = self._consistency(evaluator)
        return teller.zero_shot(confirmation, consistency, stopped=self._cancellation.cancelled)

    def _confirmed(self, seed: Artifact, evaluator: SolutionEvaluator) -> Evaluation:
        """The confirmation of the first answer, which the driver never offers: to it that is what there was."""
        known = self._history.confirmations.get(seed.id)
        if known is not None:
            return known
        confirmation = evaluator.confirm(seed)
        self._recorder.record(
            Confirmed(
                artifact=seed.id,
                ok=not confirmation.rejected,
                passed=confirmation.passed,
                total=confirmation.n,
                reason=confirmation.note,
                evaluation=confirmation,
            )
        )
        return confirmation

    def _consistency(self, evaluator: SolutionEvaluator) -> Consistency | None:
        """Self-consistency with as many calls as the run has made; None where no solution has an answer to vote for."""
        if all(answer is None for answer in evaluator.answers.values()):
            return None
        sampled = sum(c.usage.calls for c in self._history.calls.values() if c.purpose == PURPOSE)
        calls = sum(usage.calls for usage in self._budget.usage.values()) - sampled
        if self._cancellation.cancelled:
            return Consistency(wanted=calls, reason="the run was stopped")
        return self._sampler.consistency(self._model, self._budget, calls, known=sampled)


def _required(model: LanguageModel | None) -> LanguageModel:
    if model is None:
        hint = "Name one: --model openai/gpt-4o-mini. `secant models` says what is configured and reachable."
        raise BadRequest("a solution is refined by a model, and none is named", hint=hint)
    return model
