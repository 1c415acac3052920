"""The default where a model is configured: `rewrite` first, which is free, then HessianGrad on what that left.

Rewrite's best version is where the model's path begins, its failed candidates are versions of the path's past, and its
partial repairs are shown to the model. The model is asked once rewrite has nothing left to try, or has used its share
of the budget; where rewrite repaired the function, never. Without a model, and for what is no function, the one that
can work does so alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from secant.optimizer import Context, Decision, Extraction, Proposal, Scored, State, StepCalls
from secant.optimizers.hessiangrad import HessianGradOptimizer, HessianState
from secant.optimizers.path import HandedEdit
from secant.optimizers.rewrite import RewriteOptimizer, RewriteState
from secant.optimizers.spec import OptimizerSpec, default
from secant.search.courses import is_faster, ranking
from secant.types import Frozen, Task


class MixedSpec(Frozen):
    """When the model takes over, and what it is handed."""

    name: str
    summary: str
    share: float = Field(ge=0, le=1)
    """Of the tightest budget, for rewrite."""
    candidates: int = Field(ge=0)
    """Of rewrite, where no budget is tighter."""
    failures: int = Field(ge=0)
    """Candidates by rule that failed late, as versions of the model's past."""


class MixedState(State):
    """Both states; the one that is at work decides about focus and plan."""

    rewrite: RewriteState | None = None
    model: HessianState | None = None
    tried: int = 0
    """Candidates by rule that were measured."""


class MixedOptimizer:
    """`--optimizer mixed`."""

    name = "mixed"
    state_type = MixedState

    def __init__(self, spec: MixedSpec | None = None, model_spec: OptimizerSpec | None = None) -> None:
        self.spec = spec or default(self.name, MixedSpec)
        self._rewrite = RewriteOptimizer()
        self._model = HessianGradOptimizer(model_spec)

    def step_calls(self, task: Task) -> StepCalls:
        """Those of the model's part, where it comes to that."""
        return self._model.step_calls(task)

    def initialize(self, ctx: Context) -> MixedState:
        if ctx.task.kind == "function":
            return _at_work(MixedState(rewrite=self._rewrite.initialize(ctx)))
        return _at_work(MixedState(model=_hessian(self._model.initialize(ctx))))

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, MixedState)
        if state.model is None:
            return self._rewrite.propose(ctx, _rules(state))
        improvers = state.rewrite.improvers if state.rewrite is not None else ()
        handed = tuple(HandedEdit(text=i.text, note=i.note, passed=i.passed) for i in improvers)
        return self._model.propose(ctx, state.model.model_copy(update={"handed": handed, "tried": state.tried}))

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[MixedState, Decision]:
        assert isinstance(state, MixedState)
        if state.model is not None:
            model, decision = self._model.update(ctx, state.model, scored)
            return _at_work(state.model_copy(update={"model": model})), decision
        rewrite, decision = self._rewrite.update(ctx, _rules(state), scored)
        changed = state.model_copy(update={"rewrite": rewrite, "tried": state.tried + len(scored)})
        if ctx.lm is None or not self._is_over(ctx, changed):
            return _at_work(changed), decision
        return self._handed_over(ctx, changed, decision)

    def extract(self, ctx: Context, state: State) -> Extraction:
        assert isinstance(state, MixedState)
        if state.model is None:
            return self._rewrite.extract(ctx, _rules(state))
        most = self._model.spec.knobs.offered
        return Extraction(ranking=ranking(ctx, most), reason="best by what was measured")

    def _is_over(self, ctx: Context, state: MixedState) -> bool:
        """Whether the model's turn has come."""
        rewrite = _rules(state)
        if rewrite.survivors and not is_faster(ctx.task):
            return False  # it is repaired; what rewrite still does is look for alternatives
        used = ctx.budget.fraction_used() >= self.spec.share or state.tried >= self.spec.candidates
        return rewrite.done or used

    def _handed_over(self, ctx: Context, state: MixedState, decision: Decision) -> tuple[MixedState, Decision]:
        rewrite = _rules(state)
        best = self._best(ctx, rewrite)
        failed = [e for e in ctx.trajectory.rejected(len(ctx.trajectory)) if e.proposal.artifact.id != best]
        failed = [e for e in failed if e.proposal.artifact.id not in rewrite.survivors]
        closest = sorted(failed, key=lambda e: -e.evaluation.mean)[: self.spec.failures]
        model = self._model.begin(ctx, best, [e.proposal.artifact.id for e in closest])
        kept = rewrite.improvers[: self._model.spec.knobs.handed]
        changed = state.model_copy(
            update={"model": model, "rewrite": rewrite.model_copy(update={"improvers": kept, "done": True})}
        )
        reason = f"{decision.reason}; now the model"
        return _at_work(changed), decision.model_copy(update={"incumbent": best, "reason": reason})

    def _best(self, ctx: Context, rewrite: RewriteState) -> str:
        ranked = self._rewrite.extract(ctx, rewrite).ranking
        return ranked[0] if ranked else ctx.seed.id


def _at_work(state: MixedState) -> MixedState:
    """The state with focus, plan and end of whichever optimizer is at work."""
    working = state.model or _rules(state)
    return state.model_copy(
        update={
            "focus": working.focus,
            "probe_size": working.probe_size,
            "plan": working.plan,
            "done": working.done,
        }
    )


def _rules(state: MixedState) -> RewriteState:
    assert state.rewrite is not None
    return state.rewrite


def _hessian(state: State) -> HessianState:
    assert isinstance(state, HessianState)
    return state
