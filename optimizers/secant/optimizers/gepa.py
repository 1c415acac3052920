"""GEPA (Agrawal et al., arXiv 2507.19457): reflective mutation of parents from the per-case Pareto front, and merges.

    draw a parent -> probe it on a few fit cases -> reflect, rewrite one part -> better on the same cases? -> all select

A parent is drawn in proportion to the select cases on which it is best, the dominated left out (search.pareto). The
parts take turns. A step asks one question, and none where the parent passes its mini-batch or where two parents of
several parts are merged. After a step that found something a merge may follow (`merges` in a run): see gepa_merging.

Differences from the published code: a merge has its first look on the same few select cases each time, not on some
drawn afresh, must do no worse there than its better parent, and enters the pool with the evaluation on all of them,
whatever that shows, as every survivor does; a single part is merged by asking for a crossover, which the code cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State, StepCalls
from secant.optimizers.filling import Values
from secant.optimizers.gepa_merging import Merge, alone, found, mean, merged
from secant.optimizers.spec import PartedSpec, default
from secant.optimizers.wording import (
    COMMON,
    Wording,
    cases,
    editable,
    expected,
    in_turn,
    prompt_model,
    proposal,
    select_cases,
    settled,
)
from secant.prompting.asking import ask
from secant.prompting.exemplars import shown
from secant.prompting.feedback import FeedbackLimits
from secant.prompting.history import standing
from secant.prompting.measure import first_line
from secant.prompting.render import Data, Prompt, Section
from secant.search.courses import ranking, solved
from secant.search.pareto import drawn, on_cases, undominated
from secant.types import Artifact, Case, Evaluation, Frozen, Part, Proposal, Task

_LINE = 160
"""Characters of a case that a crossover is shown."""


class GEPAKnobs(Frozen):
    """The numbers of a step."""

    probe_size: int = Field(ge=1)
    """Fit cases of the mini-batch on which a parent is reflected upon and its child has to be better."""
    merges: int = Field(ge=0)
    """Of a run, at most."""
    merge_cases: int = Field(ge=1)
    """Select cases of a merged version's first look."""
    crossover: bool
    """Whether a model is asked to merge what cannot be merged part by part."""
    examples: int = Field(ge=0)
    """Cases of each parent that such a request shows."""
    feedback: FeedbackLimits
    raw_tokens: int = Field(ge=20)
    ask_again: bool
    offered: int = Field(ge=1)


class GEPASpec(PartedSpec):
    """Its words and its numbers."""

    slots: ClassVar[Mapping[str, frozenset[str]]] = {
        **COMMON,
        "update": frozenset({"task", "current", "limits", "context", "feedback", "traces", "contract"}),
        "traces": frozenset({"value"}),
        "crossover": frozenset({"task", "versions", "limits", "context", "contract"}),
        "version": frozenset({"label", "standing", "value", "solved"}),
    }

    knobs: GEPAKnobs


class GEPAState(State):
    """The parent of the next step, or the merge that comes next."""

    parent: str = ""
    after: int = 0
    """The step in which it began; the parts take turns from there."""
    merge: Merge | None = None
    merged: tuple[str, ...] = ()
    """The pairs that were merged."""


