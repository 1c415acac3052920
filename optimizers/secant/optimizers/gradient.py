"""What TextGrad's TGD, Momentum and HessianGrad have in common: a single path of critique, new version, gate.

    probe or baseline -> critique (only where something fails) -> new versions, asked at once -> gate -> incumbent

After TextGrad (arXiv 2406.07496, section 3 and its TGD), with these differences: the artifact is shown whole; the
feedback of a batch is one bounded digest and one critique; a new version must be better on the same cases, not only
different, and is compared pairwise; a rejected one leaves the incumbent, and the next request shows it; a reply without
the agreed form is a proposal of its own status. What is offered in the end is the best that was measured.

Of several parts one is changed in a step, in turn. Everything between two steps is in the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.errors import BadRequest
from secant.optimizer import Context, Decision, Extraction, LanguageModel, Scored, State
from secant.optimizers.spec import OptimizerSpec, default
from secant.prompting.asking import ask
from secant.prompting.critique import criticise, wanted
from secant.prompting.feedback import feedback
from secant.prompting.history import Shown, difference, note, sections, standing
from secant.prompting.measure import first_line, shortened
from secant.prompting.render import SUFFIX, Data, Prompt, Section, compose, fill
from secant.prompting.replies import Expected, Problem, Reply
from secant.search.courses import chosen, is_faster, plan, probes, ranking, solved
from secant.search.records import Record, records, window
from secant.search.similarity import word_distance, words
from secant.search.trajectory import representative
from secant.types import Artifact, Case, Critique, Evaluation, Frozen, Part, Proposal, ProposalStatus

_STATUS: dict[Problem, ProposalStatus] = {"noop": "noop", "lost": "constraint"}
_REPLY_TAGS = ("IMPROVED", "NOTE", "CRITIQUE")


class Trouble(Frozen):
    """An answer that could not be used; the next request mentions it."""

    step: int
    status: ProposalStatus
    detail: str


class HandedEdit(Frozen):
    """An edit by rule that repaired a part of what fails."""

    text: str
    note: str
    passed: int


class PathState(State):
    """Where a single path stands."""

    incumbent: str = ""
    origins: tuple[str, ...] = ()
    """What the path began with, x_0 first; behind it what another optimizer handed over."""
    after: int = 0
    """The step in which it began."""
    troubles: tuple[Trouble, ...] = ()
    handed: tuple[HandedEdit, ...] = ()
    """Filled in by whoever holds them, for one request."""
    tried: int = 0
    """How many were tried."""


class View(NamedTuple):
    """What a step starts from."""

    base: Artifact
    """The version that new ones are made from."""
    part: Part
    evaluation: Evaluation
    """The feedback: the probe where there is one, or else what the path measured of the incumbent."""
    cases: dict[str, Case]
    records: tuple[Record, ...]


class GradientOptimizer:
    """The common course. Subclasses choose a spec and what a request says about the past."""

    name = ""
    state_type: type[PathState] = PathState

    def __init__(self, spec: OptimizerSpec | None = None) -> None:
        self.spec = spec or default(self.name, OptimizerSpec)

    # The four operations

    def initialize(self, ctx: Context) -> PathState:
        """Raises BadRequest where no model is configured."""
        return self.begin(ctx, ctx.seed.id, ())

    def begin(self, ctx: Context, incumbent: str, handed: Sequence[str]) -> PathState:
        """The state of a path that begins now, at `incumbent`, with versions that another optimizer measured."""
        required_model(ctx, self.name)
        knobs = self.spec.knobs
        probed = probes(ctx.task)
        return self.state_type(
            incumbent=incumbent,
            origins=tuple(dict.fromkeys([ctx.seed.id, *handed, incumbent])),
            after=ctx.step,
            focus=(incumbent,) if probed else (),
            probe_size=knobs.probe_size if probed else 0,
            plan=plan(ctx.task, knobs.probe_size),
        )

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, PathState)
        model = required_model(ctx, self.name)
        view = self.view(ctx, state)
        if view.evaluation.all_passed and not is_faster(ctx.task):
            return []  # nothing to learn from this batch, and nothing is asked
        critique = self._critique(ctx, view, model)
        prompt = self.prompt(ctx, state, view, critique)
        expected = _expected(ctx, view.part, prompt)
        again = self.spec.part("again") if self.spec.knobs.ask_again else None
        replies = ask(model, ctx.budget, prompt, expected, count=self.spec.knobs.width, again=again)
        return [self._proposal(view, reply) for reply in replies]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[PathState, Decision]:
        assert isinstance(state, PathState)
        best = chosen(ctx, state.incumbent, scored)
        incumbent = state.incumbent if best is None else best.proposal.artifact.id
        changes = {
            "incumbent": incumbent,
            "focus": (incumbent,) if state.focus else (),
            "troubles": self.troubles(ctx, state, scored),
            "done": solved(ctx, incumbent),
        }
        accepted = () if best is None else (incumbent,)
        return state.model_copy(update=changes), Decision(
            accepted=accepted, incumbent=incumbent, reason=reason(scored, best)
        )

    def troubles(self, ctx: Context, state: PathState, scored: Sequence[Scored]) -> tuple[Trouble, ...]:
        """The latest answers that were not measured, for the next request."""
        unused = [s.proposal for s in scored if s.proposal.status != "ok"]
        found = [Trouble(step=ctx.step, status=p.status, detail=first_line(p.rationale)) for p in unused]
        most = self.spec.knobs.troubles
        return (*state.troubles, *found)[-most:] if most else ()

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction(ranking=ranking(ctx, self.spec.knobs.offered), reason="best by what was measured")

    # What a request says; subclasses add to it

    def base(self, ctx: Context, state: PathState) -> str:
        """The id of the version that new ones are made from."""
        return state.incumbent

    def past(self, state: PathState, view: View) -> Sequence[Record]:
        """The earlier versions that are shown."""
        knobs = self.spec.knobs
        if knobs.past == "window":
            return window(view.records, state.incumbent, knobs.window)
        if knobs.past == "none":
            return ()
        place = next((n for n, r in enumerate(view.records) if r.id == state.incumbent), 0)
        return [r for r in view.records[place + 1 :] if not r.accepted][-knobs.window :]

    def evolution(self, ctx: Context, state: PathState, view: View) -> Section | str:
        """The numbers of how the path evolved."""
        return ""

    def directive(self, ctx: Context, state: PathState, view: View) -> Section | str:
        """What to do in view of the past."""
        shown = self.past(state, view)
        recurring = _recurring(view, shown)
        if not shown:
            return ""
        said = self._section("recurring", cases=", ".join(recurring)) if recurring else ""
        return self._section("directive_always", recurring=said)

    def budget_factor(self, state: PathState) -> float:
        return 1.0

    # Parts of a request

    def view(self, ctx: Context, state: PathState) -> View:
        base = ctx.trajectory.artifact(self.base(ctx, state))
        editable = [part for part in base.parts if part.editable] or list(base.parts)
        part = editable[(ctx.step - state.after - 1) % len(editable)]
        evaluation = ctx.probes.get(base.id) or representative(ctx.trajectory.evaluations(base.id))
        cases = {case.id: case for split in ("select", "fit") for case in ctx.cases.get(split, ())}
        return View(base, part, evaluation, cases, records(ctx, state.origins, state.after))

    def prompt(self, ctx: Context, state: PathState, view: View, critique: Critique | None) -> Prompt:
        """The request for new versions."""
        shown = self.past(state, view)
        values = self._common(ctx, view) | {
            "profile": self._profile(ctx),
            "handed": self._handed(state, view),
            "history": self._history(ctx, view, shown),
            "critique": self._section("criticism", value=Data("CRITIQUE", critique.text)) if critique else "",
            "evolution": self.evolution(ctx, state, view),
            "directive": self.directive(ctx, state, view),
            "budget": self._budget(ctx, state, view),
            "trouble": self._trouble(state),
            "contract": self._section(f"contract_{_form(ctx)}", **_named(ctx, view.part)),
        }
        return compose(self._section("system"), Section(self.spec.part("update"), values), tags=_REPLY_TAGS)

    def _common(self, ctx: Context, view: View) -> dict[str, str | Data | Section | Sequence[Data | Section]]:
        """What critic and optimizer are both told."""
        told = feedback(view.evaluation, view.cases, self.spec.knobs.feedback)
        passing: Section | str = ""
        if told.passing and told.failing:
            passing = self._section("passing", value=Data("PASSING", told.passing))
        failing = Data("FEEDBACK", told.failing) if told.failing else ""
        others = [part for part in view.base.parts if part.name != view.part.name]
        around = [text for text in (_fact(ctx, "context"), *map(_other, others)) if text.strip()]
        return {
            "task": self._section(_goal(ctx), **_named(ctx, view.part)),
            "current": self._section(
                "current",
                standing=standing(view.evaluation, ctx.task),
                note=next((note(r) for r in view.records if r.id == view.base.id), ""),
                value=Data("CURRENT", view.part.text.rstrip("\n")),
            ),
            "limits": self._limits(view.part),
            "context": self._section("context", value=Data("CONTEXT", "\n\n".join(around))) if around else "",
            "feedback": self._section("feedback", failing=failing, passing=passing) if failing else "",
        }

    def _critique(self, ctx: Context, view: View, model: LanguageModel) -> Critique | None:
        knobs = self.spec.knobs
        if ctx.task.kind not in knobs.critique or is_faster(ctx.task) or not wanted(view.evaluation, ctx.budget):
            return None
        values = self._common(ctx, view)
        values["request"] = self._section("critique_request", words=str(knobs.critique_words))
        prompt = compose(
            self._section("critique_system"), Section(self.spec.part("critique"), values), tags=_REPLY_TAGS
        )
        return criticise(model, prompt, view.evaluation, about=view.part.name, limit=knobs.critique_tokens)

    def _section(self, part: str, **values: str | Data | Section | Sequence[Data | Section]) -> Section:
        return Section(self.spec.part(part), values)

    def _limits(self, part: Part) -> Section | str:
        items = [*part.constraints, *(f"keep this literally: {kept}" for kept in part.must_keep)]
        return self._section("limits", items="\n".join(f"- {item}" for item in items)) if items else ""

    def _history(self, ctx: Context, view: View, shown: Sequence[Record]) -> Section | str:
        knobs = self.spec.knobs
        if not shown:
            return ""
        beside = Shown(
            part=view.part.name,
            current=view.part.text,
            evaluation=view.evaluation,
            task=ctx.task,
            tokens=knobs.window_tokens,
            lines=knobs.measured_lines,
            names=knobs.feedback.names,
        )
        told = sections(shown, beside, self.spec.part("record"))
        return self._section("history", records=told)

    def _profile(self, ctx: Context) -> Section | str:
        text = _fact(ctx, "profile")
        return self._section("profile", value=Data("PROFILE", text)) if text.strip() else ""

    def _handed(self, state: PathState, view: View) -> Section | str:
        part = self.spec.part("handed_record")
        told = [
            Section(
                part,
                {"note": h.note, "passed": str(h.passed), "value": difference(view.part.text, h.text)},
            )
            for h in state.handed[: self.spec.knobs.handed]
        ]
        return self._section("handed", tried=str(state.tried), records=told) if told else ""

    def _budget(self, ctx: Context, state: PathState, view: View) -> Section | str:
        knobs, size = self.spec.knobs, len(words(view.part.text))
        step = max(1, ctx.step - state.after)
        if ctx.task.kind == "function" and knobs.function_percent is not None:
            most = knobs.function_percent.words(step) / 100 * size
        elif ctx.task.kind != "function" and knobs.words is not None:
            most = float(knobs.words.words(step))
        else:
            return ""
        most = max(knobs.least_words, round(most * self.budget_factor(state)))
        if most >= knobs.whole * size:
            return self._section("budget_whole")
        return self._section("budget", words=str(most), size=str(size))

    def _trouble(self, state: PathState) -> Section | str:
        items = [
            f"step {t.step}: {fill(self.spec.part(f'trouble_{t.status}'), {'detail': t.detail, SUFFIX: ''})}"
            for t in state.troubles
        ]
        return self._section("trouble", items=Data("TROUBLE", "\n".join(items))) if items else ""

    def _proposal(self, view: View, reply: Reply) -> Proposal:
        if not reply.ok:
            assert reply.problem is not None
            raw = shortened(reply.raw, self.spec.knobs.raw_tokens)
            return Proposal(
                artifact=view.base,
                parents=(view.base.id,),
                rationale=f"{reply.detail}\n\n{raw}".strip(),
                status=_STATUS.get(reply.problem, "unparsable"),
                paid=True,
                response_id=reply.response_id,
            )
        return Proposal(
            artifact=view.base.with_text(reply.value, view.part.name),
            parents=(view.base.id,),
            changed=(view.part.name,),
            edit_words=word_distance(reply.value, view.part.text),
            rationale=reply.note,
            paid=True,
            response_id=reply.response_id,
        )


def required_model(ctx: Context, name: str) -> LanguageModel:
    """Raises BadRequest where there is none."""
    if ctx.lm is None:
        hint = "Name one (--model openai/gpt-4o-mini), or use --optimizer rewrite, which needs none."
        raise BadRequest(f"the optimizer {name} needs a model", hint=hint)
    return ctx.lm


def _expected(ctx: Context, part: Part, prompt: Prompt) -> Expected:
    return Expected(
        kind=ctx.task.kind,
        tag=f"IMPROVED{prompt.suffix}",
        keys=("improved", "IMPROVED"),
        current=part.text,
        must_keep=part.must_keep,
        name=part.name if ctx.task.kind == "function" else "",
        instructions=prompt.instructions,
    )


def _fact(ctx: Context, name: str) -> str:
    """A text among the task's facts; empty where there is none."""
    fact = ctx.task.facts.get(name)
    return fact if isinstance(fact, str) else ""


