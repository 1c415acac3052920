"""APE: prompts inferred from cases with their answers, thinned out by successive halving, and said in other words.

    q samples of cases -> n prompts for each -> successive halving -> the best -> variations of them -> halving -> ...

After APE (ICLR 2023, arXiv 2211.01910), forward induction, with the two steps that its paper describes and its released
code lacks: the adaptive filter (every prompt is tried on a few cases, the better ones on twice as many, and so on) and
the iterative search (variations of the survivors). All prompts see the same cases in the same order (theirs see
different ones), cases are shown from the fit split and prompts are measured on the select split (theirs uses the same
for both), and the number of (prompt, case) pairs is never exceeded. Cases are drawn so that every expected answer comes
once before any comes twice, and where the answers are names from a fixed set a request lists all of them: a few cases
drawn at random lack some, and a prompt that follows from them would name too few, or make some up.

It does not look at the original: that is only what a prompt has to beat. Calls: `samples` x `demonstration_sets` in the
first step, at most `keep` x `variations` in each of `rounds` further steps, and one for each answer that is asked for
again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import Field

from secant.errors import BadRequest
from secant.optimizer import Context, Decision, Plan, Scored, Stage, State, StepCalls
from secant.optimizers.generation import (
    GenerationOptimizer,
    GenerationState,
    ShownCases,
    Subject,
    finished,
    start,
    subject,
)
from secant.optimizers.generation_spec import COMMON, GenerationKnobs, GenerationSpec, with_slots
from secant.optimizers.shown_cases import answers
from secant.optimizers.spec import default
from secant.optimizers.wording import editable, expected, prompt_model, proposal
from secant.prompting.asking import Request, ask_each
from secant.prompting.render import Data, Prompt
from secant.search.selection import lower_bound, on_split
from secant.types import Proposal, Task


class APEKnobs(GenerationKnobs):
    """The numbers of APE. The exemplars are the demonstrations of one set."""

    demonstration_sets: int = Field(ge=1)
    samples: int = Field(ge=1)
    """Prompts inferred from each."""
    keep: int = Field(ge=1)
    """Survivors of a halving."""
    pulls: int | None = Field(ge=0)
    """(Prompt, case) evaluations of a step at most; none: as many as bring the survivors to all select cases."""
    rounds: int = Field(ge=0)
    """Steps of variations behind the first."""
    variations: int = Field(ge=1)
    """Of each survivor."""
    answers: int = Field(ge=0)
    """Names of a fixed set that a request lists at most."""


class APESpec(GenerationSpec):
    """APE as data."""

    slots = with_slots(
        induce=f"{COMMON} answers instruction names",
        vary=f"{COMMON} value instruction",
        original="value",
        answers="value",
        induction="",
        names="",
        variation="",
    )

    knobs: APEKnobs


class APEState(GenerationState):
    """Where APE stands."""

    survivors: tuple[str, ...] = ()


class APEOptimizer(GenerationOptimizer):
    """`--optimizer ape`."""

    name = "ape"
    state_type = APEState

    def __init__(self, spec: APESpec | None = None) -> None:
        self.spec = spec or default(self.name, APESpec)
        super().__init__(self.spec, self.spec.knobs)

    def step_calls(self, task: Task) -> StepCalls:
        """The mean over its steps; see the module for each."""
        knobs = self.spec.knobs
        all_steps = knobs.demonstration_sets * knobs.samples + knobs.rounds * knobs.keep * knobs.variations
        return StepCalls(versions=math.ceil(all_steps / (1 + knobs.rounds)), critiques=0)

    def initialize(self, ctx: Context) -> APEState:
        """Raises BadRequest where no model is configured, for what is no prompt, and without any expected answer."""
        prompt_model(ctx, self.name)
        if all(case.expected is None for case in ctx.cases.get("fit", ())):
            said = "the optimizer ape infers a prompt from expected answers, and no case has one"
            raise BadRequest(said, hint="Take gpo or opro, or add answers to the cases.")
        knobs = self.spec.knobs
        return APEState(
            incumbent=ctx.seed.id,
            after=ctx.step,
            plan=self._plan(ctx, knobs.demonstration_sets * knobs.samples),
            done=finished(ctx, start(ctx)),
        )

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, APEState)
        model = prompt_model(ctx, self.name)
        knobs = self.spec.knobs
        subjects = self._subjects(ctx, state)
        prompts = [self.vary(ctx, here) if state.survivors else self.induce(ctx, here) for here in subjects]
        count = knobs.variations if state.survivors else knobs.samples
        asked = [
            (here, Request(prompt, expected(here.part, prompt)))
            for here, prompt in zip(subjects, prompts, strict=True)
            for _ in range(count)
        ]
        replies = ask_each(model, ctx.budget, [request for _, request in asked], again=self.again)
        most = knobs.raw_tokens
        answered = zip(asked, replies, strict=False)
        return [proposal(here.base, here.part, reply, raw_tokens=most) for (here, _), reply in answered]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[APEState, Decision]:
        assert isinstance(state, APEState)
        knobs = self.spec.knobs
        kept = self._kept(ctx)
        best = kept[0] if kept else state.incumbent
        over = ctx.step - state.after > knobs.rounds
        changes = {
            "incumbent": best,
            "survivors": kept,
            "troubles": self.troubles(ctx, state.troubles, scored),
            "plan": self._plan(ctx, len(kept) * knobs.variations) if kept else state.plan,
            "done": over or finished(ctx, best),
        }
        tried = sum(1 for s in scored if s.evaluations)
        reason = f"{tried} prompts tried, {len(kept)} kept"
        return state.model_copy(update=changes), Decision(accepted=kept, incumbent=best, reason=reason)

    # A step

    def induce(self, ctx: Context, here: Subject) -> Prompt:
        """The request for a prompt that cases follow from; each with cases of its own."""
        section = self.requests.section
        names = answers(ctx, self.spec.knobs.answers)
        values = self.requests.common(ctx, here, self.requests.cases(ctx)) | {
            "answers": section("answers", value=Data("ANSWERS", "\n".join(names))) if names else "",
            "instruction": section("induction"),
            "names": section("names") if names else "",
        }
        return self.requests.composed("induce", values)

    def vary(self, ctx: Context, here: Subject) -> Prompt:
        """The request for other words."""
        values = self.requests.common(ctx, here, ShownCases()) | {
            "value": self.requests.section("original", value=Data("CURRENT", here.part.text.rstrip("\n"))),
            "instruction": self.requests.section("variation"),
        }
        return self.requests.composed("vary", values)

    def _subjects(self, ctx: Context, state: APEState) -> list[Subject]:
        """What the requests of a step write: the seed's parts in turn, or one part of each survivor."""
        if state.survivors:
            return [subject(ctx, identity, state.after) for identity in state.survivors]
        parts = editable(ctx.seed)
        return [Subject(ctx.seed, parts[n % len(parts)]) for n in range(self.spec.knobs.demonstration_sets)]

    def _kept(self, ctx: Context) -> tuple[str, ...]:
        """The best survivors of all halvings, by the lower bound of their scores."""
        measured = [
            (e.proposal.artifact.id, on_split(ctx.trajectory.evaluations(e.proposal.artifact.id), "select"))
            for e in ctx.trajectory.top(len(ctx.trajectory))
            if e.step > 0
        ]
        known = [(identity, lower_bound(e)) for identity, e in measured if e is not None]
        ranked = sorted(known, key=lambda each: -each[1])
        return tuple(identity for identity, _ in ranked[: self.spec.knobs.keep])

    def _plan(self, ctx: Context, arms: int) -> Plan:
        knobs = self.spec.knobs
        rounds = max(1, math.ceil(math.log2(max(1, arms))))
        pulls = rounds * knobs.keep * len(ctx.cases.get("select", ())) if knobs.pulls is None else knobs.pulls
        settings = {"pulls": pulls, "keep": knobs.keep}
        return Plan(allocator="successive_halving", stages=(Stage(),), settings=settings)
