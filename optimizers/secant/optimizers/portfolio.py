"""Several optimizers under one budget, one at a time, on one trajectory.

The member at work goes on until it has found no new best for `patience` steps, has nothing left to propose, or has used
its share of the budget in this turn. Then the next begins, from the best that anybody found. A member is tired after
its turn, unless that ended for its share alone and had found something; a new best makes all fresh again. The run is
over when all are tired, or when everything passes.

Which methods gain where others have stopped is what published comparisons disagree about; a plateau under one budget
is where it shows. Each member sees a run that began at the version that it was handed: that is its seed, with its own
evaluation, while the trajectory is everybody's. A member that cannot work here (a missing package) is passed over, and
the decision says so; if it is the first, the run does not begin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, Self, runtime_checkable

from pydantic import Field, JsonValue, model_validator

from secant.errors import BadRequest
from secant.optimizer import Context, Decision, Extraction, Optimizer, Scored, State, StepAsking, StepCalls
from secant.optimizers.spec import default
from secant.optimizers.wording import settled
from secant.registry import Registry
from secant.search.courses import ranking, solved
from secant.types import Frozen, Proposal, Task


class Member(Frozen):
    """An optimizer of the portfolio."""

    name: str
    share: float = Field(gt=0, le=1)
    """Of the tightest budget, for one turn."""


class PortfolioSpec(Frozen):
    """Who works, in which order, and when they change over."""

    name: str
    summary: str
    members: tuple[Member, ...] = Field(min_length=1)
    patience: int = Field(ge=1)
    """Steps of a turn without a new best."""
    offered: int = Field(ge=1)

    @model_validator(mode="after")
    def _different(self) -> Self:
        names = [member.name for member in self.members]
        if len(set(names)) < len(names) or "portfolio" in names:
            raise ValueError(f"the members have to be different, and no portfolio: {', '.join(names)}")
        return self


class PortfolioState(State):
    """Whose turn it is, and that member's state; its focus, probes and plan are those of the portfolio."""

    at: str = ""
    """The member at work."""
    start: str = ""
    """The version that it began from."""
    used: float = 0.0
    """Of the budget, when its turn began. Time is a part of that: with a limit of time turns differ from run to run."""
    best: float = 0.0
    """The best mean on all select cases that anybody found."""
    found: bool = False
    """The member found a new best in this turn."""
    stale: int = 0
    """Steps of the turn since the last new best."""
    tired: tuple[str, ...] = ()
    member: Mapping[str, JsonValue] = {}
    """The member's own state."""


@runtime_checkable
class _HandedOver(Protocol):
    """An optimizer that can begin in the middle of a run, and keeps the original among its past versions."""

    def begin(self, ctx: Context, incumbent: str, handed: Sequence[str]) -> State: ...


class _Turn(NamedTuple):
    """A member that began, and who had to be passed over before it."""

    state: PortfolioState
    passed_over: tuple[str, ...]


