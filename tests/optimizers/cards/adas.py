"""ADAS: the whole archive in the prompt, one new program a step, up to 3 repairs of one that fails, nothing refused."""

from __future__ import annotations

from cards.base import Card, CardState, children, remarks, shown, word
from cards.toy import ask

from secant.optimizer import Decision, Extraction, Plan, Stage
from secant.search.acceptance import wilson_lower


class AdasState(CardState):
    repairing: str = ""
    tries: int = 0


class ADAS(Card):
    state_type = AdasState

    def initialize(self, ctx):
        return AdasState(plan=Plan(stages=(Stage(size=128),)))

    def propose(self, ctx, state):
        archive = "\n".join(map(shown, ctx.trajectory.last(len(ctx.trajectory))))
        if state.repairing:
            errors = remarks(ctx.trajectory.evaluations(state.repairing)[-1])
            now = word(ctx, state.repairing)
            return children(ask(ctx.lm, f"repair\n{errors}\nnow: {now}"), state.repairing)
        newest = ctx.trajectory.last(1)[0].proposal.artifact.id
        return children(ask(ctx.lm, f"archive:\n{archive}\nnow: {word(ctx, newest)}"), newest)

    def update(self, ctx, state, scored):
        last = next((s.last for s in scored if s.last is not None), None)
        added = tuple(s.proposal.artifact.id for s in scored if s.evaluations)
        failed = last is not None and last.mean < 0.3 and state.tries < 3
        changed = {"repairing": last.artifact_id if failed else "", "tries": state.tries + 1 if failed else 0}
        return state.model_copy(update=changed), Decision(accepted=added, reason="append all")

    def extract(self, ctx, state):
        def bound(entry) -> float:
            return wilson_lower(entry.evaluation.passed, entry.evaluation.n)

        ranked = sorted(ctx.trajectory.last(len(ctx.trajectory)), key=bound, reverse=True)
        return Extraction(ranking=tuple(e.proposal.artifact.id for e in ranked[:3]), reason="best lower bound")
