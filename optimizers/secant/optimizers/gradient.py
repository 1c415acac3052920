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

from secant.optimizer import Context, Decision, Extraction, LanguageModel, Scored, State, StepCalls
from secant.optimizers.path import PathState, Trouble, View, required_model
from secant.optimizers.requests import Outlook, Requests, expected
from secant.optimizers.spec import OptimizerSpec, default
from secant.optimizers.wording import cases, in_turn, proposal
from secant.prompting.asking import ask
from secant.prompting.critique import criticise, wanted
from secant.prompting.feedback import names
from secant.prompting.measure import first_line
from secant.prompting.render import Section
from secant.search.courses import chosen, is_faster, plan, probes, ranking, solved
from secant.search.records import Record, records, window
from secant.search.trajectory import representative
from secant.types import Critique, Proposal, Task


class GradientOptimizer:
    """The common course. Subclasses choose a spec and what a request says about the past."""

    name = ""
    state_type: type[PathState] = PathState

    def __init__(self, spec: OptimizerSpec | None = None) -> None:
        self.spec = spec or default(self.name, OptimizerSpec)
        self.requests = Requests(self.spec)

    def step_calls(self, task: Task) -> StepCalls:
        return StepCalls(versions=self.spec.knobs.width, critiques=int(self._criticised(task)))

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
        prompt = self.requests.update(ctx, state, view, self.outlook(state, view), critique)
        wanted_form = expected(ctx, view.part, prompt)
        again = self.spec.part("again") if self.spec.knobs.ask_again else None
        replies = ask(model, ctx.budget, prompt, wanted_form, count=self.spec.knobs.width, again=again)
        return [proposal(view.base, view.part, reply, raw_tokens=self.spec.knobs.raw_tokens) for reply in replies]

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

    # What a request says of the past; subclasses add to it

    def outlook(self, state: PathState, view: View) -> Outlook:
        """What the next request says about the past."""
        shown = self._past(state, view)
        return Outlook(shown, directive=self._directive(view, shown))

    def _past(self, state: PathState, view: View) -> Sequence[Record]:
        knobs = self.spec.knobs
        if knobs.past == "window":
            return window(view.records, state.incumbent, knobs.window)
        if knobs.past == "none":
            return ()
        place = next((n for n, r in enumerate(view.records) if r.id == state.incumbent), 0)
        return [r for r in view.records[place + 1 :] if not r.accepted][-knobs.window :]

    def _directive(self, view: View, shown: Sequence[Record]) -> Section | str:
        """What to do with versions that are shown, and which cases fail in all of them."""
        if not shown:
            return ""
        recurring = names(_recurring(view, shown), self.spec.knobs.feedback.names)
        said = self.requests.section("recurring", cases=recurring) if recurring else ""
        return self.requests.section("directive_always", recurring=said)

    # A step

    def view(self, ctx: Context, state: PathState) -> View:
        base = ctx.trajectory.artifact(state.incumbent)
        part = in_turn(base, ctx.step - state.after - 1)
        evaluation = ctx.probes.get(base.id) or representative(ctx.trajectory.evaluations(base.id))
        return View(base, part, evaluation, cases(ctx), records(ctx, state.origins, state.after))

    def _critique(self, ctx: Context, view: View, model: LanguageModel) -> Critique | None:
        knobs = self.spec.knobs
        if not self._criticised(ctx.task) or not wanted(view.evaluation, ctx.budget):
            return None
        prompt = self.requests.critique(ctx, view)
        return criticise(model, prompt, view.evaluation, about=view.part.name, limit=knobs.critique_tokens)

    def _criticised(self, task: Task) -> bool:
        """Whether a critic reads the feedback of such a task first."""
        return task.kind in self.spec.knobs.critique and not is_faster(task)


def _recurring(view: View, shown: Sequence[Record]) -> list[str]:
    """The cases that fail in the current version and in all that are shown, as far as they were run on them."""
    failing = [r.case_id for r in view.evaluation.results if r.score < 1]
    for record in shown:
        passed = {r.case_id for r in record.evaluation.results if r.score >= 1}
        failing = [case for case in failing if case not in passed]
    return failing


def reason(scored: Sequence[Scored], best: Scored | None) -> str:
    if best is not None:
        return best.proposal.rationale or "better on the same cases"
    if not scored:
        return "everything passed on this batch"
    return "no better version" if any(s.evaluations for s in scored) else "no usable answer"
