"""GPO: no forward pass; k relevant values with scores, a cosine word budget, 8 new texts; it always moves."""

from __future__ import annotations

from cards.base import Card, CardState, children, move, shown, word
from cards.toy import ask

from secant.optimizer import Decision, Plan, Stage
from secant.search.schedule import Schedule

K = 3


class GPO(Card):
    def initialize(self, ctx):
        return CardState(incumbent=ctx.seed.id, plan=Plan(stages=(Stage(),)))

    def propose(self, ctx, state):
        now = word(ctx, state.incumbent)
        others = [e for e in ctx.trajectory.last(50) if e.proposal.artifact.id != state.incumbent]
        alike = sorted(others, key=lambda e: sum(a == b for a, b in zip(e.proposal.artifact.text, now, strict=True)))
        words = Schedule(start=6, end=1, steps=6).words(ctx.step)
        prompt = "\n".join([*map(shown, alike[-(K - 1) :]), f"at most {words} letters", f"now: {now}"])
        return children(ask(ctx.lm, prompt, n=8), state.incumbent)

    def update(self, ctx, state, scored):
        step = [s for s in scored if s.last is not None]
        if not step:
            return state, Decision(incumbent=state.incumbent, reason="nothing new")
        best = max(step, key=lambda s: s.last.mean).proposal.artifact.id
        return move(state, best, focus=False), Decision(accepted=(best,), incumbent=best, reason="always moves")
