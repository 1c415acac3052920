"""REVOLVE: an evolution report over a window of values, scores and rejections; a regime; a word budget."""

from __future__ import annotations

from cards.base import children, remarks, shown, word
from cards.tgd import TGD
from cards.toy import ask

from secant.optimizer import Extraction
from secant.search.acceptance import compare
from secant.search.schedule import Schedule

WINDOW = 4


class Revolve(TGD):
    def propose(self, ctx, state):
        past = [e for e in ctx.trajectory.last(WINDOW + 1) if e.proposal.artifact.id != state.incumbent]
        lines = [f"{shown(e)} {'accepted' if e.accepted else 'rejected'}" for e in past]
        directive = {"stagnating": "change the approach", "regressing": "go back", "progressing": "continue"}
        regime = self._regime(ctx)
        words = Schedule(start=6, end=2, steps=8).words(len(ctx.trajectory))
        prompt = "\n".join([*lines, f"{regime}: {directive[regime]}", f"at most {words} letters"])
        prompt += f"\n{remarks(ctx.probes[state.incumbent])}\nnow: {word(ctx, state.incumbent)}"
        return children(ask(ctx.lm, prompt), state.incumbent)

    def _regime(self, ctx) -> str:
        last = ctx.trajectory.last(2)
        if len(last) < 2:
            return "progressing"
        change = compare(last[1].evaluation, last[0].evaluation)
        if len(change.broken) > len(change.fixed):
            return "regressing"
        return "progressing" if change.delta else "stagnating"

    def extract(self, ctx, state):
        return Extraction(ranking=(ctx.trajectory.top(1)[0].proposal.artifact.id,), reason="best select")
