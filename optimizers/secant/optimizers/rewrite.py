"""The model-free optimizer for functions: repairs by ranked single edits and pairs, speed-ups by rules, all verified.

Repair follows generate-and-validate program repair (GenProg, Par, and the template systems after them) with Ochiai
localization: a small catalogue first, then second edits on top of those that repaired a part of the failing tests,
then the full catalogue, then blind pairs. The first that passes everything is usually right, not always, so the search
goes on a little behind it and several are kept.

Speed is a short hill climb: every rule on the original, then every rule on the fastest of what was found.

Nothing here runs a candidate or knows what a test is; localization comes as facts, verdicts come as evaluations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from secant.errors import BadRequest
from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State
from secant.rewriting.facts import Facts
from secant.rewriting.moves import Candidate, Improver, RepairPhase, Space, faster, moves
from secant.types import Evaluation, Frozen, Proposal

Phase = RepairPhase | Literal["climb"]

_REPAIR_PHASES: tuple[RepairPhase, ...] = ("lite", "seconds", "full", "pairs")
_REPAIR_PLAN = Plan(stages=(Stage(name="screen", gate="all_passed"), Stage(name="tests", gate="all_passed")))
_SPEED_PLAN = Plan(
    stages=(
        Stage(name="tests", gate="all_passed"),
        Stage(name="behaviour", gate="all_passed"),
        Stage(name="speed", gate="all_passed"),
    )
)


class RewriteSettings(Frozen):
    """The knobs of the search; plain data, so that they can be tuned."""

    first_batch: int = 64
    batch: int = 256
    second_edits: int = 500
    """Edits tried on top of each text that repaired a part."""
    improvers: int = 24
    """Texts that repaired a part and are built upon."""
    pairs: int = 40_000
    behind: int = 96
    """Candidates looked at behind the first that passes everything, for alternatives."""
    behind_doubtful: int = 3_000
    """The same while none was found that the examples in the docstring agree with."""
    survivors: int = 8
    rounds: int = 4
    """Times that rules are applied to what rules made."""
    worth: float = 1.03
    """A round that gains less ends the climb."""


class RewriteState(State):
    """Where the enumeration stands. The order of candidates follows from the seed and the facts alone."""

    phase: Phase = "lite"
    cursor: int = 0
    survivors: tuple[str, ...] = ()
    agreeing: tuple[str, ...] = ()
    """The survivors that no other evidence (examples in the docstring) speaks against."""
    behind: int = 0
    improvers: tuple[Improver, ...] = ()
    round: int = 0
    expanded: tuple[str, ...] = ()
    best_ratio: float = 1.0


class RewriteOptimizer:
    """`secant optimize --optimizer rewrite`."""

    name = "rewrite"
    state_type = RewriteState

    def __init__(self, settings: RewriteSettings = RewriteSettings()) -> None:  # noqa: B008 an immutable default
        self._settings = settings

    def initialize(self, ctx: Context) -> RewriteState:
        """Raises BadRequest for what is no function."""
        if ctx.task.kind != "function":
            hint = f"For a {ctx.task.kind} take one that asks a model, for example hessiangrad."
            raise BadRequest(
                f"the optimizer {self.name} edits Python by rules, and this is a {ctx.task.kind}", hint=hint
            )
        if ctx.task.goal == "fix":
            return RewriteState(phase="lite", plan=_REPAIR_PLAN)
        return RewriteState(phase="climb", plan=_SPEED_PLAN)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, RewriteState)
        facts = Facts.model_validate(dict(ctx.task.facts))
        if state.phase == "climb":
            return self._climb(ctx, state, facts)
        most = self._settings.pairs if state.phase == "pairs" else self._settings.second_edits
        space = Space(state.phase, ctx.seed.text, facts.model_dump_json(), state.improvers, most)
        chosen = moves(space).stretch(state.cursor, self._size(state))
        return [_proposal(ctx, move.candidate(), ctx.seed.id) for move in chosen]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[RewriteState, Decision]:
        assert isinstance(state, RewriteState)
        survivors = [s.proposal.artifact.id for s in scored if _survived(s, state)]
        if state.phase == "climb":
            return self._climbed(ctx, state, scored, survivors)
        return self._repaired(state, scored, survivors)

    def extract(self, ctx: Context, state: State) -> Extraction:
        """Repairs by likelihood, only those that all other evidence agrees with where there are; speed-ups by ratio."""
        assert isinstance(state, RewriteState)
        if state.phase != "climb":
            return Extraction(ranking=_likeliest(ctx, state))
        ratios = {each: _ratio(ctx.trajectory.evaluations(each)) for each in state.survivors}
        return Extraction(ranking=tuple(sorted(state.survivors, key=lambda each: -ratios[each])))

    # Repair

    def _size(self, state: RewriteState) -> int:
        """Small at first, for an early answer, and growing; behind the first answer no more than is still wanted."""
        size = min(self._settings.batch, max(self._settings.first_batch, state.cursor))
        left = self._settings.behind - state.behind if state.agreeing else size
        return max(1, min(size, left))

    def _repaired(
        self, state: RewriteState, scored: Sequence[Scored], survivors: Sequence[str]
    ) -> tuple[RewriteState, Decision]:
        settings = self._settings
        kept = (*state.survivors, *survivors)
        agreeing = (*state.agreeing, *(s.proposal.artifact.id for s in scored if _survived(s, state) and _agrees(s)))
        behind = state.behind + len(scored) if state.survivors else 0
        if state.survivors or survivors:
            behind = behind or sum(1 for _ in _after_first(scored, survivors))
        improvers = state.improvers
        if state.phase != "seconds":  # which is enumerated from them, so they may not change under way
            improvers = _improvers(improvers, scored, settings.improvers)
        changes = {
            "survivors": kept,
            "agreeing": agreeing,
            "behind": behind,
            "improvers": improvers,
            "cursor": state.cursor + len(scored),
            "done": len(agreeing) >= settings.survivors
            or (bool(agreeing) and behind >= settings.behind)
            or (bool(kept) and behind >= settings.behind_doubtful),
        }
        if len(scored) < self._size(state):
            changes |= self._next_phase(state, bool(agreeing))
        return state.model_copy(update=changes), Decision(accepted=tuple(survivors), reason=f"{state.phase} edits")

    def _next_phase(self, state: RewriteState, found: bool) -> dict[str, object]:
        """The phase behind this one; none where something was found or nothing is left."""
        position = _REPAIR_PHASES.index(state.phase) + 1
        if found or position == len(_REPAIR_PHASES):
            return {"done": True}
        return {"phase": _REPAIR_PHASES[position], "cursor": 0}

    # Speed

    def _climb(self, ctx: Context, state: RewriteState, facts: Facts) -> Sequence[Proposal]:
        parents = [ctx.seed.id] if not state.round else _fastest(ctx, state)[:2]
        proposals: list[Proposal] = []
        for parent in parents:
            if parent in state.expanded:
                continue
            text = ctx.trajectory.artifact(parent).text
            proposals += [_proposal(ctx, candidate, parent) for candidate in faster(text, facts)]
        return proposals

    def _climbed(
        self, ctx: Context, state: RewriteState, scored: Sequence[Scored], survivors: Sequence[str]
    ) -> tuple[RewriteState, Decision]:
        parents = [ctx.seed.id] if not state.round else _fastest(ctx, state)[:2]
        ratios = [_ratio(s.evaluations) for s in scored if _survived(s, state)]
        best = max([state.best_ratio, *ratios])
        gained = best >= state.best_ratio * self._settings.worth
        changes = {
            "survivors": (*state.survivors, *survivors),
            "round": state.round + 1,
            "expanded": tuple(dict.fromkeys((*state.expanded, *parents))),
            "best_ratio": best,
            "done": not gained or state.round + 1 >= self._settings.rounds,
        }
        return state.model_copy(update=changes), Decision(accepted=tuple(survivors), reason=f"round {state.round + 1}")


def _survived(scored: Scored, state: RewriteState) -> bool:
    """It passed the plan's last stage; one that a stop left halfway has proved nothing."""
    last = scored.last
    return last is not None and last.stage == state.plan.stages[-1].name and last.all_passed