class GEPAOptimizer:
    """`--optimizer gepa`."""

    name = "gepa"
    state_type = GEPAState

    def __init__(self, spec: GEPASpec | None = None) -> None:
        self.spec = spec or default(self.name, GEPASpec)
        self._words = Wording(self.spec, self.spec.knobs.feedback)

    def step_calls(self, task: Task) -> StepCalls:
        return StepCalls(versions=1, critiques=0)

    # The four operations

    def initialize(self, ctx: Context) -> GEPAState:
        """Raises BadRequest where no model is configured, or there is no prompt to refine."""
        prompt_model(ctx, self.name)
        return self._mutating(GEPAState(after=ctx.step), ctx.seed.id)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, GEPAState)
        if state.merge is not None:
            return self._merged(ctx, state, state.merge)
        probe = ctx.probes.get(state.parent)
        if probe is None or probe.all_passed:
            return []  # nothing to learn from this batch, and nothing is asked
        base = ctx.trajectory.artifact(state.parent)
        part = self._part(ctx, state, base)
        return self._asked(ctx, base, part, self._update_prompt(ctx, base, part, probe))

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[GEPAState, Decision]:
        assert isinstance(state, GEPAState)
        new = [s.proposal.artifact.id for s in scored if settled(ctx, s.evaluations) is not None]
        fronts = on_cases(ctx.trajectory.best_per_case(), select_cases(ctx))
        members = {identity for ids in fronts.values() for identity in ids}
        weights = undominated(fronts, {identity: mean(ctx, identity) for identity in members})
        changed = self._next(ctx, state, weights, found_new=bool(new))
        changed = changed.model_copy(update={"done": any(solved(ctx, identity) for identity in new)})
        reason = _reason(state, scored, new)
        return changed, Decision(accepted=tuple(new), incumbent=changed.parent, reason=reason)

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction(ranking=ranking(ctx, self.spec.knobs.offered), reason="best by what was measured")

    # What comes next

    def _next(self, ctx: Context, state: GEPAState, weights: Mapping[str, int], *, found_new: bool) -> GEPAState:
        """A merge after a step that found something, where there is one; else a mutation of a parent that is drawn."""
        knobs = self.spec.knobs
        if state.merge is not None:
            state = state.model_copy(update={"merge": None, "merged": (*state.merged, state.merge.pair)})
        elif found_new and len(state.merged) < knobs.merges:
            merge = found(ctx, list(weights), state.merged, ctx.rng, crossover=knobs.crossover)
            if merge is not None:
                return self._merging(state, merge)
        return self._mutating(state, drawn(weights, ctx.rng) or ctx.seed.id)

    def _mutating(self, state: GEPAState, parent: str) -> GEPAState:
        size = self.spec.knobs.probe_size
        plan = Plan(stages=(Stage(split="fit", size=size, gate="better"), Stage()))
        return state.model_copy(update={"parent": parent, "focus": (parent,), "probe_size": size, "plan": plan})

    def _merging(self, state: GEPAState, merge: Merge) -> GEPAState:
        plan = Plan(stages=(Stage(size=self.spec.knobs.merge_cases, gate="not_worse"), Stage()))
        return state.model_copy(
            update={"parent": merge.first, "merge": merge, "focus": (), "probe_size": 0, "plan": plan}
        )

    # A step

    def _part(self, ctx: Context, state: GEPAState, base: Artifact) -> Part:
        return in_turn(base, ctx.step - state.after - 1)

    def _merged(self, ctx: Context, state: GEPAState, merge: Merge) -> Sequence[Proposal]:
        first = ctx.trajectory.artifact(merge.first)
        parents = (merge.first, merge.second)
        if not merge.ancestor:
            part = self._part(ctx, state, first)
            return self._asked(ctx, first, part, self._crossover_prompt(ctx, merge, first, part), parents)
        new = merged(ctx, merge)
        old = {part.name: part.text for part in first.parts}
        changed = tuple(part.name for part in new.parts if part.text != old[part.name])
        why = f"merged from two versions: {', '.join(changed)} from the second"
        return [Proposal(artifact=new, parents=parents, changed=changed, rationale=why)]

    def _asked(
        self, ctx: Context, base: Artifact, part: Part, prompt: Prompt, parents: Sequence[str] = ()
    ) -> Sequence[Proposal]:
        knobs = self.spec.knobs
        again = self.spec.part("again") if knobs.ask_again else None
        model = prompt_model(ctx, self.name)
        replies = ask(model, ctx.budget, prompt, expected(part, prompt), count=1, again=again)
        return [proposal(base, part, reply, raw_tokens=knobs.raw_tokens, parents=parents) for reply in replies]

    # Requests

    def _update_prompt(self, ctx: Context, base: Artifact, part: Part, probe: Evaluation) -> Prompt:
        values = self._words.subject(ctx, base, part, settled(ctx, ctx.trajectory.evaluations(base.id)) or probe)
        traces = self._words.traces(probe)
        values["feedback"] = self._words.measured(ctx, probe)
        values["traces"] = self._words.section("traces", value=Data("TRACES", traces)) if traces else ""
        values["contract"] = self._words.section("contract")
        return self._words.composed("update", values)

    def _crossover_prompt(self, ctx: Context, merge: Merge, first: Artifact, part: Part) -> Prompt:
        values: Values = {
            key: value for key, value in self._words.subject(ctx, first, part, None).items() if key != "current"
        }
        values["versions"] = [
            self._version(ctx, "A", part.name, merge.first, merge.second),
            self._version(ctx, "B", part.name, merge.second, merge.first),
        ]
        values["contract"] = self._words.section("contract")
        return self._words.composed("crossover", values)

    def _version(self, ctx: Context, label: str, name: str, identity: str, other: str) -> Section:
        """A parent, and cases that it alone gets right: what goes in, not what is expected."""
        known, right = cases(ctx), alone(ctx, identity, other)
        examples = [_told(known[case]) for case in right[: self.spec.knobs.examples]]
        more = len(right) - len(examples)
        solved = "\n".join([*examples, *([f"and {more} more"] if more else [])])
        artifact = ctx.trajectory.artifact(identity)
        text = next(part.text for part in editable(artifact) if part.name == name)
        measured = settled(ctx, ctx.trajectory.evaluations(identity))
        return self._words.section(
            "version",
            label=label,
            standing=standing(measured, ctx.task) if measured is not None else "",
            value=Data("VERSION", text.rstrip("\n")),
            solved=Data("SOLVED", solved),
        )


def _told(case: Case) -> str:
    return case.id if case.input is None else first_line(shown(case.input), _LINE)


def _reason(state: GEPAState, scored: Sequence[Scored], new: Sequence[str]) -> str:
    if new:
        return "the two were merged" if state.merge is not None else scored[0].proposal.rationale or "better"
    if not scored:
        return "everything passed on this batch"
    return "not better on the same cases" if any(s.evaluations for s in scored) else "no usable answer"
