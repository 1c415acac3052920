"""What GPO, OPRO and APE have in common: the frame of a step, the words of a request, how prompts are compared.

They see scores and cases, not critiques: prompts with what they scored, a few cases, what counts as correct. Of several
parts one is written in a step, in turn, and the others are shown. How a step searches stands in each one's own file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from secant.optimizer import Context, Extraction, Scored, State
from secant.optimizers.filling import Filling, Values, fact
from secant.optimizers.generation_spec import GenerationKnobs, GenerationSpec
from secant.optimizers.path import Trouble
from secant.optimizers.shown_cases import chosen
from secant.optimizers.wording import expected, in_turn, prompt_model, proposal, settled
from secant.prompting.asking import Objecting, ask, content
from secant.prompting.exemplars import exemplars
from secant.prompting.measure import first_line
from secant.prompting.render import Data, Prompt, Section
from secant.prompting.template import SUFFIX, fill
from secant.search.acceptance import compare
from secant.search.selection import best_on_select, on_split
from secant.search.similarity import words
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal


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


class ShownCases(NamedTuple):
    """The cases of a request; of some there are none."""

    section: Section | str = ""
    failing: Section | str = ""
    """What to do about those that are wrong; empty where none is."""
    ids: tuple[str, ...] = ()
    """In their order."""


class GenerationOptimizer:
    """The frame. Subclasses say what a request shows, how its answers are measured and where a step ends."""

    name = ""

    def __init__(self, spec: GenerationSpec, knobs: GenerationKnobs) -> None:
        self.requests = Requests(spec, knobs)
        self.again = spec.part("again") if knobs.ask_again else None

    def written(
        self, ctx: Context, here: Subject, prompt: Prompt, *, count: int, objection: Objecting = content
    ) -> Sequence[Proposal]:
        """`count` answers to one request, as candidates or as records of why they are none."""
        model = prompt_model(ctx, self.name)
        wanted = expected(here.part, prompt)
        replies = ask(model, ctx.budget, prompt, wanted, count=count, again=self.again, objection=objection)
        most = self.requests.knobs.raw_tokens
        return [proposal(here.base, here.part, reply, raw_tokens=most) for reply in replies]

    def troubles(self, ctx: Context, known: Sequence[Trouble], scored: Sequence[Scored]) -> tuple[Trouble, ...]:
        """The latest answers that were not measured, for the next request."""
        most = self.requests.knobs.troubles
        unused = [s.proposal for s in scored if s.proposal.status != "ok"]
        found = [Trouble(step=ctx.step, status=p.status, detail=first_line(p.rationale)) for p in unused]
        return (*known, *found)[-most:] if most else ()

    def extract(self, ctx: Context, state: State) -> Extraction:
        ranking = best_on_select(ctx, self.requests.knobs.offered)
        return Extraction(ranking=ranking, reason="highest lower bound on the select cases")


class Requests(Filling):
    """Fills the parts of one spec."""

    def __init__(self, spec: GenerationSpec, knobs: GenerationKnobs) -> None:
        super().__init__(spec)
        self.spec = spec
        self.knobs = knobs

    def common(self, ctx: Context, subject: Subject, shown: ShownCases, troubles: Sequence[Trouble] = ()) -> Values:
        """What every request says, whatever it asks for."""
        told = ctx.task.description.strip() or ctx.task.goal
        purpose = self.section("purpose", value=Data("TASK", told)) if told else ""
        return {
            "task": self.section("task", purpose=purpose),
            "usage": self._fact(ctx, "usage"),
            "judged": self._fact(ctx, "judged"),
            "exemplars": shown.section,
            "failing": shown.failing,
            "context": self._context(subject),
            "tokens": self._list("tokens", " ", subject.part.must_keep),
            "limits": self._list("limits", "\n", [f"- {each}" for each in subject.part.constraints]),
            "trouble": self._trouble(troubles),
            "contract": self.section("contract"),
        }

    def cases(self, ctx: Context, measured: Evaluation | None = None, *, numbered: bool = False) -> ShownCases:
        """The fit cases that the knobs choose, with what a prompt led to on them where that was measured."""
        settings = self.knobs.exemplars
        results = {r.case_id: r for r in measured.results} if measured is not None else {}
        cases = chosen(ctx, settings, results)
        if not cases:
            return ShownCases()
        told = exemplars(cases, limit=settings.tokens, each=settings.each, results=results, numbered=numbered)
        ids = tuple(case.id for case in cases[: len(told)])
        got = self._whose("got") if any(each in results for each in ids) else ""
        section = self.section("exemplars", got=got, value=Data("CASES", "\n\n".join(told)))
        return ShownCases(section, self._whose("failing") if wrong(ids, results) else "", ids)

    def scored(self, part: str, text: str, evaluation: Evaluation, *, tag: str) -> Section:
        """A prompt with what it scored."""
        value = Data(tag, text.rstrip("\n"))
        return self.section(part, score=score(evaluation), cases=cases(evaluation.n), value=value)

    def _whose(self, part: str) -> Section:
        return self.section(part, whose=self.section("whose"))

    def _fact(self, ctx: Context, name: str) -> Section | str:
        told = fact(ctx, name).strip()
        return self.section(name, value=told) if told else ""

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


def subject(ctx: Context, artifact_id: str, after: int) -> Subject:
    """The part of an artifact whose turn it is."""
    base = ctx.trajectory.artifact(artifact_id)
    return Subject(base, in_turn(base, ctx.step - after - 1))


def text_of(artifact: Artifact, part: str) -> str:
    return next((p.text for p in artifact.parts if p.name == part), "")


def score(evaluation: Evaluation) -> str:
    """An integer from 0 to 100."""
    return str(round(100 * evaluation.mean))


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def size(text: str) -> str:
    count = len(words(text))
    return "1 word" if count == 1 else f"{count} words"


def wrong(ids: Sequence[str], results: Mapping[str, CaseResult]) -> list[int]:
    """The numbers, from 1, of the cases that are known to be wrong."""
    return [n for n, each in enumerate(ids, start=1) if each in results and results[each].score < 1]


def start(ctx: Context) -> str:
    """Where a search begins: at the best that is known, which in a run of its own is the seed."""
    return next((entry.proposal.artifact.id for entry in ctx.trajectory.top(1)), ctx.seed.id)


def finished(ctx: Context, artifact_id: str) -> bool:
    """All select cases pass: nothing is left to improve that could be measured."""
    evaluation = settled(ctx, ctx.trajectory.evaluations(artifact_id))
    return evaluation is not None and evaluation.all_passed


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
