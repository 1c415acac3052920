"""OptoPrime: the execution trace and feedback of one forward pass, one JSON answer that changes all parts jointly."""

from __future__ import annotations

import json

from cards.base import Card, CardState, keep_if_survived, remarks, word

from secant.optimizer import Plan, Stage
from secant.types import Proposal


class OptoPrime(Card):
    def initialize(self, ctx):
        plan = Plan(stages=(Stage(gate="better"),))
        return CardState(incumbent=ctx.seed.id, focus=(ctx.seed.id,), probe_size=4, plan=plan)

    def propose(self, ctx, state):
        probe = ctx.probes[state.incumbent]
        trace = "; ".join(f"letter{r.trace[0]} = part({r.trace[0]}) -> {r.output}" for r in probe.results)
        memory = [e for e in ctx.trajectory.last(2) if e.proposal.artifact.id != state.incumbent]
        prompt = f"#Code {trace}\n#Memory {len(memory)}\n#Feedback {remarks(probe)}\n#Answer as JSON"
        (answer,) = ctx.lm.complete(
            "optimizer", [{"role": "user", "content": f"{prompt}\nnow: {word(ctx, state.incumbent)}"}]
        )
        artifact = ctx.trajectory.artifact(state.incumbent)
        suggestion = json.loads(answer.text)
        changed = tuple(p.name for p in artifact.parts if suggestion[p.name] != p.text)
        for name in changed:
            artifact = artifact.with_text(suggestion[name], name)
        return [Proposal(artifact=artifact, parents=(state.incumbent,), changed=changed, paid=True)]

    def update(self, ctx, state, scored):
        return keep_if_survived(state, scored, ctx)
