"""The model-free optimizer for functions: repairs by ranked single edits and pairs, speed-ups by rules, all verified.

Repair follows generate-and-validate program repair (GenProg, Par, and the template systems after them) with Ochiai
localization: a small catalogue first, then the full one, then second edits on top of those that repaired a part of the
failing tests, then blind pairs. The first that passes everything is usually right, not always, so the search goes on
a little behind it and several are kept.

Speed is a short hill climb: every rule on the original, then every rule on the fastest of what was found.

Nothing here runs a candidate or knows what a test is; localization comes as facts, verdicts come as evaluations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State
from secant.rewriting import performance, repair, ruff_fixes
from secant.rewriting.edit import Edit, Rewrite, apply
from secant.rewriting.facts import Facts
from secant.rewriting.source import FunctionSource
from secant.types import Evaluation, Frozen, Proposal

Phase = Literal["lite", "seconds", "full", "pairs", "climb"]

_REPAIR_PHASES: tuple[Phase, ...] = ("lite", "seconds", "full", "pairs")
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
    behind: int = 300
    """Candidates looked at behind the first that passes everything, for alternatives."""
    survivors: int = 8
    rounds: int = 4
    """Times that rules are applied to what rules made."""
    worth: float = 1.03
    """A round that gains less ends the climb."""


class Improver(Frozen):
    """A single edit that repaired a part of the failing tests."""

    text: str
    passed: int
    note: str


class RewriteState(State):
    """Where the enumeration stands. The order of candidates follows from the seed and the facts alone."""

    phase: Phase = "lite"
    cursor: int = 0
    survivors: tuple[str, ...] = ()
    behind: int = 0
    improvers: tuple[Improver, ...] = ()
    round: int = 0
    expanded: tuple[str, ...] = ()
    best_ratio: float = 1.0


class Candidate(NamedTuple):
    """A text to propose, and why."""

    text: str
    note: str
    prior: float


class RewriteOptimizer:
    """`secant optimize --optimizer rewrite`."""

    name = "rewrite"
    state_type = RewriteState

    def __init__(self, settings: RewriteSettings = RewriteSettings()) -> None:  # noqa: B008 an immutable default
        self._settings = settings

    def initialize(self, ctx: Context) -> RewriteState:
        if ctx.task.goal == "fix":
            return RewriteState(phase="lite", plan=_REPAIR_PLAN)
        return RewriteState(phase="climb", plan=_SPEED_PLAN)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, RewriteState)
        facts = Facts.model_validate(dict(ctx.task.facts))
        if state.phase == "climb":
            return self._climb(ctx, state, facts)
        chosen = islice(self._repairs(ctx, state, facts), state.cursor, state.cursor + self._size(state))
        return [_proposal(ctx, candidate, ctx.seed.id) for candidate in chosen]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[RewriteState, Decision]:
        assert isinstance(state, RewriteState)
        survivors = [s.proposal.artifact.id for s in scored if s.last is not None and _survived(s.last)]
        if state.phase == "climb":
            return self._climbed(ctx, state, scored, survivors)
        return self._repaired(state, scored, survivors)

    def extract(self, ctx: Context, state: State) -> Extraction:
        """Repairs in the order of their likelihood; speed-ups by their ratio."""
        assert isinstance(state, RewriteState)
        if state.phase != "climb":
            return Extraction(ranking=state.survivors)
        ratios = {each: _ratio(ctx.trajectory.evaluations(each)) for each in state.survivors}
        return Extraction(ranking=tuple(sorted(state.survivors, key=lambda each: -ratios[each])))

    # Repair

    def _size(self, state: RewriteState) -> int:
        return self._settings.first_batch if state.phase == "lite" and not state.cursor else self._settings.batch

    def _repairs(self, ctx: Context, state: RewriteState, facts: Facts) -> Iterable[Candidate]:
        """All candidates of the phase, in order."""
        text, key = ctx.seed.text, facts.model_dump_json()
        settings = self._settings
        match state.phase:
            case "lite":
                return _singles(text, key, "lite")
            case "full":
                lite = {candidate.text for candidate in _singles(text, key, "lite")}
                return [c for c in _singles(text, key, "full") if c.text not in lite]
            case "seconds":
                return _seconds(state.improvers, key, settings.second_edits)
            case _:
                return _pairs(text, key, settings.pairs)

    def _repaired(
        self, state: RewriteState, scored: Sequence[Scored], survivors: Sequence[str]
    ) -> tuple[RewriteState, Decision]:
        settings = self._settings
        kept = (*state.survivors, *survivors)
        behind = state.behind + len(scored) if state.survivors else 0
        if state.survivors or survivors:
            behind = behind or sum(1 for _ in _after_first(scored, survivors))
        improvers = (
            _improvers(state.improvers, scored, settings.improvers) if state.phase != "seconds" else state.improvers
        )
        changes = {
            "survivors": kept[: settings.survivors],
            "behind": behind,
            "improvers": improvers,
            "cursor": state.cursor + len(scored),
            "done": len(kept) >= settings.survivors or (bool(kept) and behind >= settings.behind),
        }
        if len(scored) < self._size(state):
            changes |= self._next_phase(state, bool(kept))
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
            proposals += [_proposal(ctx, candidate, parent) for candidate in _faster(text, facts)]
        return proposals

    def _climbed(
        self, ctx: Context, state: RewriteState, scored: Sequence[Scored], survivors: Sequence[str]
    ) -> tuple[RewriteState, Decision]:
        parents = [ctx.seed.id] if not state.round else _fastest(ctx, state)[:2]
        ratios = [s.last.speed.ratio for s in scored if s.last is not None and _survived(s.last) and s.last.speed]
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


def _survived(evaluation: Evaluation) -> bool:
    return evaluation.stage in {"tests", "speed"} and evaluation.all_passed


def _after_first(scored: Sequence[Scored], survivors: Sequence[str]) -> Iterator[Scored]:
    """The candidates behind the first that passed everything."""
    found = False
    for each in scored:
        if found:
            yield each
        found = found or each.proposal.artifact.id in survivors


def _improvers(known: Sequence[Improver], scored: Sequence[Scored], most: int) -> tuple[Improver, ...]:
    """The texts that repaired most, the earlier first among equals."""
    found = [*known]
    for each in scored:
        tally = each.last.tally if each.last is not None else None
        if tally is not None and tally.passed > 0:
            found.append(Improver(text=each.proposal.artifact.text, passed=tally.passed, note=each.proposal.rationale))
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


@lru_cache(maxsize=8)
def _singles(text: str, facts: str, level: Literal["lite", "full"]) -> Sequence[Candidate]:
    """Ranked single edits as whole texts. Remembered: a run asks for them batch by batch."""
    source = FunctionSource(text)
    return [_edited(text, edit) for edit in repair.ranked(source, Facts.model_validate_json(facts), level)]


def _seconds(improvers: Sequence[Improver], facts: str, most: int) -> Iterator[Candidate]:
    """Second edits on top of the partial repairs: the likeliest of each in turn."""
    if not improvers:
        return
    lists = [_singles_of_improved(improver.text, facts, most) for improver in improvers]
    for rank in range(most):
        for improver, candidates in zip(improvers, lists, strict=True):
            if rank < len(candidates):
                second = candidates[rank]
                yield second._replace(note=f"{improver.note}; {second.note}", prior=second.prior / 2)


@lru_cache(maxsize=64)
def _singles_of_improved(text: str, facts: str, most: int) -> Sequence[Candidate]:
    source = FunctionSource(text)
    ranked = repair.ranked(source, Facts.model_validate_json(facts), "lite")[:most]
    return [_edited(text, edit) for edit in ranked]


def _pairs(text: str, facts: str, most: int) -> Iterator[Candidate]:
    source = FunctionSource(text)
    ranked = repair.ranked(source, Facts.model_validate_json(facts), "lite")
    for first, second in repair.pairs(source, ranked, most):
        both = apply(text, (*first.splices, *second.splices))
        yield Candidate(both, f"{first.note}; {second.note}", first.prior * second.prior)


def _edited(text: str, edit: Edit) -> Candidate:
    return Candidate(apply(text, edit.splices), edit.note, edit.prior)


def _faster(text: str, facts: Facts) -> Iterator[Candidate]:
    """Every rule's text, the rules' expectation first; ruff's fixes last."""
    source = FunctionSource(text)
    rewrites: list[Rewrite] = [*performance.rewrites(source, facts), *ruff_fixes.rewrites(source)]
    for rewrite in rewrites:
        yield Candidate(rewrite.text, f"{rewrite.rule}: {rewrite.note}", rewrite.prior)
