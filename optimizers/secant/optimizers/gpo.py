"""GPO: prompts written anew from earlier ones and their scores, within a number of words that shrinks over the run.

    current prompt on a few fit cases -> those that it gets wrong, nearest scored prompts, word budget -> n new prompts
    from one request -> mini-batch -> all select cases for the best of them -> the step's best is the next current
    prompt, better or not

After GPO (AAAI 2025, arXiv 2402.17564) in the form that the paper found best: relevant prompts with scores, no
reflection, cosine decay without warm-up, generation. Differences: what is retrieved are all prompts that were ever
measured, not the winners of steps only; scores are whole numbers from 0 to 100, with the cases they stand for, the most
alike prompt last (the released code shows fractions under a heading of 0 to 100, in the opposite order); the word
budget is measured, and an answer beyond it is asked for once more and then kept with a remark; n answers are one
request with n choices (theirs asks for 64 and uses 8); what is offered is the best that was measured on the select
cases. The paper runs the current prompt on a mini-batch of training cases in each step and only logs what comes of it,
and shows cases from a small split of their own. Here the cases that are shown are from that mini-batch, those first
that the current prompt gets wrong, each with the answer that it led to: a rule that no shown case follows cannot be
found, and scores do not tell it. That is no reflection, which the paper found harmful: nobody is asked for reasons.

The move downhill is a knob (`explore`). A step never goes back to an earlier step's winner: a text that was measured
before is no candidate. Calls of a step: `width`, and one for each answer that is asked for again; the current prompt
is run on `probe` cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from weakref import WeakKeyDictionary

from pydantic import Field

from secant.optimizer import Context, Decision, Plan, Scored, Stage, State, StepCalls, Trajectory
from secant.optimizers.generation import (
    GenerationOptimizer,
    GenerationState,
    Subject,
    best,
    finished,
    move,
    size,
    start,
    subject,
    text_of,
)
from secant.optimizers.generation_spec import COMMON, MEASURED, GenerationKnobs, GenerationSpec, with_slots
from secant.optimizers.spec import default
from secant.optimizers.wording import prompt_model
from secant.prompting.asking import Objecting, Objection
from secant.prompting.measure import tokens
from secant.prompting.render import Prompt, Section
from secant.prompting.template import SUFFIX, fill
from secant.search.library import Library
from secant.search.retrieval import Retrieval
from secant.search.schedule import Schedule
from secant.search.selection import on_split
from secant.search.similarity import word_distance
from secant.search.trajectory import representative
from secant.types import Proposal, Task


class GPOKnobs(GenerationKnobs):
    """The numbers of GPO."""

    width: int = Field(ge=1)
    """New prompts of one step, asked for at once."""
    flavour: Literal["generate", "edit"]
    """Whether a new prompt is asked for, or a change of the current one."""
    explore: bool
    """Whether a step ends at its best prompt even where that is worse than the one before."""
    probe: int = Field(ge=0)
    """Fit cases on which the current prompt is run before a step, to show those that it gets wrong."""
    batch: int = Field(ge=1)
    """Select cases on which every new prompt is tried, always the same ones."""
    survivors: int = Field(ge=1)
    """The best on them, which are tried on all."""
    retrieval: Retrieval
    words: Schedule | None
    """Words that a new prompt may differ by from the current one. Its steps are the run's where that says how many
    they are at most."""
    slack: float = Field(ge=1)
    """What is allowed before an answer is asked for again, as a multiple of the words that the request states."""


class GPOSpec(GenerationSpec):
    """GPO as data."""

    slots = with_slots(
        **MEASURED,
        request=f"{COMMON} scale history current study failing generate edit budget",
        scale="",
        history="records",
        record="score cases value",
        current="score cases value",
        budget="words size",
        over="words changed",
        compare="",
        alone="",
        generate="",
        edit="",
    )

    knobs: GPOKnobs


class GPOOptimizer(GenerationOptimizer):
    """`--optimizer gpo`."""

    name = "gpo"
    state_type = GenerationState

    def __init__(self, spec: GPOSpec | None = None) -> None:
        self.spec = spec or default(self.name, GPOSpec)
        super().__init__(self.spec, self.spec.knobs)
        self._libraries: WeakKeyDictionary[Trajectory, dict[str, Library]] = WeakKeyDictionary()

    def step_calls(self, task: Task) -> StepCalls:
        """`width` for each step, and no critique."""
        return StepCalls(versions=self.spec.knobs.width, critiques=0)

    def initialize(self, ctx: Context) -> GenerationState:
        """Raises BadRequest where no model is configured, and for what is no prompt."""
        prompt_model(ctx, self.name)
        here = start(ctx)
        begun = GenerationState(incumbent=here, after=ctx.step, plan=self._plan(ctx), done=finished(ctx, here))
        return begun.model_copy(update=self._probed(ctx, here))

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, GenerationState)
        here = subject(ctx, state.incumbent, state.after)
        most = self._words(ctx, state)
        prompt = self.request(ctx, state, here, most)
        against = self._objection(here, most)
        proposals = self.written(ctx, here, prompt, count=self.spec.knobs.width, objection=against)
        return [self._flagged(proposal, most) for proposal in proposals]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[GenerationState, Decision]:
        assert isinstance(state, GenerationState)
        unused = self.troubles(ctx, state.troubles, scored)
        found = best(scored)
        if found is None:
            reason = "nothing was measured" if scored else "nothing was proposed"
            return state.model_copy(update={"troubles": unused}), Decision(incumbent=state.incumbent, reason=reason)
        old = on_split(ctx.trajectory.evaluations(state.incumbent), "select")
        step = move(old, on_split(found.evaluations, "select"))
        goes = self.spec.knobs.explore or step.delta > 0
        incumbent = found.proposal.artifact.id if goes else state.incumbent
        changes = {"incumbent": incumbent, "troubles": unused, "done": finished(ctx, incumbent)}
        changed = state.model_copy(update={**changes, **self._probed(ctx, incumbent)})
        reason = f"{_direction(step.delta, goes=goes)}: {step}"
        accepted = (incumbent,) if goes else ()
        return changed, Decision(accepted=accepted, incumbent=incumbent, reason=reason)

    # A step

    def request(self, ctx: Context, state: GenerationState, here: Subject, most: int | None) -> Prompt:
        """The request for new prompts."""
        knobs, section = self.spec.knobs, self.requests.section
        measured = representative(ctx.trajectory.evaluations(here.base.id))
        shown = self.requests.cases(ctx, ctx.probes.get(here.base.id))
        values = self.requests.common(ctx, here, shown, state.troubles)
        length = size(here.part.text)
        history = self._history(ctx, here)
        values |= {
            "scale": section("scale"),
            "history": history,
            "current": self.requests.scored("current", here.part.text, measured, tag="CURRENT"),
            "budget": "" if most is None else section("budget", words=str(most), size=length),
            "study": section("compare") if history else "" if shown.failing else section("alone"),
            "generate": section("generate") if knobs.flavour == "generate" else "",
            "edit": section("edit") if knobs.flavour == "edit" else "",
        }
        return self.requests.composed("request", values)

    def _history(self, ctx: Context, here: Subject) -> Section | str:
        """The measured prompts that are most like the current one, the most alike last; never the current one."""
        name = here.part.name
        library = self._libraries.setdefault(ctx.trajectory, {}).setdefault(name, Library(name, tokens))
        library.read(ctx.trajectory)
        told = [
            self.requests.scored("record", text_of(entry.proposal.artifact, name), entry.evaluation, tag="PROMPT")
            for entry in library.relevant(here.part.text, self.spec.knobs.retrieval)
        ]
        return self.requests.section("history", records=told) if told else ""

    def _probed(self, ctx: Context, incumbent: str) -> dict[str, object]:
        """What the current prompt is run on before the next step: less where few calls are left for the step itself."""
        knobs = self.spec.knobs
        size, left = knobs.probe, ctx.budget.remaining("calls")
        if left is not None:
            first_look = min(knobs.batch, len(ctx.cases.get("select", ())))
            size = max(0, min(size, int(left) - knobs.width - first_look))
        return {"focus": (incumbent,) if size else (), "probe_size": size}

    def _plan(self, ctx: Context) -> Plan:
        """A first look at the same few cases for all; on few cases all are the first look."""
        knobs = self.spec.knobs
        if len(ctx.cases.get("select", ())) <= knobs.batch:
            return Plan(stages=(Stage(),))
        return Plan(stages=(Stage(size=knobs.batch, keep=knobs.survivors), Stage()))

    def _words(self, ctx: Context, state: GenerationState) -> int | None:
        """The word budget of this step, the first being 1."""
        schedule = self.spec.knobs.words
        if schedule is None:
            return None
        steps = ctx.task.facts.get("steps")
        if isinstance(steps, int) and steps > 0:
            schedule = schedule.model_copy(update={"steps": steps})
        return schedule.words(max(1, ctx.step - state.after))

    def _objection(self, here: Subject, most: int | None) -> Objecting:
        def against(text: str) -> Objection | None:
            changed = word_distance(text, here.part.text)
            if most is None or changed <= most * self.spec.knobs.slack:
                return None
            values = {"words": str(most), "changed": str(changed), SUFFIX: ""}
            return Objection(changed, fill(self.spec.part("over"), values))

        return against

    def _flagged(self, candidate: Proposal, most: int | None) -> Proposal:
        if candidate.status != "ok" or most is None or candidate.edit_words <= most * self.spec.knobs.slack:
            return candidate
        said = f"{candidate.rationale} (differs by {candidate.edit_words} words; {most} were allowed)".strip()
        return candidate.model_copy(update={"rationale": said})


def _direction(delta: float, *, goes: bool) -> str:
    if not goes:
        return "not better, and the step stays"
    return "better" if delta > 0 else "downhill, to explore" if delta < 0 else "as good, to explore"
