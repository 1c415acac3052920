"""OPRO: new prompts from the best ones so far and their scores, in ascending order.

    20 best prompts with scores, 3 cases -> n new prompts from one request -> all fit cases -> all select cases for the
    step's best

After OPRO (ICLR 2024, arXiv 2309.03409): a scored trajectory and no reflection, 8 new prompts in a step, each measured
on the whole fit split, and all of them join the trajectory. Differences: prompts that repeat anything measured are
never measured again, the first prompt included (theirs is missing from the set); an answer without tags never becomes a
prompt; the filters count their rejects; and what is offered is chosen on the select cases, which no request ever
speaks of, because the best of hundreds on its own training cases is partly luck.

Where there are no fit cases of their own the select cases serve for both, as in the paper. Calls of a step: `width`,
and one for each answer that is asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import Field

from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State, StepCalls
from secant.optimizers.generation import (
    GenerationState,
    Requests,
    Subject,
    cases,
    expected,
    prompts_only,
    proposal,
    settled,
    start,
    subject,
    text_of,
    troubles,
)
from secant.optimizers.generation_spec import COMMON, GenerationKnobs, GenerationSpec, with_slots
from secant.optimizers.path import required_model
from secant.optimizers.spec import default
from secant.prompting.asking import ask
from secant.prompting.render import Data, Prompt
from secant.search.selection import best_on_select, on_split
from secant.types import Proposal, Split, Task

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
        request=f"{COMMON} scale history instruction",
        scale="",
        history="records",
        record="score cases value",
        instruction="",
    )

    knobs: OPROKnobs


class OPROState(GenerationState):
    """Where OPRO stands."""

    split: Split = "fit"
    """The cases by which prompts are shown and compared."""
    seed_mean: float | None = None
    """The original's on them."""


class Entry(NamedTuple):
    """A scored prompt."""

    artifact: str
    text: str
    mean: float
    n: int

    @property
    def score(self) -> int:
        """From 0 to 100."""
        return round(100 * self.mean)


class OPROOptimizer:
    """`--optimizer opro`."""

    name = "opro"
    state_type = OPROState

    def __init__(self, spec: OPROSpec | None = None) -> None:
        self.spec = spec or default(self.name, OPROSpec)
        self.requests = Requests(self.spec, self.spec.knobs)

    def step_calls(self, task: Task) -> StepCalls:
        """`width` for each step, and no critique."""
        return StepCalls(versions=self.spec.knobs.width, critiques=0)

    def initialize(self, ctx: Context) -> OPROState:
        """Raises BadRequest where no model is configured, and for what is no prompt."""
        required_model(ctx, self.name)
        prompts_only(ctx, self.name)
        fit, select = ([case.id for case in ctx.cases.get(split, ())] for split in _SPLITS)
        here = start(ctx)
        begun = OPROState(incumbent=here, after=ctx.step, done=settled(ctx, here))
        if not fit or fit == select:
            return begun.model_copy(update={"split": "select", "plan": Plan(stages=(Stage(),))})
        plan = Plan(stages=(Stage(split="fit", keep=self.spec.knobs.survivors), Stage()))
        return begun.model_copy(update={"plan": plan, "focus": (ctx.seed.id,), "probe_size": len(fit)})

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, OPROState)
        model = required_model(ctx, self.name)
        knobs = self.spec.knobs
        here = subject(ctx, state.incumbent, state.after)
        longest = max(knobs.characters, 2 * len(text_of(ctx.seed, here.part.name)))
        here = self._limited(here, longest)
        prompt = self.request(ctx, state, here)
        replies = ask(
            model,
            ctx.budget,
            prompt,
            expected(here.part, prompt, here.part.text),
            count=knobs.width,
            again=self.spec.part("again") if knobs.ask_again else None,
        )
        return [self._filtered(proposal(here, reply, knobs.raw_tokens), here, longest) for reply in replies]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[OPROState, Decision]:
        assert isinstance(state, OPROState)
        probe = ctx.probes.get(ctx.seed.id)
        known = state.model_copy(
            update={
                "focus": (),
                "probe_size": 0,
                "seed_mean": state.seed_mean if probe is None else probe.mean,
                "troubles": troubles(ctx, state.troubles, scored, self.spec.knobs.troubles),
            }
        )
        added = tuple(s.proposal.artifact.id for s in scored if s.evaluations)
        best = max(entries(ctx, known), key=lambda entry: entry.mean)
        done = any(settled(ctx, identity) for identity in added)
        changed = known.model_copy(update={"incumbent": best.artifact, "done": done})
        reason = f"{len(added)} more scored prompts, the best so far scores {best.score} on {cases(best.n)}"
        return changed, Decision(accepted=added, incumbent=best.artifact, reason=reason)

    def extract(self, ctx: Context, state: State) -> Extraction:
        ranking = best_on_select(ctx, self.spec.knobs.offered)
        return Extraction(ranking=ranking, reason="highest lower bound on the select cases")

    # A step

    def request(self, ctx: Context, state: OPROState, here: Subject) -> Prompt:
        """The request for new prompts."""
        section = self.requests.section
        probe = ctx.probes.get(ctx.seed.id)
        known = state if probe is None else state.model_copy(update={"seed_mean": probe.mean})
        told = [
            section("record", score=str(e.score), cases=cases(e.n), value=Data("PROMPT", e.text.rstrip("\n")))
            for e in self._window(entries(ctx, known, here.part.name))
        ]
        values = self.requests.common(ctx, here, state.troubles) | {
            "scale": section("scale"),
            "history": section("history", records=told),
            "instruction": section("instruction"),
        }
        return self.requests.compose("request", values)

    def _window(self, scored: Sequence[Entry]) -> list[Entry]:
        """The best, ascending; of equal scores the later last."""
        knobs = self.spec.knobs
        distinct: dict[str, Entry] = {}
        for entry in scored:
            known = distinct.get(entry.text.strip())
            if known is None or entry.mean > known.mean:
                distinct[entry.text.strip()] = entry
        ascending = sorted(distinct.values(), key=lambda entry: entry.score)
        best = ascending[-knobs.window :]
        shown: list[Entry] = []
        left = 4 * knobs.window_tokens
        for entry in reversed(best):
            left -= len(entry.text)
            if shown and (left < 0 or entry.score < knobs.threshold):
                break
            shown.append(entry)
        return shown[::-1]

    def _limited(self, here: Subject, longest: int) -> Subject:
        """With the filters among what every prompt must keep to: a model that knows them need not run into them."""
        told = [f"no more than {longest} characters, which are about {longest // 6} words"]
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


def entries(ctx: Context, state: OPROState, part: str = "") -> list[Entry]:
    """Every measured prompt with its score, in the order in which they were written; on the select cases where it was
    not measured on the fit cases.
    """
    found: list[Entry] = []
    for entry in ctx.trajectory.last(len(ctx.trajectory)):
        artifact = entry.proposal.artifact
        measured = ctx.trajectory.evaluations(artifact.id)
        evaluation = on_split(measured, state.split) or on_split(measured, "select")
        if evaluation is None or entry.evaluation.rejected:
            continue
        mean, n = evaluation.mean, evaluation.n
        if artifact.id == ctx.seed.id and state.seed_mean is not None:
            mean, n = state.seed_mean, len(ctx.cases.get("fit", ()))
        found.append(Entry(artifact.id, text_of(artifact, part), mean, n))
    return found
