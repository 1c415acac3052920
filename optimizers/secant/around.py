"""An optimizer around another, for whoever changes or watches one of its operations and none of the rest."""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context, Decision, Extraction, Optimizer, Scored, State
from secant.types import Proposal


class Around:
    """Implements `optimizer.Optimizer` by handing everything on."""

    def __init__(self, inner: Optimizer) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def state_type(self) -> type[State]:
        return self.inner.state_type

    def initialize(self, ctx: Context) -> State:
        return self.inner.initialize(ctx)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        return self.inner.propose(ctx, state)

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[State, Decision]:
        return self.inner.update(ctx, state, scored)

    def extract(self, ctx: Context, state: State) -> Extraction:
        return self.inner.extract(ctx, state)
