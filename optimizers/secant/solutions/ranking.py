"""The best by visible evidence: what any optimizer extracts, in the order of what was measured.

The cases of a solution are few and often all that there is, so bounds for small samples order nothing here: a score of
1 is better than one of 0.75, whatever their intervals. Equals stay in the optimizer's order.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context, Decision, Extraction, Optimizer, Scored, State
from secant.search.trajectory import representative
from secant.types import Proposal


class Ranked:
    """An optimizer whose winners are ordered by passed cases, then by mean score. Implements `optimizer.Optimizer`."""

    def __init__(self, optimizer: Optimizer) -> None:
        self._optimizer = optimizer

    @property
    def name(self) -> str:
        return self._optimizer.name

    @property
    def state_type(self) -> type[State]:
        return self._optimizer.state_type

    def initialize(self, ctx: Context) -> State:
        return self._optimizer.initialize(ctx)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        return self._optimizer.propose(ctx, state)

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[State, Decision]:
        return self._optimizer.update(ctx, state, scored)

    def extract(self, ctx: Context, state: State) -> Extraction:
        extracted = self._optimizer.extract(ctx, state)

        def standing(artifact_id: str) -> tuple[int, float]:
            evaluations = ctx.trajectory.evaluations(artifact_id)
            best = representative(evaluations) if evaluations else None
            return (-best.passed, -best.mean) if best is not None else (0, 0.0)

        return extracted.model_copy(update={"ranking": tuple(sorted(extracted.ranking, key=standing))})
