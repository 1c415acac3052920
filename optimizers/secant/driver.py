"""The one loop of Secant: asks an optimizer, screens, measures, updates, journals; then extracts and confirms.

    baseline -> initialize -> { probe the focus -> propose -> screen -> allocate -> update } -> extract -> confirm

It knows optimizers and artifact kinds through their protocols only. Everything that a step decides follows from the
run's seed, the step's number and the journal, so a run that was killed at any byte goes on as if it had not been. A
stop (budget, user) inside a step leaves the step open: the optimizer sees what was measured and extracts from it, but
a resumed run finishes the step.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from secant.announcer import Announcer
from secant.assessor import Assessor, StepPlan, Stop
from secant.budget import Budget, BudgetExhausted, Spent
from secant.cancellation import Cancellation, Interrupted
from secant.confirmation import Candidate, ConfirmationRules, Confirmer
from secant.evaluator import Evaluator
from secant.history import History
from secant.journal import Recorder
from secant.models.contract import ModelUnavailable
from secant.optimizer import BudgetView, Context, Decision, LanguageModel, Optimizer, Scored, Stage, State
from secant.screening import Refusal, Screen
from secant.search.allocator import allocator
from secant.search.bench import Allocation
from secant.search.trajectory import RunTrajectory
from secant.standing import Best
from secant.types import Artifact, Case, Evaluation, Frozen, Proposal, Split, Task


class Stopping(Frozen):
    """When a run ends although optimizer, budget and user would go on. None means never."""

    steps: int | None = None
    patience: int | None = None
    """Steps without a new best."""
    barren: int = 25
    """Steps in a row without anything new to measure: an optimizer without ideas spends no budget, so never stops."""


class Outcome(NamedTuple):
    """How a run ended and what it found."""

    stop: Literal["done", "budget", "cancelled", "plateau", "model"]
    reason: str
    baseline: Evaluation
    confirmed: tuple[Candidate, ...]
    """The winner and its alternatives, best first; empty where nothing better held."""
    unconfirmed: Candidate | None
    """The best candidate where none was confirmed."""
    ranking: tuple[str, ...]
    """What the optimizer extracted, the seed left out."""
    steps: int
    spent: Spent
    unavailable: ModelUnavailable | None = None
    """What ended it where `stop` is `model`."""


class Driver:
    """One run of one optimizer. `run` may be called once."""

    def __init__(
        self,
        optimizer: Optimizer,
        evaluator: Evaluator,
        task: Task,
        seed_artifact: Artifact,
        *,
        recorder: Recorder,
        budget: Budget,
        seed: int = 0,
        cancellation: Cancellation | None = None,
        history: History | None = None,
        lm: LanguageModel | None = None,
        stopping: Stopping | None = None,
        confirmation: ConfirmationRules | None = None,
        rejected: Iterable[str] = (),
        refusal: Refusal = lambda artifact: "",
        isolation: str = "",
        view: BudgetView | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`history` is what earlier sessions journaled; the budget must then start from `history.spent`. `rejected` are
        the ids of artifacts that the user turned down before: they are neither measured nor offered. Nor is what
        `refusal` has a reason against; the reason is told to the optimizer. `view` is what the optimizer sees of the
        budget, where not all of it is the search's.
        """
        self._optimizer = optimizer
        self._evaluator = evaluator
        self._task = task
        self._seed_artifact = seed_artifact
        self._recorder = recorder
        self._budget = budget
        self._seed = seed
        self._cancellation = cancellation or Cancellation()
        self._history = history or History()
        self._lm = lm
        self._stopping = stopping or Stopping()
        self._confirmation = confirmation or ConfirmationRules()
        self._isolation = isolation
        self._view = view or budget
        self._clock = clock
        self._announcer = Announcer(recorder, budget, self._history, clock=clock)
        self._trajectory = RunTrajectory()
        self._screen = Screen(seed_artifact, self._history.seen, rejected=rejected, refusal=refusal)
        self._step = self._history.step
        self._drawn = self._history.drawn
        self._incumbent = self._history.incumbent or seed_artifact.id
        self._improved = self._history.improved_step
        self._barren = self._history.barren

    def run(self) -> Outcome:
        """Search until something says stop, then extract and confirm. Raises SecantError where the evaluator does."""
        self._cases = self._split_cases()
        self._baseline = self._measure_baseline()
        self._assessor = self._make_assessor()
        self._state = self._restored_state()
        lost: ModelUnavailable | None = None
        try:
            stop = self._search()
        except BudgetExhausted as exhausted:
            stop = Stop("budget", str(exhausted))
        except ModelUnavailable as unavailable:
            stop, lost = Stop("model", str(unavailable)), unavailable
        except Interrupted:  # while a model was waited for
            stop = Stop("cancelled", self._cancellation.reason)
        ranking = self._ranking()
        confirmed = self._confirm(ranking, stop)
        if self._cancellation.cancelled:  # while the best were confirmed: alternatives may be missing
            stop = Stop("cancelled", self._cancellation.reason)
        return Outcome(
            stop=stop.kind,
            reason=stop.reason,
            baseline=self._baseline,
            confirmed=confirmed,
            unconfirmed=ranking[0] if ranking and not confirmed else None,
            ranking=tuple(c.proposal.artifact.id for c in ranking),
            steps=self._step,
            spent=self._budget.spent(),
            unavailable=lost,
        )

    # Before the loop

    def _split_cases(self) -> Mapping[Split, Sequence[Case]]:
        """The cases that a search may see. Without fit cases of their own the select cases serve."""
        cases = self._evaluator.cases()
        select = cases.get("select", ())
        return {"fit": cases.get("fit") or select, "select": select}

    def _measure_baseline(self) -> Evaluation:
        """The seed's evaluation, measured now or by an earlier session; the first entry of the trajectory."""
        self._announcer.progress("baseline", force=True)
        started = self._clock()
        baseline = self._history.baseline or self._evaluator.baseline()
        seconds = self._clock() - started
        self._announcer.baseline(baseline, goal=self._task.goal, seconds=seconds, isolation=self._isolation)
        self._announcer.best = Best(baseline, len(self._cases["select"]))
        self._trajectory.add(0, Proposal(artifact=self._seed_artifact), (baseline,), survived=True)
        self._trajectory.accept([self._seed_artifact.id])
        return baseline

    def _make_assessor(self) -> Assessor:
        return Assessor(
            self._evaluator,
            cases=self._cases,
            seed=self._seed,
            budget=self._budget,
            cancellation=self._cancellation,
            recorder=self._recorder,
            trajectory=self._trajectory,
            known=self._history.known,
            on_measured=self._announcer.progress,
            on_survived=self._survived,
        )

    def _restored_state(self) -> State | None:
        """Put the finished steps of earlier sessions back; the state after the last of them."""
        for finished in self._history.steps:
            for entry in finished.entries:
                self._trajectory.add(finished.step, entry.proposal, entry.evaluations, survived=entry.survived)
                if entry.survived:
                    self._announcer.survived(finished.step, entry.proposal, entry.evaluations)
            self._trajectory.accept(finished.accepted)
        state = self._history.state
        return None if state is None else self._optimizer.state_type.model_validate(state)

    # The loop

    def _search(self) -> Stop:
        if self._state is None:
            self._announcer.progress("initialize", force=True)
            self._state = self._optimizer.initialize(self._context("initialize", self._step))
            self._announcer.updated(0, self._state, Decision(), incumbent=self._incumbent, drawn=self._drawn)
        while True:
            stop = self._due(self._state) or self._advance(self._state)
            if stop is not None:
                return stop

    def _due(self, state: State) -> Stop | None:
        """Whether to stop between two steps. Raises BudgetExhausted once the time is up."""
        if self._cancellation.cancelled:
            return Stop("cancelled", self._cancellation.reason)
        if state.done:
            return Stop("done", "the optimizer has nothing left to propose")
        self._budget.reserve().release()
        if self._budget.remaining("evaluations") == 0 and self._pending() is None:
            return Stop("budget", "the budget of evaluations is used up")
        return self._tired()

    def _tired(self) -> Stop | None:
        """Whether the run's own rules end it."""
        rules = self._stopping
        if rules.steps is not None and self._step >= rules.steps:
            return Stop("budget", f"{rules.steps} steps are done" if rules.steps != 1 else "1 step is done")
        if rules.patience is not None and self._step - self._improved >= rules.patience:
            return Stop("plateau", f"no better candidate in {rules.patience} steps")
        if self._barren >= rules.barren:
            return Stop("plateau", f"nothing new to measure in {rules.barren} steps")
        return None

    def _advance(self, state: State) -> Stop | None:
        """One step. A stop inside it leaves it open in the journal."""
        step = self._step + 1
        drawn = self._begin(step, state)
        probes = self._probes(state)
        if self._assessor.stop is not None:
            return self._assessor.stop
        proposals = self._proposals(step, state, probes)
        chosen = [p for p in proposals if p.status == "ok"]
        allocation = allocator(state.plan.allocator)(chosen, state.plan, self._assessor)
        scored = self._scored(step, proposals, allocation)
        self._state, decision = self._optimizer.update(self._context("update", step, probes), state, scored)
        if self._assessor.stop is not None:
            return self._assessor.stop
        self._step, self._drawn = step, drawn
        self._incumbent = decision.incumbent or self._incumbent
        self._barren = 0 if chosen else self._barren + 1
        self._trajectory.accept(decision.accepted)
        self._announcer.updated(step, self._state, decision, incumbent=self._incumbent, drawn=drawn)
        return None

    def _begin(self, step: int, state: State) -> int:
        """Fix the step's mini-batch, random numbers and incumbent. Returns the cursor behind the batch."""
        sizes = [s.size for s in state.plan.stages if s.split == "fit" and s.size is not None]
        wanted = max([state.probe_size if state.focus else 0, *sizes])
        batch, drawn = self._assessor.draw(self._drawn, wanted)
        incumbent = self._incumbent if self._incumbent in self._trajectory else self._seed_artifact.id
        rng = self._rng(step, "allocate")
        self._assessor.begin(StepPlan(step, rng, batch, self._trajectory.artifact(incumbent)))
        return drawn

    def _probes(self, state: State) -> Mapping[str, Evaluation]:
        """The focus on the step's mini-batch, in the stage that measures candidates on such batches."""
        if not state.probe_size:
            return {}
        name = next((s.name for s in state.plan.stages if s.split == "fit"), Stage().name)
        stage = Stage(name=name, split="fit", size=state.probe_size)
        ids = self._assessor.cases(stage)
        probes: dict[str, Evaluation] = {}
        for identity in state.focus:
            evaluation = self._assessor.probe(self._trajectory.artifact(identity), stage, ids)
            if evaluation is None:
                break
            probes[identity] = evaluation
        return probes

    def _pending(self) -> Sequence[Proposal] | None:
        """What was proposed in the step in which an earlier session ended; empty where that can be made again."""
        items = self._history.pending
        if items is None or self._step != self._history.step:
            return None
        return [Proposal.model_validate(i.proposal) for i in items if i.proposal is not None]

    def _proposals(self, step: int, state: State, probes: Mapping[str, Evaluation]) -> Sequence[Proposal]:
        """The step's candidates, screened and journaled. What was paid for is not asked for again."""
        asked = self._pending()
        if not asked:
            self._announcer.progress("propose")
            asked = self._optimizer.propose(self._context("propose", step, probes), state)
        proposals = [self._screen.judge(p) for p in asked]
        self._announcer.proposed(step, proposals)
        return proposals

    def _scored(self, step: int, proposals: Sequence[Proposal], allocation: Allocation) -> Sequence[Scored]:
        """Every proposal with its evaluations, the screened out with none; the trajectory takes what it keeps."""
        survivors = set(allocation.survivors)
        measured = {s.proposal.artifact.id: s for s in allocation.scored}
        scored: list[Scored] = []
        for proposal in proposals:
            identity = proposal.artifact.id
            result = measured[identity] if proposal.status == "ok" else Scored(proposal, ())
            scored.append(result)
            kept = [e for e in result.evaluations if e.tally is None]
            if kept:
                self._trajectory.add(step, proposal, kept, survived=identity in survivors)
        return scored

    def _survived(self, proposal: Proposal, evaluations: Sequence[Evaluation]) -> None:
        if self._announcer.survived(self._step + 1, proposal, evaluations):
            self._improved = self._step + 1

    # After the loop

    def _ranking(self) -> list[Candidate]:
        """What the optimizer extracts, without the seed."""
        if self._state is None:
            return []
        self._announcer.progress("extract", force=True)
        try:
            extracted = self._optimizer.extract(self._context("extract", self._step), self._state).ranking
        except (BudgetExhausted, ModelUnavailable, Interrupted):
            # An extraction that asks a model: the best by score stand in for its answer.
            extracted = [e.proposal.artifact.id for e in self._trajectory.top(self._confirmation.attempts)]
        ranking: list[Candidate] = []
        for identity in dict.fromkeys(extracted):
            if identity not in self._trajectory:
                self._announcer.unknown_winner(identity)
            elif identity != self._seed_artifact.id:
                entry = self._trajectory.entry(identity)
                ranking.append(Candidate(entry.proposal, entry.evaluation))
        return ranking

    def _confirm(self, ranking: Sequence[Candidate], stop: Stop) -> tuple[Candidate, ...]:
        if ranking:
            self._announcer.progress("confirm", force=True)
        confirmer = Confirmer(
            self._evaluator,
            self._recorder,
            self._cancellation,
            self._confirmation,
            known=self._history.confirmations,
            clock=self._clock,
        )
        return tuple(confirmer.run(ranking, hurried=stop.kind in ("budget", "cancelled")))

    # What every call of an optimizer gets

    def _rng(self, step: int, purpose: str) -> random.Random:
        """Of its own for every call, so that a call that a resumed run leaves out changes nothing for the others."""
        return random.Random(f"{self._seed}/{step}/{purpose}")

    def _context(self, purpose: str, step: int, probes: Mapping[str, Evaluation] | None = None) -> Context:
        return Context(
            task=self._task,
            seed=self._seed_artifact,
            baseline=self._baseline,
            cases=self._cases,
            probes=probes or {},
            trajectory=self._trajectory,
            budget=self._view,
            rng=self._rng(step, purpose),
            step=step,
            lm=self._lm.within(f"{step}/{purpose}") if self._lm is not None else None,
        )
