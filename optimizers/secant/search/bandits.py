"""Best-arm allocators: which candidates (arms) get to see how many cases, within a fixed number of pulls.

A pull is one (candidate, case) of the plan's first stage. Every arm goes through the same cases in the same seeded
order, so arms are compared on common cases, no pull is made twice, and the number of pulls never exceeds `pulls`. The
rules are ProTeGi's and APE's (algorithms.md 5.1, 5.3); where their code differs from the literature, the literature was
followed and it says so. What is kept goes through the plan's further stages, as with the staged allocator: so arms may
be chosen on fit cases, and those chosen be measured on all select cases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from pydantic import Field

from secant.optimizer import Plan, Scored, Stage
from secant.search.bench import Allocation, Bench
from secant.search.staged import staged
from secant.search.trajectory import pooled
from secant.types import Evaluation, Frozen, Proposal


class BanditSettings(Frozen):
    """The settings of a plan with a bandit allocator."""

    pulls: int = Field(default=2048, ge=0)
    """All (candidate, case) evaluations of the step's first stage."""
    keep: int = Field(default=4, ge=1)
    batch: int = Field(default=32, ge=1)
    """Cases in one pull of UCB."""
    arms: int = Field(default=4, ge=1)
    """Arms pulled in one round of UCB."""
    exploration: float = Field(default=1.0, ge=0)
    """The factor of UCB's bound, and UCB-E's parameter."""
    minimum: int = Field(default=4, ge=1)
    """Cases that each arm sees at least in a phase of successive rejects."""


class _Arm:
    """One candidate and what its pulls gave."""

    def __init__(self, number: int, proposal: Proposal) -> None:
        self.number = number
        self.proposal = proposal
        self.evaluations: list[Evaluation] = []
        self.asked = 0
        self.mean = 0.0
        """Over the cases asked: an evaluation that stopped early does not profit from it."""
        self.rejected = False
        self._total = 0.0

    def bound(self, width: float) -> float:
        """What the arm may be worth, `width` being squared and divided by the cases asked."""
        return self.mean + math.sqrt(width / self.asked) if self.asked else math.inf

    def take(self, evaluation: Evaluation, asked: int) -> None:
        self.evaluations.append(evaluation)
        self.asked += asked
        self._total += evaluation.mean * evaluation.n
        self.mean = self._total / self.asked
        self.rejected = self.rejected or evaluation.rejected


