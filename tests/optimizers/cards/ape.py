"""APE: many instructions induced from demonstrations at once, the best arms kept, then paraphrases of them."""

from __future__ import annotations

from cards.base import Card, CardState, children, word
from cards.toy import ask

from secant.optimizer import Decision, Plan, Stage

POOL = 50


class APE(Card):
    def initialize(self, ctx):
        settings = {"pulls": 150, "keep": 5}
        return CardState(plan=Plan(allocator="successive_halving", stages=(Stage(),), settings=settings))

    def propose(self, ctx, state):
        if ctx.step == 1:
            demos = "\n".join(f"{case.id} gives {case.expected}" for case in ctx.cases["fit"][:5])
            return children(ask(ctx.lm, f"{demos}\nnow: {ctx.seed.text}", n=POOL), ctx.seed.id)
        top = [e.proposal.artifact.id for e in ctx.trajectory.top(5)]
        return [c for i in top for c in children(ask(ctx.lm, f"say it otherwise, now: {word(ctx, i)}", n=3), i)]

    def update(self, ctx, state, scored):
        kept = tuple(e.proposal.artifact.id for e in ctx.trajectory.top(5))
        return state.model_copy(update={"done": ctx.step == 2}), Decision(accepted=kept, reason="keep top")
