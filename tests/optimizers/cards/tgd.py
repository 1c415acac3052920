"""TextGrad's TGD: a critique of the incumbent on a batch of 3, one edit, a validation gate, the last accepted wins."""

from __future__ import annotations

from cards.base import Card, CardState, children, keep_if_survived, remarks, word
from cards.toy import ask

from secant.optimizer import Extraction, Plan, Stage


class TGD(Card):
    def initialize(self, ctx):
        plan = Plan(stages=(Stage(gate="not_worse"),))
        return CardState(incumbent=ctx.seed.id, focus=(ctx.seed.id,), probe_size=3, plan=plan)

    def propose(self, ctx, state):
        critique = remarks(ctx.probes[state.incumbent])
        if not critique:  # all pass: no critique call
            return []
        return children(ask(ctx.lm, f"{critique}\nnow: {word(ctx, state.incumbent)}"), state.incumbent)

    def update(self, ctx, state, scored):
        return keep_if_survived(state, scored, ctx)

    def extract(self, ctx, state):
        return Extraction(ranking=(state.incumbent,), reason="last accepted")
