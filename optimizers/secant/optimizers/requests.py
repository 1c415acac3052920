"""The requests of an optimizer that walks a single path, put together from the parts of its spec.

Says in words what path, records and evaluations hold; decides nothing and asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.optimizer import Context
from secant.optimizers.filling import Filling, Values, fact, kept
from secant.optimizers.path import PathState, View, told_apart
from secant.optimizers.spec import OptimizerSpec
from secant.prompting.feedback import feedback
from secant.prompting.history import Shown, difference, note, sections, standing
from secant.prompting.render import Data, Prompt, Section
from secant.prompting.replies import Expected
from secant.prompting.template import SUFFIX, fill
from secant.search.courses import is_faster
from secant.search.records import Record
from secant.search.similarity import words
from secant.types import Critique, Part


class Outlook(NamedTuple):
    """What an optimizer makes of the past, for the next request."""

    past: Sequence[Record] = ()
    """Earlier versions that are shown."""
    evolution: Section | str = ""
    """The numbers of how the path evolved."""
    directive: Section | str = ""
    """What to do in view of them."""
    budget_factor: float = 1.0


class Requests(Filling):
    """Fills the parts of one spec."""

    def __init__(self, spec: OptimizerSpec) -> None:
        super().__init__(spec)
        self.spec = spec

    def update(self, ctx: Context, state: PathState, view: View, outlook: Outlook, critique: Critique | None) -> Prompt:
        """The request for new versions."""
        values = self._common(ctx, view) | {
            "profile": self._profile(ctx),
            "handed": self._handed(state, view),
            "history": self._history(ctx, view, outlook.past),
            "critique": self.section("criticism", value=Data("CRITIQUE", critique.text)) if critique else "",
            "evolution": outlook.evolution,
            "directive": outlook.directive,
            "budget": self._budget(ctx, state, view, outlook.budget_factor),
            "trouble": self._trouble(state),
            "contract": self.section(f"contract_{_form(ctx)}", **_named(ctx, view.part)),
        }
        return self.composed("update", values, system=f"system_{_form(ctx)}")

    def critique(self, ctx: Context, view: View) -> Prompt:
        """The request for a critique of the version that new ones are made from."""
        request = self.section("critique_request", words=str(self.spec.knobs.critique_words))
        values = self._common(ctx, view) | {"request": request}
        return self.composed("critique", values, system=f"critique_system_{_form(ctx)}")

    def _common(self, ctx: Context, view: View) -> Values:
        """What critic and optimizer are both told."""
        told = feedback(view.evaluation, view.cases, self.spec.knobs.feedback)
        passing: Section | str = ""
        if told.passing and told.failing:
            passing = self.section("passing", value=Data("PASSING", told.passing))
        failing = Data("FEEDBACK", told.failing) if told.failing else ""
        others = [part for part in view.base.parts if part.name != view.part.name]
        around = [text for text in (fact(ctx, "context"), *map(_other, others)) if text.strip()]
        return {
            "task": self.section(_goal(ctx), **_named(ctx, view.part)),
            "current": self.section(
                "current",
                standing=standing(view.evaluation, ctx.task),
                note=next((note(r) for r in view.records if r.id == view.base.id), ""),
                value=Data("CURRENT", view.part.text.rstrip("\n")),
            ),
            "limits": self._limits(ctx, view.part),
            "context": self.section("context", value=Data("CONTEXT", "\n\n".join(around))) if around else "",
            "feedback": self.section("feedback", failing=failing, passing=passing) if failing else "",
        }

    def _limits(self, ctx: Context, part: Part) -> Section | str:
        told = kept if _form(ctx) == "prompt" else "keep this literally: {}".format
        items = [*part.constraints, *map(told, part.must_keep)]
        return self.section("limits", items="\n".join(f"- {item}" for item in items)) if items else ""

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
        return self.section("history", records=told)

    def _profile(self, ctx: Context) -> Section | str:
        text = fact(ctx, "profile")
        return self.section("profile", value=Data("PROFILE", text)) if text.strip() else ""

    def _handed(self, state: PathState, view: View) -> Section | str:
        part = self.spec.part("handed_record")
        told = [
            Section(
                part,
                {"note": h.note, "passed": str(h.passed), "value": difference(view.part.text, h.text)},
            )
            for h in state.handed[: self.spec.knobs.handed]
        ]
        return self.section("handed", tried=str(state.tried), records=told) if told else ""

    def _budget(self, ctx: Context, state: PathState, view: View, factor: float) -> Section | str:
        knobs, size = self.spec.knobs, len(words(view.part.text))
        step = max(1, ctx.step - state.after)
        if ctx.task.kind == "function" and knobs.function_percent is not None:
            most = knobs.function_percent.words(step) / 100 * size
        elif ctx.task.kind != "function" and knobs.words is not None:
            most = float(knobs.words.words(step))
        else:
            return ""
        most = max(knobs.least_words, round(most * factor))
        if most >= knobs.whole * size:
            return self.section("budget_whole")
        return self.section("budget", words=str(most), size=str(size))

    def _trouble(self, state: PathState) -> Section | str:
        items = [
            f"step {t.step}: {fill(self.spec.part(f'trouble_{t.status}'), {'detail': t.detail, SUFFIX: ''})}"
            for t in state.troubles
        ]
        return self.section("trouble", items=Data("TROUBLE", "\n".join(items))) if items else ""


def expected(ctx: Context, part: Part, prompt: Prompt) -> Expected:
    """What a usable answer to the request holds."""
    return Expected(
        kind=ctx.task.kind,
        tag=f"IMPROVED{prompt.suffix}",
        keys=("improved", "IMPROVED"),
        current=part.text,
        must_keep=part.must_keep,
        name=part.name if ctx.task.kind == "function" else "",
        instructions=prompt.instructions,
    )


def _goal(ctx: Context) -> str:
    if ctx.task.kind == "function":
        return "goal_faster" if is_faster(ctx.task) else "goal_fix"
    return "goal_solution" if ctx.task.kind == "solution" else "goal_prompt"


def _form(ctx: Context) -> str:
    return ctx.task.kind if ctx.task.kind in ("function", "solution") else "prompt"


def _named(ctx: Context, part: Part) -> dict[str, str | Data]:
    if ctx.task.kind == "function":
        return {"name": part.name}
    goal = ctx.task.goal if ctx.task.kind == "solution" else ""  # of a prompt the template says it
    description = "\n\n".join(text for text in (goal, ctx.task.description) if text.strip()) or ctx.task.goal
    told = {"judged": fact(ctx, "judged"), "usage": fact(ctx, "usage")}
    name = part.name if ctx.task.kind == "solution" else told_apart(ctx, part)
    return {"name": name, "role": part.role, "description": Data("TASK", description), **told}


def _other(part: Part) -> str:
    return f"{part.name}:\n{part.text}"
