"""`secant eval`: one prompt on all of its cases, scored case by case. Nothing is searched and no file changes.

With a model it is asked for every case; without one the answers that the data records are judged.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from secant.announcer import Announcer
from secant.budget import Budget, BudgetExhausted, Spent
from secant.cancellation import Interrupted, Stopped
from secant.config import EvalRequest
from secant.errors import BadRequest, WriteRefused
from secant.events import Finished, Notice
from secant.forecasting import foretell
from secant.kinds import Surroundings
from secant.models.contract import ModelUnavailable
from secant.optimizer import LanguageModel
from secant.promptfiles.comparison import Comparison
from secant.promptfiles.costs import at_least, least_calls, program_due, scoring_work, verdicts_due
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.judging import Bench, judged_rows, trust
from secant.promptfiles.metrics.contract import Metric
from secant.promptfiles.program import Program
from secant.promptfiles.running import Runner, Work
from secant.promptfiles.silence import go_on, require_scores
from secant.promptfiles.subject import PromptSubject
from secant.promptfiles.sufficing import insufficient, require_calls, require_dollars, require_prices
from secant.promptfiles.telling import Teller
from secant.types import Artifact, CaseResult, Evaluation

DEFAULT_SECONDS = 3600.0
GOAL = "score it"
_MODEL = "Name a model: --model openai/gpt-4o-mini (`secant models` says what is configured and reachable)"


class Evaluating:
    """Runs one request. `run` may be called once."""

    def __init__(
        self,
        request: EvalRequest,
        subject: PromptSubject,
        around: Surroundings,
    ) -> None:
        self._request = request
        self._subject = subject
        self._models, self._recorder, self._cancellation, self._history, self._environment = around
        usual = subject.project.settings.max_seconds or DEFAULT_SECONDS
        self._budget = Budget(request.limits(usual), spent=around.history.spent)
        self._program = Program(subject.document.parts)

    @property
    def goal(self) -> str:
        return GOAL

    @property
    def spent(self) -> Spent:
        return self._budget.spent()

    def write(self, source: str) -> None:
        """There is nothing to write."""
        raise WriteRefused("an evaluation has no result to write", hint="Nothing was written.")

    def run(self) -> Finished:
        """Raises SecantError, and Stopped."""
        scratch = Path(tempfile.mkdtemp(prefix="secant-")).resolve()
        try:
            self._recorder.record(self._subject.found())
            with self._models(self._budget) as model:
                return self._scored(model, scratch)
        except Interrupted as interrupted:
            kept = f"; what was paid for is kept: secant resume {self._recorder.run}" if self._budget.usage else ""
            raise Stopped(f"the evaluation was stopped ({interrupted}){kept}") from interrupted
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _scored(self, model: LanguageModel | None, scratch: Path) -> Finished:
        bench = Bench(
            self._request, self._subject, scratch, model, environment=self._environment, cancellation=self._cancellation
        )
        with bench as metric:
            judged = judged_rows(self._subject, self._program, metric)
            self._recorder.record(self._subject.cases(judged.left_out))
            for message in judged.notices:
                self._recorder.record(Notice(level="warning", message=message))
            rows = (*judged.rows, *judged.held_out)
            seed = self._program.artifact()
            teller = Teller(self._subject, self._program, metric.name, self._budget, GOAL)
            if model is None and self._request.baselines:
                raise BadRequest("a baseline asks a model, and none is named", hint=_MODEL)
            comparison = Comparison(Runner(self._program, metric), seed, rows, self._request)
            metric.require_runnable(rows)
            try:
                if model is not None:
                    self._require_caps(model, seed, rows, metric)
                self._foretell(model, seed, rows, metric)
                trusted = trust(metric, rows)
                evaluation = self._evaluation(seed, metric, rows, model)
                require_scores(evaluation.results, metric.name)
            except BudgetExhausted as exhausted:
                least = least_calls(metric, rows, len(rows) * self._request.repeats)
                return insufficient(exhausted, least, teller, self._budget)
            except ModelUnavailable as unavailable:
                raise go_on(unavailable, self._budget.usage, self._recorder.run) from unavailable
            announcer = Announcer(self._recorder, self._budget, self._history)
            announcer.baseline(evaluation, goal=GOAL, seconds=self._budget.seconds, isolation="")
            beside = comparison.told(evaluation, model) if model is not None else ()
            return teller.scored(seed, evaluation, "select", [self._source(model), *trusted, *beside])

    def _require_caps(self, model: LanguageModel, seed: Artifact, rows: Sequence[Row], metric: Metric) -> None:
        """Before anything is paid for. Raises BadRequest, and BudgetExhausted where the caps do not suffice."""
        require_prices(model, ("program", "optimizer") if metric.asks_model else ("program",), self._budget)
        if self._history.seq:
            return  # what an earlier session paid for is not due
        due = program_due(model, self._program, seed, rows, self._request.repeats)
        judged = due + verdicts_due(model, metric, rows) if metric.asks_model else 0
        require_calls(due + judged, self._budget)
        if due:
            require_dollars(at_least(model, self._program, seed, rows), self._budget)

    def _foretell(self, model: LanguageModel | None, seed: Artifact, rows: Sequence[Row], metric: Metric) -> None:
        models = self._request.models
        if self._history.seq or (models is not None and models.replay is not None):
            return  # told before, or nobody is asked
        if model is None:
            return
        work = scoring_work(model, self._program, seed, rows, metric, self._request.repeats)
        told = foretell(model, work, self._budget.limits)
        if told is not None:
            self._recorder.record(told)

    def _source(self, model: LanguageModel | None) -> str:
        """Where the answers came from."""
        if model is None:
            return "The answers that the data records were judged."
        every = f"Every case was run {_times(self._request.repeats)}"
        models = self._request.models
        if self._budget.usage or models is None or models.replay is not None:
            return f"{every}."
        return f"{every}; all answers are those of earlier runs (--no-cache asks anew)."

    def _evaluation(
        self, seed: Artifact, metric: Metric, rows: Sequence[Row], model: LanguageModel | None
    ) -> Evaluation:
        if self._history.baseline is not None:
            return self._history.baseline
        runner = Runner(self._program, metric, repeats=self._request.repeats)
        results = runner.recorded(_recorded(rows)) if model is None else self._asked(runner, seed, rows, model)
        return Evaluation(artifact_id=seed.id, stage="baseline", results=tuple(results))

    def _asked(self, runner: Runner, seed: Artifact, rows: Sequence[Row], model: LanguageModel) -> Sequence[CaseResult]:
        Announcer(self._recorder, self._budget, self._history).progress("baseline", force=True)
        return runner.results(model.within("cases"), [Work(seed, row) for row in rows])


def _times(repeats: int) -> str:
    return "once" if repeats == 1 else f"{repeats} times, and the mean of them counts"


def _recorded(rows: Sequence[Row]) -> Sequence[Row]:
    """Raises BadRequest where a row has no recorded answer, since no model is named either."""
    missing = next((row for row in rows if row.recorded is None), None)
    if missing is None:
        return rows
    recorded = sum(row.recorded is not None for row in rows)
    data = (
        f"only {recorded} of {len(rows)} cases have a recorded answer" if recorded else "no case has a recorded answer"
    )
    raise BadRequest(
        f"no model is named, and {data}; this is the first without",
        hint=f'{_MODEL}; or record the answers in the data: {{"input": "...", "expected": "...", "recorded": "..."}}.',
        where=f"{missing.path}:{missing.line}",
    )
