"""HessianGrad (ICLR 2025 submission 10426; as REVOLVE arXiv 2412.03092, ICML 2025), with its second order measured.

The paper adds to the textual gradient a term for how responses change from step to step (equations 2 to 4). Its
released code shows past values and nothing else: no response, no score, no difference, never the first value, the
current one as past, and at the end a sentence that asks for varied output and so contradicts the gradual change that
the rest asks for. Here the request has the numbers of `search.evolution`, computed from measured responses, the regime
that follows from them, one directive and one factor of the word budget for that regime, and no such sentence.

The report is in the state, so that a reader of the journal can plot it.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context, Decision, Scored, State
from secant.optimizers.gradient import GradientOptimizer
from secant.optimizers.path import PathState, View
from secant.optimizers.requests import Outlook
from secant.prompting.evolution import rows
from secant.prompting.feedback import names
from secant.prompting.render import Section
from secant.search.evolution import EvolutionReport, EvolutionSettings, Transition, latest, reported, transition
from secant.search.records import Record, path_point, records
from secant.types import Evaluation, Regime


class HessianState(PathState):
    """A path and how it evolved."""

    evolution: EvolutionReport = EvolutionReport()
    """Of the latest steps, as many as the window has."""


class HessianGradOptimizer(GradientOptimizer):
    """`--optimizer hessiangrad`."""

    name = "hessiangrad"
    state_type = HessianState

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[PathState, Decision]:
        assert isinstance(state, HessianState)
        changed, decision = super().update(ctx, state, scored)
        report = self._evolved(ctx, state, decision.accepted)
        if report is not state.evolution:
            decision = decision.model_copy(update={"evolution": latest(report)})
        return changed.model_copy(update={"evolution": report}), decision

    def outlook(self, state: PathState, view: View) -> Outlook:
        """The report in numbers, the directive of its regime, and what the regime makes of the word budget."""
        assert isinstance(state, HessianState)
        usual, report = super().outlook(state, view), state.evolution
        if report.regime is None:
            return usual
        labels = {r.id: _label(r, state.incumbent) for r in view.records}
        return usual._replace(
            evolution=self.requests.section("evolution", rows=rows(report.transitions, labels), regime=report.regime),
            directive=self._regime_directive(state, view, report.regime),
            budget_factor=self.spec.knobs.budget_factors.get(report.regime, 1.0),
        )

    def _regime_directive(self, state: HessianState, view: View, regime: Regime) -> Section:
        last, most = state.evolution.transitions[-1], self.spec.knobs.feedback.names
        values: dict[str, str] = {}
        match regime:
            case "progressing" if not last.accepted:
                return self.requests.section("directive_open")
            case "stagnating":
                values["steps"] = str(self._settings.still_steps)
            case "oscillating":
                values = _alternatives(view, state.incumbent, last, most)
            case "regressing":
                best = max(view.records, key=lambda r: (r.accepted, r.evaluation.mean))
                values = {"best": _label(best, state.incumbent), "broken": _listed(last.broken, most)}
            case "progressing":
                values["fixed"] = _listed(last.fixed, most)
        return self.requests.section(f"directive_{regime}", **values)

    @property
    def _settings(self) -> EvolutionSettings:
        return self.spec.knobs.evolution or EvolutionSettings()

    def _evolved(self, ctx: Context, state: HessianState, accepted: Sequence[str]) -> EvolutionReport:
        """The report with this step's record, where it has one."""
        known = records(ctx, state.origins, state.after, accepted)
        if self.spec.knobs.evolution is None or not known or known[-1].step != ctx.step or len(known) < 2:
            return state.evolution
        points = {r.id: path_point(ctx, r) for r in known}
        new, before = points[known[-1].id], points[known[-2].id]
        earlier = state.evolution.transitions
        previous = earlier[-1] if earlier else None
        step = transition(new, before, previous, self._settings)
        if not step.n and new.parent in points:
            step = transition(new, points[new.parent], previous, self._settings)
        kept = max(self.spec.knobs.window, self._settings.still_steps, 2)
        return reported([*earlier, step][-kept:], points, self._settings)


def _alternatives(view: View, incumbent: str, last: Transition, most: int) -> dict[str, str]:
    """The two versions between which the path goes back and forth, and what each of them gets right."""
    known = {r.id: r for r in view.records}
    first, second = known.get(last.before), known.get(last.artifact)
    if first is None or second is None:
        return dict.fromkeys(("first", "second", "first_right", "second_right", "both_right"), "unknown")
    one, two = _right(first.evaluation), _right(second.evaluation)
    return {
        "first": _label(first, incumbent),
        "second": _label(second, incumbent),
        "first_right": _listed([case for case in one if case not in two], most),
        "second_right": _listed([case for case in two if case not in one], most),
        "both_right": _listed([case for case in one if case in two], most),
    }


def _right(evaluation: Evaluation) -> list[str]:
    return [r.case_id for r in evaluation.results if r.score >= 1]


def _label(record: Record, incumbent: str) -> str:
    return "the current version" if record.id == incumbent else f"version {record.number}"


def _listed(cases: Sequence[str], most: int) -> str:
    return names(cases, most) or "nothing"
