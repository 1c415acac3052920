"""One run on one function: prepared, driven, confirmed, and told as a `Finished` event. Applies nothing by itself."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from secant.budget import Budget, Limits
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.confirmation import Candidate, ConfirmationRules
from secant.driver import Driver, Outcome
from secant.errors import BadRequest, SecantError
from secant.events import Alternative, Finished, Notice, Progress, TestCount
from secant.functions import generated
from secant.functions.behaviour import Behaviour
from secant.functions.evaluator import FunctionEvaluator
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, Subject, announce_subject, prepare
from secant.functions.speed import Speed
from secant.functions.suite import Suite
from secant.functions.writeback import preview_diff, replaced
from secant.history import History
from secant.journal import Recorder
from secant.optimizer import Optimizer
from secant.types import Artifact, Part, SpeedUp, Task

DEFAULT_SECONDS = 120.0
_RECORD_SECONDS = 300.0


class Stopped(SecantError):
    """The user ended the run before there was anything to keep."""


class FunctionOptimization:
    """Runs one request. `run` may be called once."""

    def __init__(
        self,
        request: OptimizeRequest,
        subject: Subject,
        optimizer: Optimizer,
        recorder: Recorder,
        cancellation: Cancellation,
        history: History,
        environment: Mapping[str, str],
    ) -> None:
        self._request = request
        self._subject = subject
        self._optimizer = optimizer
        self._recorder = recorder
        self._cancellation = cancellation
        self._history = history
        self._environment = environment
        self._preparing = True
        self._behaviour: Behaviour | None = None
        self._late: Behaviour | None = None
        self._recorded_late = False

    def run(self) -> Finished:
        """Search, confirm, and say what came out. Raises SecantError."""
        limits = Limits(
            seconds=self._request.max_seconds or self._subject.project.settings.max_seconds or DEFAULT_SECONDS,
            evaluations=self._request.max_evaluations,
        )
        self._budget = Budget(limits, spent=self._history.spent)
        scratch = Path(tempfile.mkdtemp(prefix="secant-")).resolve()
        try:
            return self._in(scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _in(self, scratch: Path) -> Finished:
        announce_subject(self._subject, self._recorder.record)
        launcher = Launcher(
            self._subject.interpreter.path,
            scratch,
            base_environment=self._environment,
            passed=self._subject.project.settings.pass_environment,
        )
        prepared = prepare(self._request, self._subject, launcher, self._recorder.record, self._check_cancelled)
        self._preparing = False
        try:
            return self._optimized(prepared)
        finally:
            prepared.workers.close()

    def _check_cancelled(self) -> None:
        if self._cancellation.urgent or (self._preparing and self._cancellation.cancelled):
            raise Stopped("the run was stopped before there was anything to keep")

    def _optimized(self, prepared: Prepared) -> Finished:
        goal = self._goal(prepared.suite)
        if goal == "fix" and not prepared.suite.failing:
            return self._nothing_to_fix(prepared.suite)
        seed = Artifact(kind="function", parts=(Part(name=self._subject.located.qualname, text=self._subject.located.text),))
        evaluator = self._evaluator(prepared, seed, goal)
        task = Task(
            kind="function", goal=goal, description=self._request.target, facts=prepared.facts.model_dump(mode="json")
        )
        driver = Driver(
            self._optimizer,
            evaluator,
            task,
            seed,
            recorder=self._recorder,
            budget=self._budget,
            seed=self._request.seed,
            cancellation=self._cancellation,
            history=self._history,
            isolation=prepared.workers.isolation,
            confirmation=ConfirmationRules(alternatives=2 if goal == "fix" else 1, attempts=8),
        )
        outcome = driver.run()
        return self._finished(prepared, goal, outcome)

    def _goal(self, suite: Suite) -> Literal["fix", "faster"]:
        if self._request.goal == "auto":
            return "fix" if suite.failing else "faster"
        if self._request.goal == "faster" and suite.failing:
            names = ", ".join(t.id for t in suite.failing[:3])
            raise BadRequest(
                f"{len(suite.failing)} of {len(suite.tests)} tests fail on the function as it is ({names})",
                hint="Repair it first (--goal fix), or name the tests that should judge: --tests PATH_OR_NODEID.",
            )
        return self._request.goal

    def _evaluator(self, prepared: Prepared, seed: Artifact, goal: str) -> FunctionEvaluator:
        speed = self._recorded(prepared) if goal == "faster" else None
        return FunctionEvaluator(
            seed,
            prepared.suite,
            prepared.unit,
            prepared.workers,
            prepared.cold,
            behaviour=self._behaviour,
            speed=speed,
            telling_apart=lambda: self._behaviour or self._late_behaviour(prepared),
            file_bytes=lambda text: replaced(self._subject.located, text),
        )

    def _recorded(self, prepared: Prepared) -> Speed:
        """Record the calls that the tests make; behaviour and speed are judged on them."""
        self._recorder.record(Progress(phase="record", message="recording the calls that the tests make"))
        tests = [t.id for t in prepared.suite.in_order]
        answer = prepared.workers.record(tests, _RECORD_SECONDS)
        if "error" in answer:
            raise SecantError(f"the calls of the tests could not be recorded ({answer['message']})")
        if not answer.get("calls"):
            why = f"{answer.get('uncopied', 0)} of {answer.get('seen', 0)} calls had arguments that cannot be copied"
            raise SecantError(
                "no call of the function could be recorded, so nothing can be timed",
                hint=f"{why}. Write a test that calls it with plain data, and name it: --tests PATH_OR_NODEID.",
            )
        self._behaviour = self._comparing(prepared, answer["literals"])
        return Speed(prepared.workers)

    def _comparing(self, prepared: Prepared, literals: Sequence[Mapping[str, object]]) -> Behaviour:
        return Behaviour(
            prepared.workers, literals, tolerance=self._request.tolerance, on_missing=self._say_no_hypothesis
        )

    def _say_no_hypothesis(self) -> None:
        self._recorder.record(
            Notice(
                level="warning",
                message="Candidates are compared with the original on the recorded calls only.",
                hint="For generated inputs too, install hypothesis: pip install 'secant[fuzz]'.",
            )
        )

    # What came out

    def _nothing_to_fix(self, suite: Suite) -> Finished:
        return Finished(
            outcome="unchanged",
            goal="fix",
            tests=TestCount(passed=len(suite.passing), total=len(suite.tests)),
            seconds=self._budget.seconds,
            reason=f"all {len(suite.tests)} tests pass already; for speed: --goal faster",
        )

    def _finished(self, prepared: Prepared, goal: str, outcome: Outcome) -> Finished:
        suite = prepared.suite
        stopped = outcome.stop == "cancelled"
        common = {
            "goal": goal,
            "evaluations": outcome.spent.evaluations,
            "seconds": self._budget.seconds,
            "usage": outcome.spent.usage,
        }
        if not outcome.confirmed:
            return Finished(
                outcome="stopped" if stopped else "unchanged",
                tests=TestCount(passed=len(suite.passing), total=len(suite.tests)),
                reason=_why_nothing(outcome),
                **common,
            )
        winner, *others = outcome.confirmed
        text = winner.proposal.artifact.text
        confirmation = winner.confirmation
        assert confirmation is not None  # only confirmed candidates are listed
        return Finished(
            outcome="improved",
            tests=TestCount(passed=confirmation.passed, total=confirmation.n),
            speedup=confirmation.speed,
            artifact=winner.proposal.artifact.id,
            rationale=winner.proposal.rationale,
            diff=self._diff(text),
            source=text,
            alternatives=self._alternatives(prepared, winner, others),
            evidence=self._evidence(prepared, winner, outcome),
            reason="stopped by the user; this is the best so far" if stopped else "",
            **common,
        )

    def _diff(self, text: str) -> str:
        return preview_diff(self._subject.located, text, root=self._subject.root)

    def _alternatives(
        self, prepared: Prepared, winner: Candidate, others: Sequence[Candidate]
    ) -> tuple[Alternative, ...]:
        if not others:
            return ()
        behaviour = self._behaviour or self._late_behaviour(prepared)
        told = [self._alternative(prepared, behaviour, winner, other) for other in others]
        return tuple(each for each in told if each.differs or each.speedup is not None or behaviour is None)

    def _late_behaviour(self, prepared: Prepared) -> Behaviour | None:
        """For a repair the calls are recorded at the end, once, when there is something to tell apart."""
        if self._recorded_late:
            return self._late
        self._recorded_late = True
        try:
            answer = prepared.workers.record([t.id for t in prepared.suite.in_order], _RECORD_SECONDS)
            self._late = self._comparing(prepared, answer["literals"]) if answer.get("calls") else None
            return self._late
        except SecantError as error:
            self._recorder.record(
                Notice(level="warning", message=f"The alternatives could not be compared: {error.message}")
            )
            return None

    def _alternative(
        self, prepared: Prepared, behaviour: Behaviour | None, winner: Candidate, other: Candidate
    ) -> Alternative:
        text = other.proposal.artifact.text
        differs: tuple[Mapping[str, str], ...] = ()
        if behaviour is not None:
            found = behaviour.between(
                prepared.unit.with_target(winner.proposal.artifact.text), prepared.unit.with_target(text)
            )
            differs = tuple(
                {"call": e["call"], "winner": e["first"], "alternative": e["second"]} for e in found.examples
            )
        confirmation = other.confirmation
        assert confirmation is not None  # only confirmed candidates are listed
        return Alternative(
            artifact=other.proposal.artifact.id,
            source=text,
            diff=self._diff(text),
            rationale=other.proposal.rationale,
            tests=TestCount(passed=confirmation.passed, total=confirmation.n),
            speedup=confirmation.speed,
            differs=differs,
        )

    def _evidence(self, prepared: Prepared, winner: Candidate, outcome: Outcome) -> tuple[str, ...]:
        confirmation = winner.confirmation
        assert confirmation is not None  # only confirmed candidates are listed
        sentences = [
            f"{confirmation.passed} of {confirmation.n} tests pass, confirmed by a cold pytest run on a copy; "
            f"before, {len(prepared.suite.passing)} passed."
        ]
        if self._request.tests == (generated.REQUEST,):
            sentences = [f"No test judged it: it ran on {confirmation.n} made-up calls, in a cold process too."]
        if confirmation.speed is not None:
            sentences.append(describe_speed(confirmation.speed))
        if self._behaviour is not None and confirmation.speed is not None:
            found = self._behaviour.against_original(prepared.unit.with_target(winner.proposal.artifact.text))
            sentences.append(
                f"It behaves like the original on {found.compared} calls, recorded and generated"
                + (f" ({found.skipped} more could not be judged)." if found.skipped else ".")
            )
        sentences.append(f"{outcome.spent.evaluations} evaluations in {self._budget.seconds:.1f} s.")
        return tuple(sentences)


def describe_speed(speed: SpeedUp) -> str:
    """The speed-up in one sentence."""
    if speed.verdict == "indistinguishable":
        return f"The speed-up is indistinguishable from noise (ratio {speed.ratio:.2f})."
    return (
        f"{speed.ratio:.3g}x {speed.verdict} (99 % interval {speed.low:.3g} to {speed.high:.3g}) on {speed.workload}, "
        f"{speed.processes} processes, {speed.pairs} interleaved pairs; noise here {100 * speed.noise:.1f} %."
    )


def _why_nothing(outcome: Outcome) -> str:
    if outcome.unconfirmed is not None:
        confirmation = outcome.unconfirmed.confirmation
        detail = f" ({confirmation.note})" if confirmation is not None and confirmation.note else ""
        return f"{len(outcome.ranking)} candidates looked better, and none held when it was verified{detail}"
    return f"nothing better was found: {outcome.reason}"
