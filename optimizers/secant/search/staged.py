"""The staged allocator: cheap looks first, a gate after each, at most `keep` through to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from secant.optimizer import Plan, Scored, Stage
from secant.search.acceptance import compare
from secant.search.bench import Allocation, Bench, Verdict
from secant.types import Evaluation, Proposal


def staged(candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> Allocation:
    """All candidates through the first stage, those that it lets go on through the second, and so forth."""
    measured: dict[str, list[Evaluation]] = {c.artifact.id: [] for c in candidates}
    going = list(candidates)
    for number, stage in enumerate(plan.stages):
        final = number == len(plan.stages) - 1
        admitted: list[Verdict] = []
        for verdict in _through(stage, going, bench, bulk=number == 0):
            measured[verdict.proposal.artifact.id].append(verdict.evaluation)
            if verdict.admitted:
                admitted.append(verdict)
                if final and stage.keep is None:
                    bench.survived(verdict.proposal, measured[verdict.proposal.artifact.id])
        going = [v.proposal for v in _kept(admitted, stage.keep)]
        if final and stage.keep is not None and not bench.stopped:
            for proposal in going:
                bench.survived(proposal, measured[proposal.artifact.id])
        if bench.stopped and not (final and stage.keep is None):
            going = []
            break
    scored = tuple(Scored(c, tuple(measured[c.artifact.id])) for c in candidates)
    return Allocation(scored, tuple(p.artifact.id for p in going))


def _through(stage: Stage, candidates: Sequence[Proposal], bench: Bench, *, bulk: bool) -> Iterable[Verdict]:
    """Measure one stage. A comparison needs the incumbent on the same cases first."""
    if not candidates:
        return ()
    ids = bench.cases(stage)
    admits = _admits_all
    if stage.gate == "all_passed":
        admits = _all_passed
    elif stage.gate in ("better", "not_worse"):
        incumbent = bench.incumbent(stage, ids)
        if incumbent is None:
            return ()
        admits = _against(incumbent, strict=stage.gate == "better")
    return bench.measure(candidates, stage, ids, admits, bulk=bulk)


def _admits_all(_: Evaluation) -> bool:
    return True


def _all_passed(evaluation: Evaluation) -> bool:
    return evaluation.all_passed


def _against(incumbent: Evaluation, *, strict: bool) -> Callable[[Evaluation], bool]:
    def admits(evaluation: Evaluation) -> bool:
        delta = compare(evaluation, incumbent).delta
        return delta > 0 or (delta == 0 and not strict)

    return admits


def _kept(admitted: Sequence[Verdict], keep: int | None) -> Sequence[Verdict]:
    """The best `keep` by mean score, then speed, the earlier first; in their old order."""
    if keep is None or len(admitted) <= keep:
        return admitted
    ranked = sorted(range(len(admitted)), key=lambda i: (-admitted[i].evaluation.mean, -_ratio(admitted[i]), i))
    return [admitted[i] for i in sorted(ranked[: max(0, keep)])]


def _ratio(verdict: Verdict) -> float:
    speed = verdict.evaluation.speed
    return speed.ratio if speed is not None else 1.0
