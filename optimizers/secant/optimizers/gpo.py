"""GPO: prompts written anew from earlier ones and their scores, within a number of words that shrinks over the run.

    nearest scored prompts, cases, word budget -> n new prompts from one request -> mini-batch -> all select cases for
    the best of them -> the step's best is the next current prompt, better or not

After GPO (AAAI 2025, arXiv 2402.17564) in the form that the paper found best: relevant prompts with scores, no
reflection, cosine decay without warm-up, generation. Differences: what is retrieved are all prompts that were ever
measured, not the winners of steps only; scores are whole numbers from 0 to 100, with the cases they stand for, the most
alike prompt last (the released code shows fractions under a heading of 0 to 100, in the opposite order); the word
budget is measured, and an answer beyond it is asked for once more and then kept with a remark; n answers are one
request with n choices (theirs asks for 64 and uses 8); what is offered is the best that was measured on the select
cases.

The move downhill is a knob (`explore`). A step never goes back to an earlier step's winner: a text that was measured
before is no candidate. Calls of a step: `width`, and one for each answer that is asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State, StepCalls, TrajectoryEntry
from secant.optimizers.generation import (
    GenerationState,
    Requests,
    Subject,
    best,
    expected,
    move,
    prompts_only,
    proposal,
    settled,
    size,
    start,
    subject,
    text_of,
    troubles,
)
from secant.optimizers.generation_spec import COMMON, GenerationKnobs, GenerationSpec, with_slots
from secant.optimizers.path import required_model
from secant.optimizers.spec import default
from secant.prompting.asking import Objecting, Objection, ask
from secant.prompting.measure import tokens
from secant.prompting.render import SUFFIX, Prompt, Section, fill
from secant.search.retrieval import Retrieval, relevant
from secant.search.schedule import Schedule
from secant.search.selection import best_on_select, on_split
from secant.search.similarity import word_distance
from secant.search.trajectory import representative
from secant.types import Evaluation, Proposal, Task


class GPOKnobs(GenerationKnobs):
    """The numbers of GPO."""

    width: int = Field(ge=1)
    """New prompts of one step, asked for at once."""
    flavour: Literal["generate", "edit"]
    """Whether a new prompt is asked for, or a change of the current one."""
    explore: bool
    """Whether a step ends at its best prompt even where that is worse than the one before."""
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
        request=f"{COMMON} scale history current study generate edit budget",
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


class GPOOptimizer:
    """`--optimizer gpo`."""

    name = "gpo"
    state_type = GenerationState

    def __init__(self, spec: GPOSpec | None = None) -> None:
        self.spec = spec or default(self.name, GPOSpec)
        self.requests = Requests(self.spec, self.spec.knobs)

    def step_calls(self, task: Task) -> StepCalls:
        """`width` for each step, and no critique."""
        return StepCalls(versions=self.spec.knobs.width, critiques=0)

    def initialize(self, ctx: Context) -> GenerationState:
        """Raises BadRequest where no model is configured, and for what is no prompt."""
        required_model(ctx, self.name)
        prompts_only(ctx, self.name)
        here = start(ctx)
        return GenerationState(incumbent=here, after=ctx.step, plan=self._plan(ctx), done=settled(ctx, here))

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, GenerationState)
        model = required_model(ctx, self.name)
        knobs = self.spec.knobs
        here = subject(ctx, state.incumbent, state.after)
        most = self._words(ctx, state)
        prompt = self.request(ctx, state, here, most)
        replies = ask(
            model,
            ctx.budget,
            prompt,
            expected(here.part, prompt, here.part.text),
            count=knobs.width,
            again=self.spec.part("again") if knobs.ask_again else None,
            objection=self._objection(here, most),
        )
        return [self._flagged(proposal(here, reply, knobs.raw_tokens), most) for reply in replies]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[GenerationState, Decision]:
        assert isinstance(state, GenerationState)
        unused = troubles(ctx, state.troubles, scored, self.spec.knobs.troubles)
        found = best(scored)
        if found is None:
            reason = "nothing was measured" if scored else "nothing was proposed"
            return state.model_copy(update={"troubles": unused}), Decision(incumbent=state.incumbent, reason=reason)
        old = on_split(ctx.trajectory.evaluations(state.incumbent), "select")
        step = move(old, on_split(found.evaluations, "select"))
        goes = self.spec.knobs.explore or step.delta > 0
        incumbent = found.proposal.artifact.id if goes else state.incumbent
        changes = {"incumbent": incumbent, "troubles": unused, "done": settled(ctx, incumbent)}
        reason = f"{_direction(step.delta, goes=goes)}: {step}"
        accepted = (incumbent,) if goes else ()
        return state.model_copy(update=changes), Decision(accepted=accepted, incumbent=incumbent, reason=reason)

    def extract(self, ctx: Context, state: State) -> Extraction:
        ranking = best_on_select(ctx, self.spec.knobs.offered)
        return Extraction(ranking=ranking, reason="highest lower bound on the select cases")

    # A step

    def request(self, ctx: Context, state: GenerationState, here: Subject, most: int | None) -> Prompt:
        """The request for new prompts."""
        knobs, section = self.spec.knobs, self.requests.section
        measured = representative(ctx.trajectory.evaluations(here.base.id))
        values = self.requests.common(ctx, here, state.troubles)
        length = size(here.part.text)
        history = self._history(ctx, here)
        values |= {
            "scale": section("scale"),
            "history": history,
            "current": self.requests.scored("current", here.part.text, measured, tag="CURRENT"),
            "budget": "" if most is None else section("budget", words=str(most), size=length),
            "study": section("compare" if history else "alone"),
            "generate": section("generate") if knobs.flavour == "generate" else "",
            "edit": section("edit") if knobs.flavour == "edit" else "",
        }
        return self.requests.compose("request", values)

    def _history(self, ctx: Context, here: Subject) -> Section | str:
        """The measured prompts that are most like the current one, the most alike last; never the current one."""
        entries = list(_distinct(ctx.trajectory.last(len(ctx.trajectory)), here).values())
        texts = [text_of(e.proposal.artifact, here.part.name) for e in entries]
        places = relevant(here.part.text, texts, [tokens(text) for text in texts], self.spec.knobs.retrieval)
        told = [self.requests.scored("record", texts[n], entries[n].evaluation, tag="PROMPT") for n in places]
        return self.requests.section("history", records=told) if told else ""

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


def _distinct(entries: Sequence[TrajectoryEntry], here: Subject) -> dict[str, TrajectoryEntry]:
    """The entries by the text of the part: where several have it, the one on most cases, then the best. The current
    text is not among them, nor what was turned down for something other than its score.
    """
    found: dict[str, TrajectoryEntry] = {}
    for entry in entries:
        text = text_of(entry.proposal.artifact, here.part.name).strip()
        if entry.evaluation.rejected or text == here.part.text.strip():
            continue
        known = found.get(text)
        if known is None or _merit(entry.evaluation) > _merit(known.evaluation):
            found[text] = entry
    return found


def _merit(evaluation: Evaluation) -> tuple[int, float]:
    return evaluation.n, evaluation.mean


def _direction(delta: float, *, goes: bool) -> str:
    if not goes:
        return "not better, and the step stays"
    return "better" if delta > 0 else "downhill, to explore" if delta < 0 else "as good, to explore"