class PortfolioOptimizer:
    """`--optimizer portfolio`."""

    name = "portfolio"
    state_type = PortfolioState

    def __init__(self, spec: PortfolioSpec | None = None, create: Callable[[str], Optimizer] | None = None) -> None:
        """Raises BadRequest for a member that does not exist."""
        self.spec = spec or default(self.name, PortfolioSpec)
        make = create or Registry().create
        self._members: Mapping[str, Optimizer] = {member.name: make(member.name) for member in self.spec.members}

    def step_calls(self, task: Task) -> StepCalls:
        """Those of the member that asks most."""
        calls = [m.step_calls(task) for m in self._members.values() if isinstance(m, StepAsking)]
        return max(calls, key=lambda c: c.versions + c.critiques, default=StepCalls(versions=0, critiques=0))

    # The four operations

    def initialize(self, ctx: Context) -> PortfolioState:
        """Raises BadRequest where the first member does."""
        first = self.spec.members[0].name
        state = self._members[first].initialize(ctx)
        begun = PortfolioState(at=first, start=ctx.seed.id, used=ctx.budget.fraction_used(), best=ctx.baseline.mean)
        return _working(begun, state)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, PortfolioState)
        member = self._members[state.at]
        return member.propose(_from(ctx, state.start), _own(member, state))

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[PortfolioState, Decision]:
        assert isinstance(state, PortfolioState)
        member = self._members[state.at]
        own, decision = member.update(_from(ctx, state.start), _own(member, state), scored)
        best, mean = _best(ctx)
        new = mean > state.best
        changed = _working(state, own).model_copy(
            update={
                "best": max(mean, state.best),
                "found": state.found or new,
                "stale": 0 if new else state.stale + 1,
                "tired": () if new else state.tired,
            }
        )
        if solved(ctx, best):
            return changed.model_copy(update={"done": True}), decision
        why = self._ended(ctx, changed, done=own.done)
        return self._handed_over(ctx, changed, decision, best, why) if why else (changed, decision)

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction(ranking=ranking(ctx, self.spec.offered), reason="best by what was measured")

    # Turns

    def _ended(self, ctx: Context, state: PortfolioState, *, done: bool) -> str:
        """Why the turn is over; empty while it is not."""
        share = next(member.share for member in self.spec.members if member.name == state.at)
        if done:
            return f"{state.at} has nothing left to propose"
        if state.stale >= self.spec.patience:
            return f"{state.at} found no new best in {state.stale} steps"
        if ctx.budget.fraction_used() - state.used >= share:
            return f"{state.at} has used its share"
        return ""

    def _handed_over(
        self, ctx: Context, state: PortfolioState, decision: Decision, best: str, why: str
    ) -> tuple[PortfolioState, Decision]:
        """The next member's turn; the end where all are tired."""
        spent = why.endswith("share") and state.found
        if not spent:
            state = state.model_copy(update={"tired": (*state.tired, state.at)})
        turn = self._next(ctx, state, best)
        told = [decision.reason, why, *turn.passed_over]
        told.append("all are tired" if turn.state.done else f"now {turn.state.at}")
        reason = "; ".join(text for text in told if text)
        return turn.state, decision.model_copy(update={"incumbent": best, "reason": reason})

    def _next(self, ctx: Context, state: PortfolioState, best: str) -> _Turn:
        names = list(self._members)
        place = names.index(state.at)
        passed_over: list[str] = []
        tired = list(state.tired)
        for name in [*names[place + 1 :], *names[: place + 1]]:
            if name in tired:
                continue
            try:
                own = self._begun(ctx, self._members[name], best)
            except BadRequest as refused:
                passed_over.append(f"{name} cannot work here: {refused.message}")
                tired.append(name)
                continue
            if own.done:
                tired.append(name)
                continue
            changes = {"at": name, "start": best, "used": ctx.budget.fraction_used(), "found": False, "stale": 0}
            begun = state.model_copy(update={**changes, "tired": tuple(tired)})
            return _Turn(_working(begun, own), tuple(passed_over))
        return _Turn(state.model_copy(update={"tired": tuple(tired), "done": True}), tuple(passed_over))

    def _begun(self, ctx: Context, member: Optimizer, best: str) -> State:
        if isinstance(member, _HandedOver):
            return member.begin(ctx, best, ())
        return member.initialize(_from(ctx, best))


def _from(ctx: Context, start: str) -> Context:
    """The run as a member sees it that began with this version."""
    evaluation = settled(ctx, ctx.trajectory.evaluations(start))
    return ctx._replace(seed=ctx.trajectory.artifact(start), baseline=evaluation or ctx.baseline)


def _best(ctx: Context) -> tuple[str, float]:
    top = ctx.trajectory.top(1)
    return (top[0].proposal.artifact.id, top[0].evaluation.mean) if top else (ctx.seed.id, ctx.baseline.mean)


def _own(member: Optimizer, state: PortfolioState) -> State:
    return member.state_type.model_validate(dict(state.member))


def _working(state: PortfolioState, own: State) -> PortfolioState:
    """The portfolio's state with a member's in it."""
    return state.model_copy(
        update={
            "member": own.model_dump(mode="json"),
            "focus": own.focus,
            "probe_size": own.probe_size,
            "plan": own.plan,
        }
    )