def _agrees(scored: Scored) -> bool:
    """No evidence beyond the cases, or all of it, speaks for the candidate."""
    return all(e.agreement is None or e.agreement >= 1 for e in scored.evaluations)


def _likeliest(ctx: Context, state: RewriteState) -> tuple[str, ...]:
    """The agreeing survivors; where there are none, all, the most agreeing first."""
    if state.agreeing:
        return state.agreeing

    def agreement(survivor: str) -> float:
        return max((e.agreement or 0.0 for e in ctx.trajectory.evaluations(survivor)), default=0.0)

    return tuple(sorted(state.survivors, key=lambda each: -agreement(each)))


def _after_first(scored: Sequence[Scored], survivors: Sequence[str]) -> Iterator[Scored]:
    """The candidates behind the first that passed everything."""
    found = False
    for each in scored:
        if found:
            yield each
        found = found or each.proposal.artifact.id in survivors


def _improvers(known: Sequence[Improver], scored: Sequence[Scored], most: int) -> tuple[Improver, ...]:
    """The texts that repaired most, the earlier first among equals. As failing tests run first, passed is repaired."""
    found = [*known]
    for each in scored:
        if each.last is not None and not each.last.all_passed and each.last.passed > 0:
            text, note = each.proposal.artifact.text, each.proposal.rationale
            found.append(Improver(text=text, passed=each.last.passed, note=note))
    return tuple(sorted(found, key=lambda improver: -improver.passed)[:most])


def _fastest(ctx: Context, state: RewriteState) -> list[str]:
    return sorted(state.survivors, key=lambda each: -_ratio(ctx.trajectory.evaluations(each)))


def _ratio(evaluations: Sequence[Evaluation]) -> float:
    return max((e.speed.ratio for e in evaluations if e.speed is not None), default=1.0)


def _proposal(ctx: Context, candidate: Candidate, parent: str) -> Proposal:
    artifact = ctx.seed.with_text(candidate.text)
    part = ctx.seed.parts[0].name
    return Proposal(
        artifact=artifact, parents=(parent,), changed=(part,), rationale=candidate.note, prior=candidate.prior
    )
