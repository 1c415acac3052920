"""The independent check of the winners: the only room that reads the report cases, and each artifact once.

A confirmation may contradict the search (a warm process said yes, a cold one says no); then the next in the ranking has
its turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from secant.budget import BudgetExhausted
from secant.cancellation import Cancellation, Interrupted
from secant.evaluator import Evaluator
from secant.events import Confirmed
from secant.journal import Recorder
from secant.search.acceptance import compare
from secant.types import Artifact, Evaluation, Frozen, Proposal


class Candidate(NamedTuple):
    """A ranked candidate with the evaluation that speaks for it and, where it was made, its confirmation."""

    proposal: Proposal
    evaluation: Evaluation
    confirmation: Evaluation | None = None


class ConfirmationRules(Frozen):
    """How many are confirmed, and how long that may take once the run was to stop."""

    alternatives: int = 2
    attempts: int = 6
    grace: float = 10.0
    """Seconds for alternatives once the budget is used up; the winner is confirmed whatever it takes. Whoever stops the
    run waits for the winner alone.
    """


class Confirmer:
    """Confirms a ranking from the top."""

    def __init__(
        self,
        evaluator: Evaluator,
        recorder: Recorder,
        cancellation: Cancellation,
        rules: ConfirmationRules,
        *,
        known: Mapping[str, Evaluation],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._evaluator = evaluator
        self._recorder = recorder
        self._cancellation = cancellation
        self._rules = rules
        self._known = known
        self._clock = clock

    def run(self, ranking: Sequence[Candidate], *, hurried: bool) -> list[Candidate]:
        """The confirmed: the winner first, then up to `alternatives` more. `hurried` after a stop."""
        confirmed: list[Candidate] = []
        started = self._clock()
        for candidate in ranking[: self._rules.attempts]:
            late = hurried and bool(confirmed) and self._clock() - started >= self._rules.grace
            late = late or (self._cancellation.cancelled and bool(confirmed))
            if late or self._cancellation.urgent or len(confirmed) > self._rules.alternatives:
                break
            try:
                confirmation = self._confirmation(candidate, confirmed[0] if confirmed else None)
            except (BudgetExhausted, Interrupted):  # it needs a model, and none is asked any more
                break
            if _holds(confirmation, candidate.evaluation):
                confirmed.append(candidate._replace(confirmation=confirmation))
        return confirmed

    def _confirmation(self, candidate: Candidate, winner: Candidate | None) -> Evaluation:
        artifact: Artifact = candidate.proposal.artifact
        known = self._known.get(artifact.id)
        if known is not None:
            return known
        confirmation = self._evaluator.confirm(artifact, winner.proposal.artifact if winner is not None else None)
        self._recorder.record(
            Confirmed(
                artifact=artifact.id,
                ok=_holds(confirmation, candidate.evaluation),
                passed=confirmation.passed,
                total=confirmation.n,
                speedup=confirmation.speed,
                reason=confirmation.note,
                evaluation=confirmation,
            )
        )
        return confirmation


def _holds(confirmation: Evaluation, evaluation: Evaluation) -> bool:
    """Not rejected, not cut short, and nothing broken that the search saw passing."""
    if confirmation.rejected or not confirmation.complete or not confirmation.results:
        return False
    return not compare(confirmation, evaluation).broken
