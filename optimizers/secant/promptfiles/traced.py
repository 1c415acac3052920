"""An optimizer that remembers, at the end, all that was proposed and measured: for whoever tells how the winner came
about. It changes nothing of what the optimizer does, but that a prompt that passes every case is not searched for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.around import Around
from secant.optimizer import Context, Decision, Extraction, Optimizer, Scored, State
from secant.types import Proposal


class Told(NamedTuple):
    """What became of a proposal before it was measured, and the words about it."""

    status: str
    rationale: str


class Traced(Around):
    """See above."""

    def __init__(self, optimizer: Optimizer) -> None:
        super().__init__(optimizer)
        self.proposals: Sequence[Proposal] = ()
        """Known after `extract`."""
        self.made: dict[int, Sequence[Told]] = {}
        """What became of the proposals of each step of this session."""

    def initialize(self, ctx: Context) -> State:
        state = super().initialize(ctx)
        return state.model_copy(update={"done": True}) if ctx.baseline.all_passed else state

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[State, Decision]:
        self.made[ctx.step] = [Told(s.proposal.status, s.proposal.rationale) for s in scored]
        return super().update(ctx, state, scored)

    def extract(self, ctx: Context, state: State) -> Extraction:
        self.proposals = [e.proposal for e in ctx.trajectory.last(len(ctx.trajectory))]
        return super().extract(ctx, state)
