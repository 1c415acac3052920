"""OPRO: new prompts from the best ones so far and their scores, in ascending order.

    20 best prompts with scores, cases that the best gets wrong -> n new prompts from one request -> all fit cases ->
    all select cases for the step's best

After OPRO (ICLR 2024, arXiv 2309.03409): a scored trajectory and no reflection, 8 new prompts in a step, each measured
on the whole fit split, and all of them join the trajectory. Differences: prompts that repeat anything measured are
never measured again, the first prompt included (theirs is missing from the set); an answer without tags never becomes a
prompt; the filters count their rejects; and what is offered is chosen on the select cases, which no request ever
speaks of, because the best of hundreds on its own training cases is partly luck.

The paper shows three cases drawn at random (its code has those that go wrong most often as an option). Here the cases
come first that the best prompt gets wrong, each with the answer that it led to, and of every prompt it is told on which
of them it is wrong: a rule that no shown case follows cannot be found, and a score alone does not tell prompts apart
that tie. Of the same score the shorter stands later, where the paper goes by age.

Where there are no fit cases of their own the select cases serve for both, as in the paper. Calls of a step: `width`,
and one for each answer that is asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from pydantic import Field

from secant.optimizer import Context, Decision, Plan, Scored, Stage, State, StepCalls, Trajectory
from secant.optimizers.generation import (
    GenerationOptimizer,
    GenerationState,
    ShownCases,
    Subject,
    cases,
    finished,
    score,
    start,
    subject,
    text_of,
    wrong,
)
from secant.optimizers.generation_spec import COMMON, MEASURED, GenerationKnobs, GenerationSpec, with_slots
from secant.optimizers.opro_entries import Entries, Entry, best, brief
from secant.optimizers.spec import default
from secant.optimizers.wording import prompt_model
from secant.prompting.render import Data, Prompt, Section
from secant.types import Evaluation, Proposal, Split, Task

_SPLITS: tuple[Split, ...] = ("fit", "select")
_DIGIT = re.compile(r"\d")


class OPROKnobs(GenerationKnobs):
    """The numbers of OPRO."""

    width: int = Field(ge=1)
    """New prompts of one step, asked for at once."""
    window: int = Field(ge=1)
    """Scored prompts that are shown, the best."""
    window_tokens: int = Field(ge=1)
    """For all of them; the worst are left out first."""
    threshold: int = Field(ge=0, le=100)
    """Prompts that score less are not shown, unless no other is left."""
    survivors: int = Field(ge=1)
    """The best of a step on the fit cases, which are tried on the select cases."""
    characters: int = Field(ge=1)
    """A new prompt is no longer than this, or than twice the original where that is more."""
    digits: bool
    """Whether a new prompt may hold digits; without, answers cannot be copied into it (the paper's rule for GSM8K)."""


class OPROSpec(GenerationSpec):
    """OPRO as data."""

    slots = with_slots(
        **MEASURED,
        request=f"{COMMON} scale history study failing instruction",
        scale="",
        history="records",
        record="score cases shown value",
        missed="numbers",
        met="",
        study="",
        instruction="",
    )

    knobs: OPROKnobs


class OPROState(GenerationState):
    """Where OPRO stands."""

    split: Split = "fit"
    """The cases by which prompts are shown and compared."""
    seed: Evaluation | None = None
    """The original on the fit cases."""


class OPROOptimizer(GenerationOptimizer):
    """`--optimizer opro`."""

    name = "opro"
    state_type = OPROState

    def __init__(self, spec: OPROSpec | None = None) -> None:
        self.spec = spec or default(self.name, OPROSpec)
        super().__init__(self.spec, self.spec.knobs)
        self._read: WeakKeyDictionary[Trajectory, dict[tuple[Split, str], Entries]] = WeakKeyDictionary()

    def step_calls(self, task: Task) -> StepCalls:
        """`width` for each step, and no critique."""
        return StepCalls(versions=self.spec.knobs.width, critiques=0)

    def initialize(self, ctx: Context) -> OPROState:
        """Raises BadRequest where no model is configured, and for what is no prompt."""
        prompt_model(ctx, self.name)
        fit, select = ([case.id for case in ctx.cases.get(split, ())] for split in _SPLITS)
        here = start(ctx)
        begun = OPROState(incumbent=here, after=ctx.step, done=finished(ctx, here))
        if not fit or fit == select:
            return begun.model_copy(update={"split": "select", "plan": Plan(stages=(Stage(),))})
        plan = Plan(stages=(Stage(split="fit", keep=self.spec.knobs.survivors), Stage()))
        return begun.model_copy(update={"plan": plan, "focus": (ctx.seed.id,), "probe_size": len(fit)})

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, OPROState)
        here = subject(ctx, state.incumbent, state.after)
        longest = max(self.spec.knobs.characters, 2 * len(text_of(ctx.seed, here.part.name)))
        here = self._limited(here, longest)
        proposals = self.written(ctx, here, self.request(ctx, state, here), count=self.spec.knobs.width)
        return [self._filtered(proposal, here, longest) for proposal in proposals]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[OPROState, Decision]:
        assert isinstance(state, OPROState)
        unused = self.troubles(ctx, state.troubles, scored)
        known = self._known(ctx, state).model_copy(update={"focus": (), "probe_size": 0, "troubles": unused})
        added = tuple(s.proposal.artifact.id for s in scored if s.evaluations)
        top = max(self._entries(ctx, known), key=lambda entry: entry.merit)
        done = any(finished(ctx, identity) for identity in added)
        changed = known.model_copy(update={"incumbent": top.artifact, "done": done})
        found = f"{score(top.evaluation)} on {cases(top.evaluation.n)}"
        reason = f"{len(added)} more scored prompts, the best so far scores {found}"
        return changed, Decision(accepted=added, incumbent=top.artifact, reason=reason)

    # A step

    def request(self, ctx: Context, state: OPROState, here: Subject) -> Prompt:
        """The request for new prompts."""
        section = self.requests.section
        knobs, known = self.spec.knobs, self._known(ctx, state)
        scored = self._entries(ctx, known, here.part.name)
        window = best(scored, count=knobs.window, tokens=knobs.window_tokens, threshold=knobs.threshold)
        tried = [entry.evaluation for entry in window if entry.evaluation.split == known.split]
        shown = self.requests.cases(ctx, tried[-1] if tried else None, numbered=True)
        values = self.requests.common(ctx, here, shown, state.troubles) | {
            "scale": section("scale"),
            "history": section("history", records=[self._record(entry, shown) for entry in window]),
            "study": section("study") if shown.ids and len(window) > 1 else "",
            "instruction": section("instruction"),
        }
        return self.requests.composed("request", values)

    def _record(self, entry: Entry, shown: ShownCases) -> Section:
        """A prompt, its score, and on which of the shown cases it is wrong, where it was tried on them."""
        results = {r.case_id: r for r in entry.evaluation.results}
        told: Section | str = ""
        if shown.ids and results.keys() >= set(shown.ids):
            numbers = ", ".join(map(str, wrong(shown.ids, results)))
            told = self.requests.section("missed", numbers=numbers) if numbers else self.requests.section("met")
        return self.requests.section(
            "record",
            score=score(entry.evaluation),
            cases=cases(entry.evaluation.n),
            shown=told,
            value=Data("PROMPT", entry.text.rstrip("\n")),
        )

    def _entries(self, ctx: Context, known: OPROState, part: str = "") -> Sequence[Entry]:
        """Every measured prompt, by one of its parts."""
        read = self._read.setdefault(ctx.trajectory, {})
        return read.setdefault((known.split, part), Entries(known.split, part)).read(ctx, known.seed)

    def _known(self, ctx: Context, state: OPROState) -> OPROState:
        """With what this step measured of the original; of its answers as much as a request shows."""
        probe = ctx.probes.get(ctx.seed.id)
        if probe is None:
            return state
        return state.model_copy(update={"seed": brief(probe, self.spec.knobs.exemplars.each)})

    def _limited(self, here: Subject, longest: int) -> Subject:
        """With the filters among what every prompt must keep to: a model that knows them need not run into them."""
        told = [f"no more than {longest} characters (about {longest // 6} words), even where more words are allowed"]
        told += [] if self.spec.knobs.digits else ["no digits"]
        return here._replace(part=here.part.model_copy(update={"constraints": (*here.part.constraints, *told)}))

    def _filtered(self, candidate: Proposal, here: Subject, longest: int) -> Proposal:
        """OPRO's filters: what is too long, and digits where they are not wanted."""
        text = text_of(candidate.artifact, here.part.name)
        if candidate.status != "ok":
            return candidate
        why = f"it has more than {longest} characters" if len(text) > longest else ""
        if not self.spec.knobs.digits and _DIGIT.search(text):
            why = "it holds digits"
        if not why:
            return candidate
        return candidate.model_copy(update={"status": "constraint", "rationale": f"{why}\n\n{candidate.rationale}"})
