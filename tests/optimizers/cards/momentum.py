"""TGD with momentum: the last `window` values are in the prompt, and recurring criticism asks for bigger changes."""

from __future__ import annotations

from cards.base import children, remarks, word
from cards.tgd import TGD
from cards.toy import ask

WINDOW = 2


class Momentum(TGD):
    def propose(self, ctx, state):
        past = [e.proposal.artifact.text for e in ctx.trajectory.last(WINDOW)]
        recurring = "change more" if len(set(past)) < len(past) or ctx.trajectory.rejected(1) else ""
        critique = remarks(ctx.probes[state.incumbent])
        prompt = f"past: {' | '.join(past)}\n{recurring}\n{critique}\nnow: {word(ctx, state.incumbent)}"
        return children(ask(ctx.lm, prompt), state.incumbent)
