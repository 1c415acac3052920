"""Two optimizers of the plainest kind, for the tests of the driver: one by rule, one by model."""

from __future__ import annotations

from collections.abc import Sequence

from cards.toy import ALPHABET, artifact, ask

from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State
from secant.types import Proposal


class ClimberState(State):
    incumbent: str = ""


class RuleClimber:
    """Changes random letters of the incumbent; a cheap look at three fit cases, then the select cases."""

    name = "rule-climber"
    state_type = ClimberState

    def __init__(self, width: int = 4) -> None:
        self._width = width

    def initialize(self, ctx: Context) -> ClimberState:
        stages = (Stage(split="fit", size=3, gate="not_worse"), Stage(gate="better"))
        return ClimberState(incumbent=ctx.seed.id, plan=Plan(stages=stages))

    def propose(self, ctx: Context, state: ClimberState) -> Sequence[Proposal]:
        word = ctx.trajectory.artifact(state.incumbent).text
        proposals: list[Proposal] = []
        for _ in range(self._width):
            place = ctx.rng.randrange(len(word))
            text = word[:place] + ctx.rng.choice(ALPHABET) + word[place + 1 :]
            proposals.append(Proposal(artifact=artifact(text), parents=(state.incumbent,), rationale=f"letter {place}"))
        return proposals

    def update(self, ctx: Context, state: ClimberState, scored: Sequence[Scored]) -> tuple[ClimberState, Decision]:
        best = ctx.trajectory.top(1)[0].proposal.artifact.id
        return (
            state.model_copy(update={"incumbent": best}),
            Decision(accepted=(best,), incumbent=best, reason=f"{len(scored)} tried"),
        )

    def extract(self, ctx: Context, state: ClimberState) -> Extraction:
        return Extraction(ranking=tuple(e.proposal.artifact.id for e in ctx.trajectory.top(4)))


class ModelClimber(RuleClimber):
    """Asks the model for two words a step, with the remarks of the probe."""

    name = "model-climber"

    def initialize(self, ctx: Context) -> ClimberState:
        plan = Plan(stages=(Stage(gate="better"),))
        return ClimberState(incumbent=ctx.seed.id, focus=(ctx.seed.id,), probe_size=3, plan=plan)

    def propose(self, ctx: Context, state: ClimberState) -> Sequence[Proposal]:
        remarks = "\n".join(r.feedback for r in ctx.probes[state.incumbent].results)
        word = ctx.trajectory.artifact(state.incumbent).text
        asked = ask(ctx.lm, f"{remarks}\nnow: {word}", n=2)
        return [p.model_copy(update={"parents": (state.incumbent,)}) for p in asked]

    def update(self, ctx: Context, state: ClimberState, scored: Sequence[Scored]) -> tuple[ClimberState, Decision]:
        state, decision = super().update(ctx, state, scored)
        return state.model_copy(update={"focus": (state.incumbent,)}), decision
