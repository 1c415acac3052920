"""MIPROv2 (Opsahl-Ong et al., EMNLP 2024, and dspy): a Bayesian search over instructions and sets of demonstrations.

    describe data and program -> instructions -> { suggest combinations -> a few select cases -> the best on all }

The instructions are asked for at the start (mipro_drafting), and no model writes after that: 2 + instructions x parts
calls in all. A combination is one text for each editable part and one set of examples for the first of them. Each step
measures `trials_each` combinations that the estimator suggests (search.bayes), on the same few select cases, and then
the best of them by mean on all. Where the task allows demonstrations, the first step besides runs the original on fit
cases: what it answered rightly, and what the data say is right, becomes the sets (mipro_demos). Otherwise the search is
zero-shot.

Differences from dspy: the few select cases are the same for all, so combinations are compared on common cases (dspy
draws others for each trial, and averages over repeats); a combination is tried once, the suggestions of a step are made
together; the best of the step, not of all that were not measured fully, is measured on all cases; demonstrations are
never of select cases, on which combinations are judged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from secant.optimizer import Context, Decision, Extraction, Plan, Scored, Stage, State, StepCalls
from secant.optimizers.mipro_demos import Demonstrations, bootstrapped, labelled, rendered, sets
from secant.optimizers.mipro_drafting import Drafting
from secant.optimizers.mipro_spec import MIPROSpec
from secant.optimizers.spec import default
from secant.optimizers.wording import editable, prompt_model, settled
from secant.prompting.exemplars import shown
from secant.search.bayes import Choices, Trial, required, suggested
from secant.search.courses import ranking, solved
from secant.search.similarity import word_distance
from secant.types import Artifact, Case, Proposal, Task


class MIPROState(State):
    """The texts to choose from, and what was tried of them. Number 0 of everything is the original."""

    base: str = ""
    """The artifact whose parts are replaced."""
    instructions: tuple[tuple[str, ...], ...] = ()
    """For each editable part."""
    unusable: int = 0
    """Answers that held no instruction."""
    most: int = 0
    """Demonstrations in a set."""
    sets: tuple[Demonstrations, ...] = ((),)
    bootstrapped: bool = False
    """The sets are made."""
    next: tuple[Choices, ...] = ()
    """The combinations of the step that comes: a text of each part, and behind them a set."""
    tried: tuple[Choices, ...] = ()
    trials: tuple[Trial, ...] = ()


class MIPROOptimizer:
    """`--optimizer mipro`."""

    name = "mipro"
    state_type = MIPROState

    def __init__(self, spec: MIPROSpec | None = None) -> None:
        self.spec = spec or default(self.name, MIPROSpec)
        self._drafting = Drafting(self.spec)

    def require(self) -> None:
        required(self.name)

    def step_calls(self, task: Task) -> StepCalls:
        """All are asked at the start; here they are spread over the steps that the trials take."""
        knobs = self.spec.knobs
        steps = math.ceil(knobs.trials / knobs.trials_each)
        return StepCalls(versions=math.ceil(knobs.instructions / steps), critiques=1)

    # The four operations

    def initialize(self, ctx: Context) -> MIPROState:
        """Raises BadRequest where there is no model, no prompt to refine, or no optuna."""
        model = prompt_model(ctx, self.name)
        self.require()
        knobs, most = self.spec.knobs, _demonstrations(ctx, self.spec.knobs.demonstrations)
        drafted = self._drafting.drafted(ctx, model)
        whole = len(ctx.cases.get("select", ())) <= knobs.batch
        original = (0,) * (len(drafted.texts) + 1)
        state = MIPROState(
            base=ctx.seed.id,
            instructions=drafted.texts,
            unusable=drafted.unusable,
            most=most,
            bootstrapped=not most,
            focus=(ctx.seed.id,) if most else (),
            probe_size=knobs.bootstrap if most else 0,
            plan=Plan(stages=(Stage(),) if whole else (Stage(size=knobs.batch, keep=1), Stage())),
            tried=(original,),
            trials=(Trial(choices=original, value=ctx.baseline.mean, cases=ctx.baseline.n),),
        )
        return self._with_next(ctx, state)

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        assert isinstance(state, MIPROState)
        return [self._proposal(ctx, state, choices) for choices in state.next]

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[MIPROState, Decision]:
        assert isinstance(state, MIPROState)
        by_id = {s.proposal.artifact.id: s for s in scored}
        found = [(c, by_id.get(self._artifact(ctx, state, c).id)) for c in state.next]
        trials = [trial for choices, each in found if each is not None for trial in _trials(choices, each)]
        changed = state.model_copy(
            update={"trials": (*state.trials, *trials), "tried": (*state.tried, *state.next), "next": ()}
        )
        if not changed.bootstrapped:
            changed = self._with_sets(ctx, changed, scored)
        best = next((e.proposal.artifact.id for e in ctx.trajectory.top(1)), state.base)
        changed = self._with_next(ctx, changed)
        if solved(ctx, best):
            changed = changed.model_copy(update={"done": True})
        new = [i for i, each in by_id.items() if settled(ctx, each.evaluations) is not None]
        accepted = (best,) if best in new else ()
        why = by_id[best].proposal.rationale if accepted else "no better combination"
        return changed, Decision(accepted=accepted, incumbent=best, reason=why)

    def extract(self, ctx: Context, state: State) -> Extraction:
        return Extraction(ranking=ranking(ctx, self.spec.knobs.offered), reason="best on all select cases")

    # A step

    def _with_next(self, ctx: Context, state: MIPROState) -> MIPROState:
        """The combinations of the next step; the search is over where the trials are made or nothing is left."""
        knobs = self.spec.knobs
        left = knobs.trials + 1 - len(state.tried)
        sizes = [*(len(texts) for texts in state.instructions), len(state.sets)]
        wanted = max(0, min(knobs.trials_each, left))
        chosen = suggested(sizes, state.trials, state.tried, wanted, ctx.rng) if wanted else ()
        over = not chosen and state.bootstrapped
        return state.model_copy(update={"next": tuple(chosen), "done": over})

    def _with_sets(self, ctx: Context, state: MIPROState, scored: Sequence[Scored]) -> MIPROState:
        """Sets of demonstrations from what was answered rightly on fit cases."""
        knobs, fit = self.spec.knobs, _fit(ctx)
        measured = [*ctx.probes.values(), *(e for s in scored for e in s.evaluations if e.split == "fit")]
        made = sets(
            bootstrapped(measured, fit, knobs.example_tokens),
            labelled(fit, knobs.example_tokens),
            size=state.most,
            count=knobs.sets,
            rng=ctx.rng,
        )
        changes = {"sets": ((), *made), "bootstrapped": True, "focus": (), "probe_size": 0}
        return state.model_copy(update=changes)

    def _artifact(self, ctx: Context, state: MIPROState, choices: Choices) -> Artifact:
        artifact = ctx.trajectory.artifact(state.base)
        parts = editable(artifact)
        for part, texts, choice in zip(parts, state.instructions, choices, strict=False):
            artifact = artifact.with_text(texts[choice], part.name)
        first = next(part for part in artifact.parts if part.name == parts[0].name)
        block, example = self.spec.part("block"), self.spec.part("example")
        return artifact.with_text(
            rendered(first, state.sets[choices[-1]], ctx, block=block, example=example), first.name
        )

    def _proposal(self, ctx: Context, state: MIPROState, choices: Choices) -> Proposal:
        base, artifact = ctx.trajectory.artifact(state.base), self._artifact(ctx, state, choices)
        pairs = [(old, new) for old, new in zip(base.parts, artifact.parts, strict=True) if old.text != new.text]
        texts = ", ".join(f"{part.name} {choice}" for part, choice in zip(editable(base), choices, strict=False))
        examples = len(state.sets[choices[-1]])
        return Proposal(
            artifact=artifact,
            parents=(base.id,),
            changed=tuple(old.name for old, _ in pairs),
            edit_words=sum(word_distance(new.text, old.text) for old, new in pairs),
            rationale=f"instruction for {texts}" + (f", with {examples} examples" if examples else ""),
            paid=True,
        )


def _trials(choices: Choices, scored: Scored) -> list[Trial]:
    return [Trial(choices=choices, value=e.mean, cases=e.n) for e in scored.evaluations if e.n]


def _demonstrations(ctx: Context, otherwise: int) -> int:
    given = ctx.task.facts.get("demonstrations", otherwise)
    return given if isinstance(given, int) else otherwise


def _fit(ctx: Context) -> Mapping[str, Case]:
    """The cases that may be shown: those that nothing is judged on, under another name either."""
    judged = ctx.cases.get("select", ())
    ids, inputs = {case.id for case in judged}, {shown(case.input) for case in judged if case.input is not None}
    return {c.id: c for c in ctx.cases.get("fit", ()) if c.id not in ids and shown(c.input) not in inputs}
