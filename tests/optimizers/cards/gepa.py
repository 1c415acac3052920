"""GEPA: a parent from the per-case Pareto front, feedback of 3 cases, a strict gain on them before the full look."""

from __future__ import annotations

from cards.base import Card, CardState, children, move, remarks, word
from cards.toy import ask

from secant.optimizer import Decision, Plan, Stage


class GEPA(Card):
    def initialize(self, ctx):
        plan = Plan(stages=(Stage(split="fit", size=3, gate="better"), Stage(split="select")))
        return CardState(incumbent=ctx.seed.id, focus=(ctx.seed.id,), probe_size=3, plan=plan)

    def propose(self, ctx, state):
        lineage = [e.proposal.artifact.text for e in ctx.trajectory.lineage(state.incumbent)]
        critique = remarks(ctx.probes[state.incumbent])
        if not critique:
            return []
        prompt = f"lineage: {' > '.join(lineage)}\n{critique}\nnow: {word(ctx, state.incumbent)}"
        return children(ask(ctx.lm, prompt), state.incumbent)

    def update(self, ctx, state, scored):
        best_on = [i for ids in ctx.trajectory.best_per_case().values() for i in ids]
        parent = ctx.rng.choice(best_on)  # in proportion to the cases on which it is best
        return move(state, parent, focus=True), Decision(
            accepted=tuple(s.proposal.artifact.id for s in scored if len(s.evaluations) == 2), incumbent=parent
        )
