"""Best of n: independent new versions of the original, of which the best that was measured is offered.

The baseline that every claim of the others has to beat at the same number of calls (algorithms.md 6.9, 16): the same
request as TextGrad's first, without critique and without a past, asked again and again. It stops at the first version
that passes everything.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context, Decision, Scored, State
from secant.optimizers.gradient import GradientOptimizer, reason
from secant.optimizers.path import PathState
from secant.search.courses import chosen, solved


class SamplingOptimizer(GradientOptimizer):
    """`--optimizer sampling`."""

    name = "sampling"

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[PathState, Decision]:
        """The path stays at the original, whatever is found."""
        assert isinstance(state, PathState)
        best = chosen(ctx, ctx.seed.id, scored)
        if best is None:
            return state, Decision(incumbent=ctx.seed.id, reason=reason(scored, best))
        found = best.proposal.artifact.id
        changed = state.model_copy(update={"done": solved(ctx, found)})
        return changed, Decision(accepted=(found,), incumbent=ctx.seed.id, reason=reason(scored, best))
