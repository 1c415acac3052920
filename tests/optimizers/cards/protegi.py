"""ProTeGi: a beam; errors of every member become edits, edits become paraphrases, a bandit keeps the best of all."""

from __future__ import annotations

from cards.base import Card, CardState, children, remarks, word
from cards.toy import ask

from secant.optimizer import Decision, Extraction, Plan, Stage

BEAM = 4


class ProTeGi(Card):
    def initialize(self, ctx):
        plan = Plan(allocator="ucb", stages=(Stage(),), settings={"pulls": 72, "batch": 2, "arms": 6, "keep": BEAM})
        return CardState(focus=(ctx.seed.id,), probe_size=64, plan=plan)

    def propose(self, ctx, state):
        found = []
        for parent in state.focus:
            edits = ask(ctx.lm, f"{remarks(ctx.probes[parent])}\nnow: {word(ctx, parent)}", n=3)
            said_again = [p for e in edits for p in ask(ctx.lm, f"say it otherwise, now: {e.artifact.text}", n=2)]
            found += children((edits + said_again)[:8], parent)
        return found

    def update(self, ctx, state, scored):
        beam = tuple(e.proposal.artifact.id for e in ctx.trajectory.top(BEAM))
        return state.model_copy(update={"focus": beam}), Decision(accepted=beam, incumbent=beam[0], reason="top b")

    def extract(self, ctx, state):
        return Extraction(ranking=state.focus, reason="best of the beam")
