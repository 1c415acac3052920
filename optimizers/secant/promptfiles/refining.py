"""One run on one prompt: prepared, driven, confirmed on held-out cases, and told as a `Finished` event.

    document, data -> splits -> baseline -> driver (fit, select) -> report cases, once -> Finished

Applies nothing by itself. The models come from outside, made for this run's budget, so no gateway is known here.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from secant.budget import Budget, BudgetExhausted, Spent
from secant.cancellation import Interrupted, Stopped
from secant.config import RefineRequest
from secant.confirmation import ConfirmationRules
from secant.driver import Driver, Outcome, Stopping
from secant.errors import BadRequest
from secant.events import Finished, Notice
from secant.forecasting import foretell
from secant.kinds import Surroundings
from secant.models.contract import ModelUnavailable
from secant.optimizer import Equipped, LanguageModel, Optimizer
from secant.promptfiles.assembling import GOAL, Assembly
from secant.promptfiles.costs import dearest, least_calls, refining_work, verdicts_due
from secant.promptfiles.evaldata.rows import Splits
from secant.promptfiles.evaluator import PromptEvaluator
from secant.promptfiles.guards import limited
from secant.promptfiles.judging import Bench, judged_rows, trust
from secant.promptfiles.metrics.contract import Metric
from secant.promptfiles.place import apply
from secant.promptfiles.program import Program
from secant.promptfiles.rejected import rejected
from secant.promptfiles.remarks import about_baseline, about_cases
from secant.promptfiles.reserve import Reserve, Share
from secant.promptfiles.running import Runner
from secant.promptfiles.silence import go_on
from secant.promptfiles.spelling import Spelling
from secant.promptfiles.splits import split
from secant.promptfiles.subject import PromptSubject
from secant.promptfiles.sufficing import insufficient, require_prices
from secant.promptfiles.telling import Teller
from secant.promptfiles.traced import Told, Traced
from secant.types import Artifact

DEFAULT_SECONDS = 3600.0
"""A step asks a model some hundred times: twelve are 10 to 30 minutes with a model on the network."""


class Refining:
    """Runs one request. `run` may be called once."""

    def __init__(
        self,
        request: RefineRequest,
        subject: PromptSubject,
        optimizer: Optimizer,
        around: Surroundings,
    ) -> None:
        self._request = request
        self._subject = subject
        self._optimizer = Traced(optimizer)
        self._models, self._recorder, self._cancellation, self._history, self._environment = around
        usual = subject.project.settings.max_seconds or DEFAULT_SECONDS
        self._budget = Budget(request.limits(usual), spent=around.history.spent)
        self._program = Program(subject.document.parts)
        self._assembly = Assembly(request, subject, self._program)

    @property
    def goal(self) -> str:
        return GOAL

    @property
    def spent(self) -> Spent:
        return self._budget.spent()

    def write(self, source: str) -> None:
        """Put a new prompt into the file. Raises FileChanged, and WriteRefused where it may not be written."""
        apply(self._subject.document, source, self._subject.document.digest)

    def run(self) -> Finished:
        """Search, confirm, and say what came out. Raises SecantError."""
        scratch = Path(tempfile.mkdtemp(prefix="secant-")).resolve()
        try:
            if isinstance(self._optimizer.inner, Equipped):
                self._optimizer.inner.require()
            self._recorder.record(self._subject.found())
            with self._models(self._budget) as model:
                return self._refined(_required(model, self._subject.document.model), scratch)
        except Interrupted as interrupted:
            raise Stopped(self._stopped(str(interrupted))) from interrupted
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _stopped(self, reason: str) -> str:
        if not self._budget.usage:
            return f"the run was stopped before there was anything to keep ({reason})"
        return f"{reason} before the prompt was scored; what was paid for is kept: secant resume {self._recorder.run}"

    def _refined(self, model: LanguageModel, scratch: Path) -> Finished:
        bench = Bench(
            self._request, self._subject, scratch, model, environment=self._environment, cancellation=self._cancellation
        )
        with bench as metric:
            judged = judged_rows(self._subject, self._program, metric)
            self._recorder.record(self._subject.cases(judged.left_out))
            division = split(judged.rows, seed=self._request.seed, report_rows=judged.held_out)
            splits = division.splits
            self._say(about_cases((*judged.notices, *division.notices), splits))
            seed = limited(self._program.artifact(), self._assembly.most_tokens)
            runner = Runner(self._program, metric, repeats=self._request.repeats)
            rows = (*judged.rows, *judged.held_out)
            metric.require_runnable(rows)
            require_prices(model, ("program", "optimizer"), self._budget)
            runs = 2 * len(splits["report"]) * self._request.repeats
            single = dearest(model, self._program, seed, splits["report"], metric)
            share = self._share(runs, metric, single)
            evaluator = self._evaluator(runner, seed, splits, model, share)
            teller = Teller(self._subject, self._program, metric.name, self._budget, GOAL)
            scoring = len(splits["select"]) * self._request.repeats
            try:
                if not self._history.seq:
                    share.require(scoring * share.each + verdicts_due(model, metric, rows))
                self._foretell(model, seed, splits, metric)
                self._forget_unread()
                trusted = trust(metric, rows)
                asked = Spelling(Reserve(model, share), self._program.mask)
                outcome = self._driver(seed, evaluator, splits, asked, share, metric.says).run()
                self._recall(outcome, evaluator)
            except BudgetExhausted as exhausted:  # before there was a baseline
                return insufficient(exhausted, least_calls(metric, rows, runs + scoring), teller, self._budget)
            except ModelUnavailable as unavailable:
                raise self._to_go_on(unavailable) from unavailable
            if outcome.baseline.all_passed:
                return teller.nothing_to_do(seed, outcome.baseline)
            if outcome.unavailable is not None and not outcome.confirmed:
                raise self._to_go_on(outcome.unavailable)
            told = teller.finished(outcome, seed, evaluator, self._optimizer.proposals, self._made())
            return told.model_copy(update={"evidence": (*trusted, *told.evidence)})

    def _forget_unread(self) -> None:
        """A version that an earlier session offered without reading the held-out cases is read on them now."""
        for identity, confirmation in list(self._history.confirmations.items()):
            if confirmation.split != "report":
                del self._history.confirmations[identity]

    def _share(self, runs: int, metric: Metric, single: float) -> Share:
        concurrency = self._request.models.concurrency if self._request.models is not None else 1
        return Share(self._budget, runs, judged=metric.asks_model, concurrency=concurrency, single=single)

    def _recall(self, outcome: Outcome, evaluator: PromptEvaluator) -> None:
        """Where an earlier session read the held-out cases: what they said, from the answers that it journaled."""
        offered = [c.proposal.artifact for c in (*outcome.confirmed, *filter(None, [outcome.unconfirmed]))]
        known = [i for i, e in self._history.confirmations.items() if e.split == "report"]
        evaluator.looks = len({*known, *(a.id for a in offered)}) if known else 1
        if evaluator.held is None and any(a.id in known for a in offered):
            evaluator.confirm(next(a for a in offered if a.id in known))

    def _to_go_on(self, unavailable: ModelUnavailable) -> ModelUnavailable:
        """With the way to go on, where something was paid for already."""
        return go_on(unavailable, self._budget.usage, self._recorder.run)

    def _made(self) -> list[Told]:
        """What became of all that was proposed, in earlier sessions too."""
        earlier = {step: [Told(i.status, i.rationale) for i in items] for step, items in self._history.paid.items()}
        return [told for _, each in sorted({**earlier, **self._optimizer.made}.items()) for told in each]

    def _foretell(self, model: LanguageModel, seed: Artifact, splits: Splits, metric: Metric) -> None:
        """Say once what the models will probably be asked."""
        request = self._request
        if self._history.seq or (request.models is not None and request.models.replay is not None):
            return  # told before, or nobody is asked
        task, asking = self._assembly.task(metric.says), self._optimizer.inner
        work = refining_work(
            model, self._program, seed, splits, metric, request.repeats, asking, task, request.max_steps
        )
        told = foretell(model, work, self._budget.limits)
        if told is not None:
            self._recorder.record(told)

    def _say(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self._recorder.record(notice)

    def _evaluator(
        self, runner: Runner, seed: Artifact, splits: Splits, model: LanguageModel, share: Share
    ) -> PromptEvaluator:
        return PromptEvaluator(
            runner,
            seed,
            splits,
            searching=Reserve(model, share),
            confirming=model,
            known=self._history.measured,
            measured=lambda baseline: self._say(about_baseline(baseline, runner.metric.name)),
        )

    def _driver(
        self, seed: Artifact, evaluator: PromptEvaluator, splits: Splits, model: LanguageModel, share: Share, says: str
    ) -> Driver:
        request = self._request
        return Driver(
            self._optimizer,
            evaluator,
            self._assembly.task(says),
            seed,
            recorder=self._recorder,
            budget=self._budget,
            seed=request.seed,
            cancellation=self._cancellation,
            history=self._history,
            lm=model,
            view=share,
            stopping=Stopping(steps=request.max_steps),
            rejected=rejected(self._request.rejected, self._subject, self._program, seed),
            refusal=self._assembly.guards(seed, splits),
            confirmation=ConfirmationRules(alternatives=0, attempts=1),
        )


def _required(model: LanguageModel | None, named: str) -> LanguageModel:
    if model is None:
        own = f"The file names {named}, which is not asked without your word. " if named else ""
        hint = (
            f"{own}Name one: --model openai/gpt-4o-mini, and perhaps --optimizer-model. `secant models` says what is "
            "configured and reachable. Without a model, `secant eval` scores recorded answers."
        )
        raise BadRequest("a prompt is refined by a model, and none is named", hint=hint)
    return model
