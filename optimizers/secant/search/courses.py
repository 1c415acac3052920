"""How the proposals of a single path are measured, when one is accepted, and what is offered in the end.

One course for each kind of artifact and goal: plain values of the protocol, so that every optimizer that walks a single
path has the same gates and is compared at the same price. The rules themselves are those of `acceptance`.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context, Plan, Scored, Stage, TrajectoryEntry
from secant.search.acceptance import accept_step, compare, wilson_lower
from secant.search.trajectory import representative, speed_ratio
from secant.types import Evaluation, Task

_FIX = Plan(stages=(Stage(name="cases", gate="all_passed"),))
"""Every test is run. What a model was paid for is kept and shown, whether it comes through the gate or not."""
_FASTER = Plan(
    stages=(
        Stage(name="cases", gate="all_passed"),
        Stage(name="behaviour", gate="all_passed"),
        Stage(name="speed", gate="all_passed"),
    )
)


def is_faster(task: Task) -> bool:
    return task.kind == "function" and task.goal == "faster"


def plan(task: Task, batch: int) -> Plan:
    """For a function its tests, and for speed what is behind them; for other texts a mini-batch, then all cases."""
    if task.kind == "function":
        return _FASTER if is_faster(task) else _FIX
    return Plan(stages=(Stage(split="fit", size=batch, gate="better"), Stage(gate="not_worse")))


def probes(task: Task) -> bool:
    """Whether the incumbent is run on a mini-batch before a step. A function has one set of cases, measured already."""
    return task.kind != "function"


def chosen(ctx: Context, incumbent: str, scored: Sequence[Scored]) -> Scored | None:
    """The new incumbent: of the proposals that the shared rule accepts the best, the smaller of equals."""
    better = [s for s in scored if s.last is not None and _accepts(ctx, incumbent, s)]
    return max(better, key=_gain, default=None)


def _accepts(ctx: Context, incumbent: str, scored: Scored) -> bool:
    old = ctx.trajectory.evaluations(incumbent)
    new = scored.evaluations
    if any(e.rejected or e.tally is not None for e in new):
        return False
    if is_faster(ctx.task):
        return new[-1].speed is not None and new[-1].all_passed and _ratio(new) > _ratio(old)
    if ctx.task.kind == "function":
        return accept_step(compare(new[-1], representative(old)))
    batch, select = _on(new, "fit"), _on(new, "select")
    before, settled = ctx.probes.get(incumbent), _on(old, "select")
    if batch is None or select is None or before is None or settled is None:
        return False
    return accept_step(compare(batch, before), compare(select, settled))


def _gain(scored: Scored) -> tuple[float, float, int]:
    evaluation = representative(scored.evaluations)
    return evaluation.mean, _ratio(scored.evaluations), -scored.proposal.edit_words


def _on(evaluations: Sequence[Evaluation], split: str) -> Evaluation | None:
    return next((e for e in reversed(evaluations) if e.split == split), None)


def _ratio(evaluations: Sequence[Evaluation]) -> float:
    return max((speed_ratio(e) for e in evaluations), default=1.0)


def solved(ctx: Context, artifact_id: str) -> bool:
    """Nothing is left to improve: all cases pass, and speed is not what is asked for."""
    if is_faster(ctx.task):
        return False
    evaluations = ctx.trajectory.evaluations(artifact_id)
    settled = _on(evaluations, "select")
    return settled is not None and settled.all_passed


def ranking(ctx: Context, count: int) -> tuple[str, ...]:
    """What is worth offering, the best by visible evidence first; nothing that is no better than the seed."""
    entries = [e for e in ctx.trajectory.last(len(ctx.trajectory)) if not e.evaluation.rejected and e.step > 0]
    if is_faster(ctx.task):
        good = [e for e in entries if speed_ratio(e.evaluation) > 1]
    elif ctx.task.kind == "function":
        good = [e for e in entries if e.evaluation.all_passed]
    else:
        ranked = {e.proposal.artifact.id for e in ctx.trajectory.top(len(ctx.trajectory))}
        good = [e for e in entries if e.proposal.artifact.id in ranked and e.evaluation.mean > ctx.baseline.mean]
    return tuple(e.proposal.artifact.id for e in sorted(good, key=_evidence)[:count])


def _evidence(entry: TrajectoryEntry) -> tuple[float, float, float, float, int]:
    """Agreement with other evidence, speed, the lower bound of the score, the score; ties to the smaller change."""
    evaluation = entry.evaluation
    binary = all(r.score in (0.0, 1.0) for r in evaluation.results)
    bound = wilson_lower(evaluation.passed, evaluation.n) if binary else evaluation.mean - evaluation.stderr
    agreement = 1.0 if evaluation.agreement is None else evaluation.agreement
    return -agreement, -speed_ratio(evaluation), -bound, -evaluation.mean, entry.proposal.edit_words
