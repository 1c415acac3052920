"""Puts what the driver does into events, each once: what an earlier session told is not told again.

Decides nothing; progress is thinned out, because a person reads ten lines a second at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from secant.budget import Budget
from secant.events import Baseline, Evaluated, Notice, Progress, Proposed, ProposedItem, Survived, Updated
from secant.history import BASELINE, History, digest
from secant.journal import Recorder
from secant.optimizer import Decision, State
from secant.standing import Best
from secant.types import Evaluation, Proposal

_PROGRESS_SECONDS = 0.1


class Announcer:
    """The driver's voice."""

    def __init__(
        self, recorder: Recorder, budget: Budget, history: History, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._recorder = recorder
        self._budget = budget
        self._history = history
        self._clock = clock
        self._limited = any(limit is not None for limit in budget.limits.model_dump().values())
        self._told_at = clock() - _PROGRESS_SECONDS
        self.best: Best | None = None
        """Known once there is a baseline."""

    def progress(self, phase: str, *, force: bool = False) -> None:
        now = self._clock()
        if not force and now - self._told_at < _PROGRESS_SECONDS:
            return
        self._told_at = now
        self._recorder.record(
            Progress(
                phase=phase,
                evaluations=self._budget.evaluations,
                best=str(self.best) if self.best is not None else "",
                seconds=self._budget.seconds,
                fraction=self._budget.fraction_used() if self._limited else None,
                usage=self._budget.usage,
            )
        )

    def baseline(self, evaluation: Evaluation, *, goal: str, seconds: float, isolation: str) -> None:
        """The seed's results: once in full for a resumed run, once for the reader."""
        if self._history.baseline is None:
            self._recorder.record(
                Evaluated(
                    step=0,
                    artifact=evaluation.artifact_id,
                    stage=BASELINE,
                    cases=digest([r.case_id for r in evaluation.results]),
                    passed=evaluation.passed,
                    total=evaluation.n,
                    mean=evaluation.mean,
                    complete=evaluation.complete,
                    evaluation=evaluation,
                )
            )
        if not self._history.baseline_told:
            self._recorder.record(
                Baseline(
                    goal=goal,
                    passed=evaluation.passed,
                    total=evaluation.n,
                    failed=tuple(r.case_id for r in evaluation.results if r.score < 1.0),
                    seconds=seconds,
                    path=evaluation.note,
                    isolation=isolation,
                )
            )

    def proposed(self, step: int, proposals: Sequence[Proposal]) -> None:
        """The step's candidates, screened. Whole where any was paid for: the step cannot be made again for free."""
        whole = any(p.paid for p in proposals)
        items = tuple(_item(p, whole=whole) for p in proposals)
        told = self._history.pending if step == self._history.step + 1 else None
        if told is None or [i.id for i in told] != [i.id for i in items]:
            self._recorder.record(Proposed(step=step, items=items, usage=self._budget.usage))

    def survived(self, step: int, proposal: Proposal, evaluations: Sequence[Evaluation]) -> bool:
        """A candidate passed its whole plan. Returns whether it is the new best."""
        identity = proposal.artifact.id
        if identity not in self._history.survivors:
            self._recorder.record(Survived(step=step, proposal=_dumped(proposal)))
        improved = self.best.take(step, proposal, evaluations) if self.best is not None else None
        if improved is not None and (step, identity) not in self._history.improved:
            self._recorder.record(improved)
        return improved is not None

    def updated(self, step: int, state: State, decision: Decision, *, incumbent: str, drawn: int) -> None:
        self._recorder.record(
            Updated(
                step=step,
                state=state.model_dump(mode="json"),
                accepted=decision.accepted,
                incumbent=incumbent,
                reason=decision.reason,
                drawn=drawn,
                evolution=decision.evolution,
                usage=self._budget.usage,
            )
        )

    def unknown_winner(self, artifact_id: str) -> None:
        self._recorder.record(
            Notice(
                level="warning",
                message=f"The optimizer ranked {artifact_id}, whose text was not kept; the next in rank is taken.",
            )
        )


def _item(proposal: Proposal, *, whole: bool) -> ProposedItem:
    return ProposedItem(
        id=proposal.artifact.id,
        parents=proposal.parents,
        rationale=proposal.rationale,
        status=proposal.status,
        proposal=_dumped(proposal) if whole else None,
    )


def _dumped(proposal: Proposal) -> dict[str, object]:
    return proposal.model_dump(mode="json", exclude_defaults=True)