def _goal(ctx: Context) -> str:
    if ctx.task.kind == "function":
        return "goal_faster" if is_faster(ctx.task) else "goal_fix"
    return "goal_solution" if ctx.task.kind == "solution" else "goal_prompt"


def _recurring(view: View, shown: Sequence[Record]) -> list[str]:
    """The cases that fail in the current version and in all that are shown, as far as they were run on them."""
    failing = [r.case_id for r in view.evaluation.results if r.score < 1]
    for record in shown:
        passed = {r.case_id for r in record.evaluation.results if r.score >= 1}
        failing = [case for case in failing if case not in passed]
    return failing


def _form(ctx: Context) -> str:
    return ctx.task.kind if ctx.task.kind in ("function", "solution") else "prompt"


def _named(ctx: Context, part: Part) -> dict[str, str | Data]:
    if ctx.task.kind == "function":
        return {"name": part.name}
    description = "\n\n".join(text for text in (ctx.task.goal, ctx.task.description) if text.strip())
    return {"name": part.name, "role": part.role, "description": Data("TASK", description)}


def _other(part: Part) -> str:
    return f"{part.name}:\n{part.text}"


def reason(scored: Sequence[Scored], best: Scored | None) -> str:
    if best is not None:
        return best.proposal.rationale or "better on the same cases"
    if not scored:
        return "everything passed on this batch"
    return "no better version" if any(s.evaluations for s in scored) else "no usable answer"
