"""What GPO, OPRO and APE have in common: the part that is written, the words of a request, from replies to proposals.

They see scores, not critiques: prompts with what they scored, a few cases, what counts as correct. Of several parts one
is written in a step, in turn, and the others are shown. Says and reads; decides nothing about the search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from secant.errors import BadRequest
from secant.optimizer import Context, Scored, State
from secant.optimizers.generation_spec import Exemplars, GenerationKnobs, GenerationSpec
from secant.optimizers.path import Trouble
from secant.prompting.exemplars import exemplars
from secant.prompting.measure import first_line, shortened
from secant.prompting.render import SUFFIX, Data, Prompt, Section, compose, fill
from secant.prompting.replies import Expected, Problem, Reply
from secant.search.acceptance import compare
from secant.search.selection import on_split
from secant.search.similarity import word_distance, words
from secant.types import Artifact, Case, Evaluation, Part, Proposal, ProposalStatus

Values = dict[str, str | Data | Section | Sequence[Data | Section]]
_REPLY_TAGS = ("IMPROVED", "NOTE")
_STATUS: dict[Problem, ProposalStatus] = {"noop": "noop", "lost": "constraint"}


class GenerationState(State):
    """Where such a search stands."""

    incumbent: str = ""
    after: int = 0
    """The step in which it began."""
    troubles: tuple[Trouble, ...] = ()


class Subject(NamedTuple):
    """The text that a step writes: one part of an artifact."""

    base: Artifact
    part: Part


def prompts_only(ctx: Context, name: str) -> None:
    """Raises BadRequest for what has no cases to show."""
    if ctx.task.kind in ("function", "solution"):
        hint = f"For a {ctx.task.kind} take hessiangrad or textgrad."
        raise BadRequest(f"the optimizer {name} writes prompts, and this is a {ctx.task.kind}", hint=hint)


def editable(artifact: Artifact) -> list[Part]:
    return [part for part in artifact.parts if part.editable] or list(artifact.parts)


def subject(ctx: Context, artifact_id: str, after: int) -> Subject:
    """The part of an artifact whose turn it is."""
    base = ctx.trajectory.artifact(artifact_id)
    parts = editable(base)
    return Subject(base, parts[(ctx.step - after - 1) % len(parts)])


def text_of(artifact: Artifact, part: str) -> str:
    return next((p.text for p in artifact.parts if p.name == part), "")


def score(evaluation: Evaluation) -> str:
    """An integer from 0 to 100."""
    return str(round(100 * evaluation.mean))


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


class Requests:
    """Fills the parts of one spec."""

    def __init__(self, spec: GenerationSpec, knobs: GenerationKnobs) -> None:
        self.spec = spec
        self.knobs = knobs

    def section(self, part: str, **values: str | Data | Section | Sequence[Data | Section]) -> Section:
        return Section(self.spec.part(part), values)

    def compose(self, request: str, values: Values) -> Prompt:
        return compose(self.section("system"), Section(self.spec.part(request), values), tags=_REPLY_TAGS)

    def common(self, ctx: Context, subject: Subject, troubles: Sequence[Trouble] = ()) -> Values:
        """What every request says, whatever it asks for."""
        told = ctx.task.description.strip() or ctx.task.goal
        purpose = self.section("purpose", value=Data("TASK", told)) if told else ""
        return {
            "task": self.section("task", purpose=purpose),
            "usage": self._fact(ctx, "usage"),
            "judged": self._fact(ctx, "judged"),
            "exemplars": self.exemplars(chosen(ctx, self.knobs.exemplars)),
            "context": self._context(subject),
            "tokens": self._list("tokens", " ", subject.part.must_keep),
            "limits": self._list("limits", "\n", [f"- {each}" for each in subject.part.constraints]),
            "trouble": self._trouble(troubles),
            "contract": self.section("contract"),
        }

    def exemplars(self, shown: Sequence[Case]) -> Section | str:
        if not shown:
            return ""
        knobs = self.knobs.exemplars
        return self.section("exemplars", value=Data("CASES", exemplars(shown, limit=knobs.tokens, each=knobs.each)))

    def scored(self, part: str, text: str, evaluation: Evaluation, *, tag: str) -> Section:
        """A prompt with what it scored."""
        value = Data(tag, text.rstrip("\n"))
        return self.section(part, score=score(evaluation), cases=cases(evaluation.n), value=value)

    def _fact(self, ctx: Context, name: str) -> Section | str:
        fact = ctx.task.facts.get(name)
        return self.section(name, value=fact.strip()) if isinstance(fact, str) and fact.strip() else ""

    def _context(self, subject: Subject) -> Section | str:
        others = [p for p in subject.base.parts if p.name != subject.part.name and p.text.strip()]
        if not others:
            return ""
        value = Data("CONTEXT", "\n\n".join(f"{p.name}:\n{p.text}" for p in others))
        role = f" {subject.part.role}" if subject.part.role else ""
        return self.section("context", name=subject.part.name, role=role, value=value)

    def _list(self, part: str, between: str, items: Sequence[str]) -> Section | str:
        return self.section(part, items=between.join(items)) if items else ""

    def _trouble(self, troubles: Sequence[Trouble]) -> Section | str:
        told = [fill(self.spec.part(f"trouble_{t.status}"), {"detail": t.detail, SUFFIX: ""}) for t in troubles]
        items = [f"{what} ({times} times)" if times > 1 else what for what, times in Counter(told).items()]
        return self.section("trouble", items=Data("TROUBLE", "\n".join(items))) if items else ""


def chosen(ctx: Context, settings: Exemplars) -> Sequence[Case]:
    """The fit cases that a request shows; those without an expected answer only where there are no others."""
    fit = ctx.cases.get("fit", ())
    known = [case for case in fit if case.expected is not None] or list(fit)
    if settings.choice == "random":
        return ctx.rng.sample(known, min(settings.count, len(known)))
    if settings.choice == "wrong":
        wrong = _wrong(ctx)
        known = sorted(known, key=lambda case: -wrong[case.id])
    return known[: settings.count]


def _wrong(ctx: Context) -> Counter[str]:
    """How often earlier prompts got each case wrong."""
    entries = ctx.trajectory.last(len(ctx.trajectory))
    measured = [e for entry in entries for e in ctx.trajectory.evaluations(entry.proposal.artifact.id)]
    return Counter(r.case_id for e in measured for r in e.results if r.score < 1)


def expected(part: Part, prompt: Prompt, current: str) -> Expected:
    """What a usable answer to the request holds; `current` is the text that a new one must differ from."""
    return Expected(
        kind="prompt",
        tag=f"IMPROVED{prompt.suffix}",
        keys=("improved", "IMPROVED", "prompt"),
        current=current,
        must_keep=part.must_keep,
        instructions=prompt.instructions,
    )


def proposal(subject: Subject, reply: Reply, raw_tokens: int) -> Proposal:
    """A reply as a candidate, or as a record of why it is none."""
    base, part = subject
    if not reply.ok:
        assert reply.problem is not None
        return Proposal(
            artifact=base,
            parents=(base.id,),
            rationale=f"{reply.detail}\n\n{shortened(reply.raw, raw_tokens)}".strip(),
            status=_STATUS.get(reply.problem, "unparsable"),
            paid=True,
            response_id=reply.response_id,
        )
    return Proposal(
        artifact=base.with_text(reply.value, part.name),
        parents=(base.id,),
        changed=(part.name,),
        edit_words=word_distance(reply.value, part.text),
        rationale=reply.note,
        paid=True,
        response_id=reply.response_id,
    )


def troubles(ctx: Context, known: Sequence[Trouble], scored: Sequence[Scored], most: int) -> tuple[Trouble, ...]:
    """The latest answers that were not measured, for the next request."""
    unused = [s.proposal for s in scored if s.proposal.status != "ok"]
    found = [Trouble(step=ctx.step, status=p.status, detail=first_line(p.rationale)) for p in unused]
    return (*known, *found)[-most:] if most else ()


def start(ctx: Context) -> str:
    """Where a search begins: at the best that is known, which in a run of its own is the seed."""
    return next((entry.proposal.artifact.id for entry in ctx.trajectory.top(1)), ctx.seed.id)


def settled(ctx: Context, artifact_id: str) -> bool:
    """All select cases pass: nothing is left to improve that could be measured."""
    evaluation = on_split(ctx.trajectory.evaluations(artifact_id), "select")
    everything = len(ctx.cases.get("select", ()))
    return evaluation is not None and evaluation.all_passed and evaluation.n >= everything


def best(scored: Sequence[Scored]) -> Scored | None:
    """A step's best: of those on most select cases the highest mean, ties to the smaller change."""
    measured = [(s, on_split(s.evaluations, "select")) for s in scored]
    known = [(s, e) for s, e in measured if e is not None and not e.rejected]
    found = max(known, key=lambda each: (each[1].n, each[1].mean, -each[0].proposal.edit_words), default=None)
    return None if found is None else found[0]


class Move(NamedTuple):
    """From one prompt to another, on the select cases that both were tried on."""

    old: float
    new: float
    n: int

    @property
    def delta(self) -> float:
        return self.new - self.old

    def __str__(self) -> str:
        return f"{round(100 * self.old)} -> {round(100 * self.new)} of 100 on the same {cases(self.n)}"


def move(old: Evaluation | None, new: Evaluation | None) -> Move:
    if old is None or new is None:
        return Move(0.0, 0.0, 0)
    paired = compare(new, old)
    shared = {r.case_id for r in new.results}
    before = [r.score for r in old.results if r.case_id in shared]
    mean = sum(before) / len(before) if before else 0.0
    return Move(mean, mean + paired.delta, paired.n)


def size(text: str) -> str:
    count = len(words(text))
    return "1 word" if count == 1 else f"{count} words"
