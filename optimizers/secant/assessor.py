"""The bench of a run: asks the evaluator, at most once for each artifact, stage and batch, and writes down the answers.

The only place that spends evaluations. Implements `search.bench.Bench`; decides nothing about the search.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from secant.budget import Budget, BudgetExhausted
from secant.cancellation import Cancellation, Interrupted
from secant.evaluator import Evaluator
from secant.events import Evaluated
from secant.history import Key, digest
from secant.journal import Recorder
from secant.optimizer import Stage
from secant.search.bench import Verdict
from secant.search.sampler import Sampler
from secant.search.trajectory import RunTrajectory
from secant.types import Artifact, Case, Evaluation, Proposal, Split, Tally


class Stop(NamedTuple):
    """Why a run ended."""

    kind: Literal["done", "budget", "cancelled", "plateau", "model"]
    """`model`: no request to it can succeed."""
    reason: str


class StepPlan(NamedTuple):
    """What is fixed for one step before anything is measured."""

    step: int
    rng: random.Random
    fit_batch: tuple[str, ...]
    incumbent: Artifact


class Assessor:
    """Measures candidates and probes for the driver and its allocators."""

    def __init__(
        self,
        evaluator: Evaluator,
        *,
        cases: Mapping[Split, Sequence[Case]],
        seed: int,
        budget: Budget,
        cancellation: Cancellation,
        recorder: Recorder,
        trajectory: RunTrajectory,
        known: Mapping[Key, Evaluated],
        on_measured: Callable[[str], None],
        on_survived: Callable[[Proposal, Sequence[Evaluation]], None],
    ) -> None:
        self._evaluator = evaluator
        self._select = Sampler([c.id for c in cases["select"]], seed)
        self._fit = Sampler([c.id for c in cases["fit"]], seed)
        self._budget = budget
        self._cancellation = cancellation
        self._recorder = recorder
        self._trajectory = trajectory
        self._known: dict[Key, Evaluated | Evaluation] = dict(known)
        self._tallies: list[Key] = []
        self._told: set[str] = set()
        self._on_measured = on_measured
        self._on_survived = on_survived
        self._plan: StepPlan | None = None
        self.stop: Stop | None = None

    @property
    def stopped(self) -> bool:
        return self.stop is not None

    @property
    def rng(self) -> random.Random:
        return self._current.rng

    def begin(self, plan: StepPlan) -> None:
        """A new step: what was turned down in the one before is forgotten."""
        self._plan = plan
        for key in self._tallies:
            self._known.pop(key, None)
        self._tallies.clear()
        self._told.clear()

    def draw(self, drawn: int, size: int) -> tuple[tuple[str, ...], int]:
        """The next mini-batch of fit cases, and the cursor behind it."""
        return self._fit.batch(drawn, size)

    def cases(self, stage: Stage) -> Sequence[str]:
        """Of the fit split the step's mini-batch, of the others the same cases in every step."""
        if stage.split == "select":
            return self._select.fixed(stage.size)
        return self._fit.fixed(None) if stage.size is None else self._current.fit_batch[: stage.size]

    def incumbent(self, stage: Stage, case_ids: Sequence[str]) -> Evaluation | None:
        artifact = self._current.incumbent
        wanted = set(case_ids)
        for evaluation in self._trajectory.evaluations(artifact.id):
            covered = wanted <= {r.case_id for r in evaluation.results}
            if covered and evaluation.complete and evaluation.split == stage.split:
                return evaluation.model_copy(
                    update={"results": tuple(r for r in evaluation.results if r.case_id in wanted)}
                )
        return self.probe(artifact, stage, case_ids)

    def probe(self, artifact: Artifact, stage: Stage, case_ids: Sequence[str]) -> Evaluation | None:
        """One artifact in full detail, no candidate: the focus on a mini-batch. None when stopped."""
        batch = digest(case_ids)
        with contextlib.closing(self._measured([artifact], stage, case_ids, batch)) as answers:
            for evaluation, fresh in answers:
                if fresh:
                    self._record(evaluation, batch, None)
                return evaluation
        return None

    def measure(
        self,
        candidates: Sequence[Proposal],
        stage: Stage,
        case_ids: Sequence[str],
        admits: Callable[[Evaluation], bool],
        *,
        bulk: bool = False,
    ) -> Iterator[Verdict]:
        batch = digest(case_ids)
        with contextlib.closing(self._measured([c.artifact for c in candidates], stage, case_ids, batch)) as answers:
            for proposal, (evaluation, fresh) in zip(candidates, answers, strict=False):
                admitted = evaluation.tally is None and not evaluation.rejected and admits(evaluation)
                kept = evaluation
                if bulk and not admitted and not proposal.paid and evaluation.tally is None:
                    kept = evaluation.brief()
                if fresh:
                    self._record(kept, batch, None if proposal.paid else proposal)
                self._told.add(proposal.artifact.id)
                yield Verdict(proposal, kept, admitted)

    def survived(self, proposal: Proposal, evaluations: Sequence[Evaluation]) -> None:
        self._on_survived(proposal, evaluations)

    @property
    def _current(self) -> StepPlan:
        if self._plan is None:
            raise RuntimeError("no step has begun")
        return self._plan

    def _measured(
        self, artifacts: Sequence[Artifact], stage: Stage, case_ids: Sequence[str], batch: str
    ) -> Generator[tuple[Evaluation, bool]]:
        """The evaluations in order, each with whether it was run just now; ends early when stopped."""
        fresh = [a for a in artifacts if Key(a.id, stage.name, batch) not in self._known]
        left = self._budget.remaining("evaluations")
        affordable = fresh if left is None else fresh[: int(left)]
        asked = self._evaluator.evaluate(affordable, stage.name, case_ids) if affordable else iter(())
        with contextlib.closing(_generator(asked)) as answers:
            for artifact in artifacts:
                known = self._known.get(Key(artifact.id, stage.name, batch))
                if known is not None:
                    yield _remembered(known, stage), False
                    continue
                evaluation = self._next(answers, artifact)
                if evaluation is None:
                    return
                if (evaluation.stage, evaluation.split) != (stage.name, stage.split):
                    evaluation = evaluation.model_copy(update={"stage": stage.name, "split": stage.split})
                yield evaluation, True

    def _next(self, answers: Iterator[Evaluation], artifact: Artifact) -> Evaluation | None:
        """One more evaluation, paid for; None when the run is to stop."""
        if self._cancellation.cancelled:
            self.stop = Stop("cancelled", self._cancellation.reason)
            return None
        try:
            reservation = self._budget.reserve(evaluations=1)
        except BudgetExhausted as exhausted:
            self.stop = Stop("budget", str(exhausted))
            return None
        with reservation:
            try:
                with self._cancellation.dispensable():
                    evaluation = next(answers, None)
            except Interrupted:
                self.stop = Stop("cancelled", self._cancellation.reason)
                return None
            except BudgetExhausted as exhausted:  # the program's own model calls
                self.stop = Stop("budget", str(exhausted))
                return None
            if evaluation is None or evaluation.artifact_id != artifact.id:
                given = "nothing" if evaluation is None else f"the evaluation of {evaluation.artifact_id}"
                raise RuntimeError(f"the evaluator gave {given} where that of {artifact.id} was due")
            reservation.settle(evaluations=1)
        return evaluation

    def _record(self, evaluation: Evaluation, batch: str, proposal: Proposal | None) -> None:
        """Journal one answer and remember it: in full, or by its tally until the step is over."""
        key = Key(evaluation.artifact_id, evaluation.stage, batch)
        full = evaluation.tally is None
        whole = proposal if full and evaluation.artifact_id not in self._told else None
        self._recorder.record(
            Evaluated(
                step=self._current.step,
                artifact=evaluation.artifact_id,
                stage=evaluation.stage,
                cases=batch,
                passed=evaluation.passed,
                total=evaluation.n,
                mean=evaluation.mean,
                complete=evaluation.complete,
                rejected=evaluation.rejected,
                evaluation=evaluation if full else None,
                proposal=whole.model_dump(mode="json", exclude_defaults=True) if whole else None,
            )
        )
        self._known[key] = evaluation
        if not full:
            self._tallies.append(key)
        self._on_measured(evaluation.stage)


def _generator(evaluations: Iterator[Evaluation]) -> Generator[Evaluation]:
    """An evaluator may answer with any iterator; a generator can be closed."""
    yield from evaluations


def _remembered(known: Evaluated | Evaluation, stage: Stage) -> Evaluation:
    if isinstance(known, Evaluation):
        return known
    if known.evaluation is not None:
        return known.evaluation
    return Evaluation(
        artifact_id=known.artifact,
        stage=known.stage,
        split=stage.split,
        complete=known.complete,
        rejected=known.rejected,
        tally=Tally(passed=known.passed, total=known.total, mean=known.mean),
    )
