"""What the optimizers that refine prompts have in common: from artifacts to requests, from replies to proposals.

Puts the parts of a spec together with what artifacts and evaluations hold (`Wording`), says which part is written and
what a usable answer holds, and makes proposals of replies. Decides nothing about the search and asks nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from secant.errors import BadRequest
from secant.optimizer import Context, LanguageModel
from secant.optimizers.filling import Filling, Values, fact, kept
from secant.optimizers.path import required_model, told_apart
from secant.optimizers.spec import PARTS, PartedSpec
from secant.prompting.feedback import FeedbackLimits, feedback
from secant.prompting.history import standing
from secant.prompting.measure import shortened, tokens
from secant.prompting.render import Data, Prompt, Section
from secant.prompting.replies import Expected, Reply
from secant.search.similarity import word_distance
from secant.types import Artifact, Case, CaseResult, Evaluation, Part, Proposal, ProposalStatus

_STATUS: Mapping[str, ProposalStatus] = {"noop": "noop", "lost": "constraint"}

COMMON: Mapping[str, frozenset[str]] = {
    **{name: PARTS[name] for name in ("current", "limits", "context", "feedback", "passing", "again")},
    "system": frozenset[str](),
    "task": frozenset({"name", "role", "description", "judged", "usage"}),
    "contract": frozenset[str](),
}
"""The parts that all of these requests are made of, and their slots."""


class Wording(Filling):
    """Fills the parts of one spec."""

    def __init__(self, spec: PartedSpec, limits: FeedbackLimits) -> None:
        super().__init__(spec)
        self._limits = limits

    def task(self, ctx: Context, part: Part) -> Section:
        """What is to be improved, what it is for, and how it is judged."""
        description = ctx.task.description.strip() or ctx.task.goal
        return self.section(
            "task",
            name=told_apart(ctx, part),
            role=part.role,
            description=Data("TASK", description),
            judged=fact(ctx, "judged"),
            usage=fact(ctx, "usage"),
        )

    def subject(
        self, ctx: Context, base: Artifact, part: Part, evaluation: Evaluation | None, note: str = ""
    ) -> Values:
        """The task, the version that is to be changed, its limits, and what surrounds it."""
        around = [f"{other.name}:\n{other.text}" for other in base.parts if other.name != part.name]
        return {
            "task": self.task(ctx, part),
            "current": self.section(
                "current",
                standing=standing(evaluation, ctx.task) if evaluation is not None else "not measured yet",
                note="",
                value=Data("CURRENT", part.text.rstrip("\n")),
            ),
            "limits": self.limits(part),
            "context": self.section("context", value=Data("CONTEXT", "\n\n".join(around))) if around else "",
        }

    def limits(self, part: Part) -> Section | str:
        """What may not get lost."""
        items = [*part.constraints, *map(kept, part.must_keep)]
        return self.section("limits", items="\n".join(f"- {item}" for item in items)) if items else ""

    def measured(self, ctx: Context, evaluation: Evaluation) -> Section | str:
        """What fails and how, and what passes and has to stay."""
        told = feedback(evaluation, cases(ctx), self._limits)
        if not told.failing:
            return ""
        passing = self.section("passing", value=Data("PASSING", told.passing)) if told.passing else ""
        return self.section("feedback", failing=Data("FEEDBACK", told.failing), passing=passing)

    def traces(self, evaluation: Evaluation) -> str:
        """How the failing cases came about, where that was written down; bounded as the feedback is."""
        told: list[str] = []
        left = self._limits.tokens
        for result in [r for r in evaluation.results if r.score < 1 and r.trace is not None][: self._limits.cases]:
            text = f"Case {result.case_id}:\n{shortened(_trace(result), self._limits.case_tokens)}"
            left -= tokens(text)
            if left < 0:
                break
            told.append(text)
        return "\n\n".join(told)


def prompt_model(ctx: Context, name: str) -> LanguageModel:
    """The model of a run that refines a prompt. Raises BadRequest for anything else, and where no model is."""
    if ctx.task.kind in ("function", "solution"):
        hint = "Use it with `secant refine FILE`; for this, hessiangrad is there."
        raise BadRequest(f"the optimizer {name} refines prompts, and this is a {ctx.task.kind}", hint=hint)
    return required_model(ctx, name)


def editable(artifact: Artifact) -> Sequence[Part]:
    return [part for part in artifact.parts if part.editable] or artifact.parts


def in_turn(artifact: Artifact, turn: int) -> Part:
    """The part that is changed in a step: each in its turn."""
    parts = editable(artifact)
    return parts[turn % len(parts)]


def cases(ctx: Context) -> dict[str, Case]:
    return {case.id: case for split in ("select", "fit") for case in ctx.cases.get(split, ())}


def select_cases(ctx: Context) -> frozenset[str]:
    return frozenset(case.id for case in ctx.cases.get("select", ()))


def settled(ctx: Context, evaluations: Sequence[Evaluation]) -> Evaluation | None:
    """The evaluation on all select cases, if there is one: what versions are compared by."""
    wanted = select_cases(ctx)
    whole = (e for e in reversed(evaluations) if e.split == "select" and e.complete and not e.rejected)
    return next((e for e in whole if wanted <= {r.case_id for r in e.results}), None)


def expected(part: Part, prompt: Prompt, current: str | None = None) -> Expected:
    """What a usable answer to the request holds. `current` is the text that it may not simply give back."""
    return Expected(
        tag=f"IMPROVED{prompt.suffix}",
        keys=("improved", "IMPROVED", "prompt"),
        current=part.text if current is None else current,
        must_keep=part.must_keep,
        instructions=prompt.instructions,
    )


def proposal(base: Artifact, part: Part, reply: Reply, *, raw_tokens: int, parents: Sequence[str] = ()) -> Proposal:
    """The new version that a reply holds, or why it holds none."""
    parents = tuple(parents) or (base.id,)
    if not reply.ok:
        raw = shortened(reply.raw, raw_tokens)
        return Proposal(
            artifact=base,
            parents=parents,
            rationale=f"{reply.detail}\n\n{raw}".strip(),
            status=_STATUS.get(reply.problem or "", "unparsable"),
            paid=True,
            response_id=reply.response_id,
        )
    return Proposal(
        artifact=base.with_text(reply.value, part.name),
        parents=parents,
        changed=(part.name,),
        edit_words=word_distance(reply.value, part.text),
        rationale=reply.note,
        paid=True,
        response_id=reply.response_id,
    )


def _trace(result: CaseResult) -> str:
    return result.trace if isinstance(result.trace, str) else json.dumps(result.trace, ensure_ascii=False)
