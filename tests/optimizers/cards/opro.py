"""OPRO: the 20 best with scores in ascending order, 8 new texts, the full train subset, everything is appended."""

from __future__ import annotations

from cards.base import Card, CardState, children, shown, word
from cards.toy import ask

from secant.optimizer import Decision, Plan, Stage


class OPRO(Card):
    def initialize(self, ctx):
        return CardState(plan=Plan(stages=(Stage(split="fit"),)))

    def propose(self, ctx, state):
        ascending = list(reversed(ctx.trajectory.top(20)))
        best = ascending[-1].proposal.artifact.id
        return children(ask(ctx.lm, "\n".join([*map(shown, ascending), f"now: {word(ctx, best)}"]), n=8), best)

    def update(self, ctx, state, scored):
        added = tuple(s.proposal.artifact.id for s in scored if s.evaluations)
        return state, Decision(accepted=added, reason="append all")
