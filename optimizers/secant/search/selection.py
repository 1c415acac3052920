"""What is offered in the end where a search looked at many candidates: the best on the select cases, cautiously.

The lower end of the score's interval decides, so a high score on few cases does not beat a good one on many. What was
best on the fit cases is not thereby the best (OPRO reports that, and calls it the score).
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context
from secant.search.acceptance import compare, wilson_lower
from secant.types import Evaluation


def on_split(evaluations: Sequence[Evaluation], split: str) -> Evaluation | None:
    """The one on most cases of the split, the later of equals; None where there is none."""
    found = [e for e in evaluations if e.split == split and e.tally is None]
    return max(reversed(found), key=lambda e: e.n, default=None)


def lower_bound(evaluation: Evaluation) -> float:
    """Wilson's for scores of 0 and 1, else one standard error below the mean."""
    if all(r.score in (0.0, 1.0) for r in evaluation.results):
        return wilson_lower(evaluation.passed, evaluation.n)
    return evaluation.mean - evaluation.stderr


def best_on_select(ctx: Context, count: int) -> tuple[str, ...]:
    """Survivors of their plan that are better than the seed on the same cases: the highest lower bound first, ties to
    the shorter, then the older.
    """
    ranked: list[tuple[float, float, int, int, str]] = []
    for place, entry in enumerate(ctx.trajectory.top(len(ctx.trajectory))):
        artifact = entry.proposal.artifact
        evaluation = on_split(ctx.trajectory.evaluations(artifact.id), "select")
        if evaluation is None or entry.step == 0 or compare(evaluation, ctx.baseline).delta <= 0:
            continue
        size = sum(len(part.text.split()) for part in artifact.parts)
        ranked.append((-lower_bound(evaluation), -evaluation.mean, size, place, artifact.id))
    return tuple(artifact_id for *_, artifact_id in sorted(ranked)[:count])
