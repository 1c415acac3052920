"""The best by visible evidence: what any optimizer extracts, in the order of what was measured.

The cases of a solution are few and often all that there is, so bounds for small samples order nothing here: a score of
1 is better than one of 0.75, whatever their intervals. Equals stay in the optimizer's order.
"""

from __future__ import annotations

from secant.around import Around
from secant.optimizer import Context, Extraction, State
from secant.search.trajectory import representative


class Ranked(Around):
    """An optimizer whose winners are ordered by passed cases, then by mean score."""

    def extract(self, ctx: Context, state: State) -> Extraction:
        extracted = super().extract(ctx, state)

        def standing(artifact_id: str) -> tuple[int, float]:
            evaluations = ctx.trajectory.evaluations(artifact_id)
            best = representative(evaluations) if evaluations else None
            return (-best.passed, -best.mean) if best is not None else (0, 0.0)

        return extracted.model_copy(update={"ranking": tuple(sorted(extracted.ranking, key=standing))})
