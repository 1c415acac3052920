"""The protocol that every optimizer implements: initialize, propose, update, extract (Algorithm 1 of metaTextGrad).

The driver and the optimizers know each other through this module alone. An optimizer sees artifacts, evaluations and
a model; it knows neither files, nor tests, nor the editor, and it never evaluates: it says in its state *what* it
wants evaluated (`focus`, `probe_size`) and *how* (`plan`), and the driver does it, so that caching, budget, gates,
isolation and logging exist once.

Differences from the paper's Algorithm 1: Propose may return several candidates (OPRO, GPO, APE and ProTeGi do), Update
receives them all with their evaluations, and Initialize returns plain data instead of keeping it, so a run resumes
from its journal.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from pydantic import JsonValue

from secant.types import Artifact, Case, Evaluation, Evolution, Frozen, Level, Proposal, Split, Task

Gate = Literal["none", "all_passed", "not_worse", "better"]


class Stage(Frozen):
    """One step of an evaluation plan: which cases, and which candidates go on to the next stage."""

    name: str = "cases"
    """What the evaluator is asked for; a kind of artifact documents its own (`filter`, `tests`, `speed`)."""
    split: Split = "select"
    size: int | None = None
    """How many cases of the split (a shared batch, the same for all candidates); None for all."""
    gate: Gate = "none"
    """What a candidate must have reached to go on: `not_worse` and `better` compare with the incumbent on the same
    cases, paired."""
    keep: int | None = None
    """At most so many go on, the best by mean score (speed breaks ties), the earlier first."""


class Plan(Frozen):
    """How proposals are evaluated: an allocator by name, its stages, its settings. Plain data: logged and learnable."""

    allocator: str = "staged"
    stages: tuple[Stage, ...] = (Stage(),)
    settings: Mapping[str, JsonValue] = {}
    """For the bandit allocators: pulls, exploration constant, arms to keep."""


class State(Frozen):
    """What an optimizer carries from step to step. Optimizers extend it with small fields of plain data.

    It is journaled after every step, so it holds cursors and choices, not copies: what was evaluated is in
    `Context.trajectory`.
    """

    focus: tuple[str, ...] = ()
    """Ids of the artifacts to be run on the next fit batch before `propose`: the incumbent for TextGrad, the beam for
    ProTeGi, nothing for GPO and OPRO."""
    probe_size: int = 0
    """Cases in that batch; 0 means no forward pass and no cost."""
    plan: Plan = Plan()
    done: bool = False
    """Nothing is left to propose: the driver goes on to `extract`."""


class Scored(NamedTuple):
    """A proposal and its evaluations, one for each stage that it reached; empty where it was screened out."""

    proposal: Proposal
    evaluations: tuple[Evaluation, ...]

    @property
    def last(self) -> Evaluation | None:
        return self.evaluations[-1] if self.evaluations else None


class Decision(Frozen):
    """What an update decided, for the journal and the reader."""

    accepted: tuple[str, ...] = ()
    incumbent: str | None = None
    """Where the search stands now; may be worse than the best (GPO, OPRO and ADAS walk downhill)."""
    reason: str = ""
    evolution: Evolution | None = None
    """What the step changed, where the optimizer measures that."""


class Extraction(Frozen):
    """The winners in order: the first is offered, the next are its alternatives. Empty: nothing better was found."""

    ranking: tuple[str, ...] = ()
    reason: str = ""


class Completion(Frozen):
    """One answer of a model."""

    id: str
    text: str
    finish: Literal["stop", "length", "refusal", "failed"] = "stop"
    """`failed`: no answer came in spite of retries; `text` is empty and `reason` says why."""
    reason: str = ""


Answered = Callable[[int, Completion], object]
"""Hears that the request of this number has its answer."""


class LanguageModel(Protocol):
    """The models of a run, by level. Every call is budgeted, cached and retried behind this protocol.

    A call that fails for good is a `Completion` with `finish="failed"`, which the next prompt may mention. What no call
    can escape (a wrong key, no such model) raises ModelUnavailable, and the driver ends the run with its best.
    """

    def within(self, scope: str) -> LanguageModel:
        """The same models for one call of an operation (`3/propose`): a resumed run finds what was paid in it."""
        ...

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        """`n` answers for one request; n requested is n paid. Raises BudgetExhausted before it would overspend."""
        ...

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        """One answer for each request, concurrently, in the order asked. A request is read when there is room for it.
        `answered` may hear of them, in the asker's thread, while others are waited for.

        Raises BudgetExhausted: before the first where the calls that are left do not suffice, later where tokens or
        money do not. What was answered by then is paid, and found when it is asked for again in smaller portions.
        """
        ...


class TrajectoryEntry(NamedTuple):
    """One evaluated artifact of the run, as an optimizer may show it to a model."""

    step: int
    proposal: Proposal
    evaluation: Evaluation
    accepted: bool


class Trajectory(Protocol):
    """Everything that was evaluated so far, rejections included; the seed is the entry of step 0."""

    def __len__(self) -> int: ...

    def artifact(self, artifact_id: str) -> Artifact:
        """Raises KeyError for an id that never went past the first gate."""
        ...

    def evaluations(self, artifact_id: str) -> Sequence[Evaluation]: ...

    def last(self, count: int) -> Sequence[TrajectoryEntry]:
        """The latest entries, oldest first."""
        ...

    def top(self, count: int) -> Sequence[TrajectoryEntry]:
        """The best by mean score, then speed, then age; best first."""
        ...

    def lineage(self, artifact_id: str) -> Sequence[TrajectoryEntry]:
        """The entry and its first parents, the seed first."""
        ...

    def rejected(self, count: int) -> Sequence[TrajectoryEntry]: ...

    def best_per_case(self) -> Mapping[str, tuple[str, ...]]:
        """For each case the ids of the artifacts that score best on it (GEPA's Pareto front)."""
        ...


class BudgetView(Protocol):
    """What is left, read only. None means that no limit was set."""

    def remaining(self, what: Literal["calls", "tokens", "usd", "seconds", "evaluations"]) -> float | None: ...

    def fraction_used(self) -> float:
        """How much of the tightest limit is used, in [0, 1]; for schedules that decay over the run."""
        ...


class Context(NamedTuple):
    """What one call of an optimizer may see. Made afresh by the driver for every call."""

    task: Task
    seed: Artifact
    baseline: Evaluation
    """The seed on the select cases."""
    cases: Mapping[Split, Sequence[Case]]
    """The report split is never among them."""
    probes: Mapping[str, Evaluation]
    """The artifacts of `state.focus` on this step's fit batch, by id."""
    trajectory: Trajectory
    budget: BudgetView
    rng: random.Random
    """Seeded from the run's seed and the step, so a resumed run draws the same numbers."""
    step: int
    lm: LanguageModel | None = None


class StepCalls(NamedTuple):
    """How often one step asks a model, for a forecast; what fails is asked again besides."""

    versions: int
    critiques: int


@runtime_checkable
class Equipped(Protocol):
    """Of an optimizer: it needs what may not be installed."""

    def require(self) -> None:
        """Before anything is paid for. Raises BadRequest saying how it is installed."""
        ...


@runtime_checkable
class StepAsking(Protocol):
    """An optimizer that asks models, and says how often."""

    def step_calls(self, task: Task) -> StepCalls: ...


class Optimizer(Protocol):
    """The four operations. An implementation is stateless: everything between calls is in the state."""

    @property
    def name(self) -> str: ...

    @property
    def state_type(self) -> type[State]:
        """The model that reads a journaled state back."""
        ...

    def initialize(self, ctx: Context) -> State:
        """Prepare the search, given the seed, its evaluation and the task."""
        ...

    def propose(self, ctx: Context, state: State) -> Sequence[Proposal]:
        """The next candidates; an empty answer with `state.done` unset is a step that found nothing to try."""
        ...

    def update(self, ctx: Context, state: State, scored: Sequence[Scored]) -> tuple[State, Decision]:
        """Take the results in and decide where the next step starts."""
        ...

    def extract(self, ctx: Context, state: State) -> Extraction:
        """The best found so far, never by default the last."""
        ...