class _Table:
    """The arms, the cases in the order in which every arm sees them, and the pulls that are left."""

    def __init__(self, candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> None:
        self.settings = BanditSettings.model_validate(dict(plan.settings))
        self.arms = [_Arm(n, c) for n, c in enumerate(candidates)]
        self._plan = plan
        self._stage = plan.stages[0] if plan.stages else Stage()
        self._bench = bench
        ids = list(bench.cases(self._stage))
        bench.rng.shuffle(ids)
        self._ids = tuple(ids)
        self.left = self.settings.pulls

    @property
    def made(self) -> int:
        return self.settings.pulls - self.left

    def open(self, arms: Sequence[_Arm] | None = None) -> list[_Arm]:
        """Those that can still be pulled."""
        return [a for a in (self.arms if arms is None else arms) if not a.rejected and a.asked < len(self._ids)]

    def shuffled(self) -> Mapping[int, int]:
        """A place for each arm's number, drawn at random: the order of equals."""
        drawn = self._bench.rng.sample(range(len(self.arms)), len(self.arms))
        return {number: place for place, number in enumerate(drawn)}

    def pull(self, arms: Sequence[_Arm], each: int) -> bool:
        """Give every arm its next `each` cases, fewer where pulls or cases run out. False when nothing was pulled."""
        arms = self.open(arms)
        each = min(each, self.left // len(arms)) if arms else 0
        if each <= 0 or self._bench.stopped:
            return False
        groups: dict[int, list[_Arm]] = {}
        for arm in arms:
            groups.setdefault(arm.asked, []).append(arm)
        pulled = [self._pull_group(group, self._ids[at : at + each]) for at, group in groups.items()]
        return any(pulled)

    def _pull_group(self, arms: Sequence[_Arm], ids: Sequence[str]) -> bool:
        by_id = {a.proposal.artifact.id: a for a in arms}
        pulled = False
        for verdict in self._bench.measure([a.proposal for a in arms], self._stage, ids, lambda _: True):
            by_id[verdict.proposal.artifact.id].take(verdict.evaluation, len(ids))
            self.left -= len(ids)
            pulled = True
        return pulled

    def ranked(self, arms: Sequence[_Arm] | None = None) -> list[_Arm]:
        """By mean, then by how much is known, then by age; best first."""
        chosen = [a for a in (self.arms if arms is None else arms) if a.asked and not a.rejected]
        return sorted(chosen, key=lambda a: (-a.mean, -a.asked, a.number))

    def close(self, arms: Sequence[_Arm] | None = None) -> Allocation:
        """Keep the best of `arms`: those that pass what stages are left survive."""
        scored = tuple(Scored(a.proposal, pooled(a.evaluations)) for a in self.arms)
        kept = sorted(self.ranked(arms)[: self.settings.keep], key=lambda a: a.number)
        if len(self._plan.stages) > 1:
            return self._staged(scored, kept)
        for arm in kept:
            self._bench.survived(arm.proposal, scored[arm.number].evaluations)
        return Allocation(scored, tuple(a.proposal.artifact.id for a in kept))

    def _staged(self, scored: Sequence[Scored], kept: Sequence[_Arm]) -> Allocation:
        """The kept arms through the stages behind the first."""
        rest = self._plan.model_copy(update={"stages": self._plan.stages[1:]})
        further = staged([a.proposal for a in kept], rest, self._bench)
        joined = list(scored)
        for arm, more in zip(kept, further.scored, strict=True):
            joined[arm.number] = Scored(arm.proposal, (*scored[arm.number].evaluations, *more.evaluations))
        return Allocation(tuple(joined), further.survivors)


def uniform(candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> Allocation:
    """floor(T / N) common cases for all."""
    table = _Table(candidates, plan, bench)
    table.pull(table.arms, table.left // max(1, len(table.arms)))
    return table.close()


def ucb(candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> Allocation:
    """Rounds of the arms with the highest bound, mean + c sqrt(ln t / n); the first, where all are equal, at random.

    t are the pulls so far (the papers' rule; ProTeGi's code takes the round's index).
    """
    table = _Table(candidates, plan, bench)
    squared = table.settings.exploration**2
    return _by_bound(table, lambda made: squared * math.log(max(made, 1)))


def ucb_e(candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> Allocation:
    """UCB with mean + sqrt(c / n) for a bound (Audibert and Bubeck 2010), made for finding an arm, not for earning.

    The bound does not grow with the pulls, so exploration ends when all arms are known. (ProTeGi's code multiplies the
    root by c once more; for its default c = 1 that is the same.)
    """
    table = _Table(candidates, plan, bench)
    return _by_bound(table, lambda _: table.settings.exploration)


def _by_bound(table: _Table, width: Callable[[int], float]) -> Allocation:
    """Pull the arms with the highest bounds until pulls or cases run out; their `width` is that of the pulls made."""
    order = table.shuffled()
    while table.left > 0:
        now = width(table.made)
        best = sorted(table.open(), key=lambda a: (-a.bound(now), order[a.number]))
        chosen = best[: min(table.settings.arms, table.left)]
        if not table.pull(chosen, table.settings.batch):
            break
    return table.close()


def successive_rejects(candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> Allocation:
    """N - keep phases of growing length; after each the worst arm is dropped.

    After Audibert and Bubeck (2010): phase k brings every arm left to n_k = (T - N) / (logbar (N + 1 - k)) cases. Their
    logbar(N) spends T where one arm is kept; here it is the sum that does so for any `keep`, and the same for one.
    (ProTeGi puts N - keep in the place of N, which overspends; n_k of algorithms.md 5.1 is theirs.)
    """
    table = _Table(candidates, plan, bench)
    count, keep = len(table.arms), table.settings.keep
    if count <= keep:
        return _only_uniform(table)
    log_bar = sum(1 / (count + 1 - phase) for phase in range(1, count - keep + 1)) + keep / (keep + 1)
    going = list(table.arms)
    seen = 0
    for phase in range(1, count - keep + 1):
        share = int((table.settings.pulls - count) / (log_bar * (count + 1 - phase)))
        table.pull(going, max(table.settings.minimum, share) - seen)
        if bench.stopped:
            break
        seen = max((a.asked for a in going), default=seen)
        going = table.ranked(going)[: max(keep, len(going) - 1)]
    return table.close(going)


def successive_halving(candidates: Sequence[Proposal], plan: Plan, bench: Bench) -> Allocation:
    """ceil(log2 N) rounds of T / (|S| rounds) cases each; arms below the mean of the round are dropped."""
    table = _Table(candidates, plan, bench)
    going = list(table.arms)
    rounds = math.ceil(math.log2(len(going))) if len(going) > 1 else 0
    if not rounds:
        return _only_uniform(table)
    for _ in range(rounds):
        table.pull(going, table.settings.pulls // (len(going) * rounds))
        ranked = table.ranked(going)
        if bench.stopped or not ranked:
            break
        average = sum(a.mean for a in ranked) / len(ranked)
        above = [a for a in ranked if a.mean >= average]
        going = above if len(above) >= table.settings.keep else ranked[: table.settings.keep]
    return table.close(going)


def _only_uniform(table: _Table) -> Allocation:
    """With no more arms than places there is nothing to choose: all see the same."""
    table.pull(table.arms, table.left // max(1, len(table.arms)))
    return table.close()
