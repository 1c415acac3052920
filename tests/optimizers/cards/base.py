"""What most cards have in common: the best wins, the incumbent is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context, Decision, Extraction, Scored, State, TrajectoryEntry
from secant.types import Evaluation, Proposal


class CardState(State):
    incumbent: str = ""


class Card:
    """Subclasses say how to begin and what to propose."""

    state_type: type[State] = CardState

    @property
    def name(self) -> str:
        return type(self).__name__.lower()

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction(ranking=tuple(e.proposal.artifact.id for e in ctx.trajectory.top(3)), reason="best select")


def move(state: CardState, identity: str, *, focus: bool) -> CardState:
    return state.model_copy(update={"incumbent": identity, "focus": (identity,) if focus else ()})


def keep_if_survived(
    state: CardState, scored: Sequence[Scored], ctx: Context, *, focus: bool = True
) -> tuple[CardState, Decision]:
    """The validation gate of a single path: the candidate that passed the plan's gate is the new incumbent."""
    ranked = {e.proposal.artifact.id for e in ctx.trajectory.top(len(ctx.trajectory))}
    passed = [s.proposal.artifact.id for s in scored if s.proposal.artifact.id in ranked and s.evaluations]
    if not passed:
        return state, Decision(incumbent=state.incumbent, reason="the gate turned it down")
    return move(state, passed[0], focus=focus), Decision(accepted=(passed[0],), incumbent=passed[0], reason="better")


def word(ctx: Context, identity: str) -> str:
    return "".join(part.text for part in ctx.trajectory.artifact(identity).parts)


def remarks(evaluation: Evaluation) -> str:
    return "\n".join(r.feedback for r in evaluation.results if r.feedback)


def shown(entry: TrajectoryEntry) -> str:
    """A value with its score from 0 to 100."""
    text = "".join(part.text for part in entry.proposal.artifact.parts)
    return f"{text} scored {round(100 * entry.evaluation.mean)}"


def children(proposals: Sequence[Proposal], *parents: str) -> list[Proposal]:
    return [p.model_copy(update={"parents": parents}) for p in proposals]
