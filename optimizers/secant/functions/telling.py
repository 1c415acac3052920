"""How a run's outcome is told: the `Finished` event with diff, evidence and alternatives, in words for a person.

Decides nothing and measures nothing but where alternatives differ; every figure comes from what was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from secant.budget import Budget
from secant.config import OptimizeRequest
from secant.confirmation import Candidate
from secant.driver import Outcome
from secant.events import Alternative, Finished, TestCount
from secant.functions import generated
from secant.functions.behaviour import Behaviour
from secant.functions.preparation import Prepared
from secant.functions.recordings import Recordings
from secant.functions.writeback import preview_diff
from secant.spending import in_short
from secant.types import Evaluation, SpeedUp

_MODELS = "A model can propose more: --model NAME. What is configured and reachable: secant models"


class Teller:
    """Tells the outcome of one run."""

    def __init__(
        self, request: OptimizeRequest, prepared: Prepared, recordings: Recordings, budget: Budget, goal: str
    ) -> None:
        self._request = request
        self._prepared = prepared
        self._recordings = recordings
        self._budget = budget
        self._goal = goal

    def nothing_to_fix(self) -> Finished:
        """All tests pass, and a repair was asked for."""
        total = len(self._prepared.suite.tests)
        return self._unimproved(f"all {total} tests pass already; for speed: --goal faster")

    def finished(self, outcome: Outcome) -> Finished:
        """The winner with everything that speaks for it, or why there is none."""
        stopped = outcome.stop == "cancelled"
        if not outcome.confirmed:
            beside = f"; {turned_down(self._request)} not offered again" if self._request.rejected else ""
            told = self._unimproved(why_nothing(outcome) + beside, hint="" if self._request.models else _MODELS)
            return told.model_copy(update={"outcome": "stopped", "stopped": True}) if stopped else told
        winner, *others = outcome.confirmed
        artifact = winner.proposal.artifact
        confirmation = _confirmed(winner)
        alternatives = self._alternatives(winner, others)
        evidence = tuple(self._evidence(artifact.text, confirmation))
        return Finished(
            outcome="improved",
            goal=self._goal,
            tests=_count(confirmation),
            speedup=confirmation.speed,
            artifact=artifact.id,
            rationale=winner.proposal.rationale,
            diff=self._diff(artifact.text),
            source=artifact.text,
            alternatives=alternatives,
            evidence=evidence,
            evaluations=self._budget.evaluations,
            seconds=self._budget.seconds,
            usage=self._budget.usage,
            reason=_early(outcome),
            stopped=stopped,
        )

    def _unimproved(self, reason: str, hint: str = "") -> Finished:
        suite = self._prepared.suite
        return Finished(
            outcome="unchanged",
            goal=self._goal,
            tests=TestCount(passed=len(suite.passing), total=len(suite.tests)),
            evaluations=self._budget.evaluations,
            seconds=self._budget.seconds,
            usage=self._budget.usage,
            reason=reason,
            hint=hint,
        )

    def _evidence(self, text: str, confirmation: Evaluation) -> Iterator[str]:
        if generated.asked_for(self._request):
            yield f"No test judged it: it ran on {confirmation.n} made-up calls, in a cold process too."
        else:
            yield (
                f"{confirmation.passed} of {confirmation.n} tests pass, confirmed by a cold pytest run on a copy; "
                f"before, {len(self._prepared.suite.passing)} passed."
            )
        if confirmation.agreement is not None:
            share = "all" if confirmation.agreement == 1 else f"{100 * confirmation.agreement:.0f} %"
            yield f"The examples in its docstring: {share} hold."
        if confirmation.speed is not None:
            yield describe_speed(confirmation.speed)
        behaviour = self._recordings.behaviour
        if behaviour is not None and confirmation.speed is not None:
            found = behaviour.against_original(self._prepared.unit.with_target(text))
            skipped = f" ({found.skipped} more could not be judged)" if found.skipped else ""
            yield f"It behaves like the original on {found.compared} calls, recorded and generated{skipped}."
        evaluations = self._budget.evaluations
        counted = "1 evaluation" if evaluations == 1 else f"{evaluations} evaluations"
        spent = in_short(self._budget.usage)
        yield f"{counted} in {self._budget.seconds:.1f} s{f'; models: {spent}' if spent else ''}."

    def _alternatives(self, winner: Candidate, others: Sequence[Candidate]) -> tuple[Alternative, ...]:
        """Those that can be told apart from the winner: by a call, or by their speed."""
        if not others:
            return ()
        behaviour = self._recordings.wanted()
        told = [self._alternative(behaviour, winner, other) for other in others]
        apart = [each for each in told if each.differs or each.speedup is not None or behaviour is None]
        return distinct(winner.proposal.rationale, apart)

    def _alternative(self, behaviour: Behaviour | None, winner: Candidate, other: Candidate) -> Alternative:
        artifact = other.proposal.artifact
        confirmation = _confirmed(other)
        return Alternative(
            artifact=artifact.id,
            source=artifact.text,
            diff=self._diff(artifact.text),
            rationale=other.proposal.rationale,
            tests=_count(confirmation),
            speedup=confirmation.speed,
            differs=self._differences(behaviour, winner, other) if behaviour is not None else (),
        )

    def _differences(self, behaviour: Behaviour, winner: Candidate, other: Candidate) -> tuple[Mapping[str, str], ...]:
        unit = self._prepared.unit
        first, second = (unit.with_target(each.proposal.artifact.text) for each in (winner, other))
        examples = behaviour.between(first, second).examples
        return tuple({"call": e["call"], "winner": e["first"], "alternative": e["second"]} for e in examples)

    def _diff(self, text: str) -> str:
        subject = self._prepared.subject
        return preview_diff(subject.located, text, root=subject.root)


def distinct(winner: str, alternatives: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Without those that make the changes of one before them in another order, and behave like it.

    `winner` is the winner's rationale: its changes, each with what it does.
    """
    seen: list[tuple[Sequence[str], Sequence[Mapping[str, str]]]] = [(_changes(winner), ())]
    found: list[Alternative] = []
    for each in alternatives:
        effect = (_changes(each.rationale), each.differs)
        if not each.rationale or effect not in seen:
            found.append(each)
        seen.append(effect)
    return tuple(found)


def _changes(rationale: str) -> Sequence[str]:
    return sorted(rationale.split("; "))


def turned_down(request: OptimizeRequest) -> str:
    """`1 proposal that you turned down is`, `2 proposals that you turned down are`."""
    count = len(set(request.rejected))
    return f"{count} proposal{'s' if count > 1 else ''} that you turned down {'are' if count > 1 else 'is'}"


def describe_speed(speed: SpeedUp) -> str:
    """The speed-up in one sentence."""
    if speed.verdict == "indistinguishable":
        return f"The speed-up is indistinguishable from noise (ratio {speed.ratio:.2f})."
    return (
        f"{speed.ratio:.3g}x {speed.verdict} (99 % interval {speed.low:.3g} to {speed.high:.3g}) on {speed.workload}, "
        f"{speed.processes} processes, {speed.pairs} interleaved pairs; noise here {100 * speed.noise:.1f} %."
    )


def _confirmed(candidate: Candidate) -> Evaluation:
    assert candidate.confirmation is not None  # an outcome lists none without
    return candidate.confirmation


def _count(confirmation: Evaluation) -> TestCount:
    return TestCount(passed=confirmation.passed, total=confirmation.n)


def _early(outcome: Outcome) -> str:
    """Why a run that found something did not go on; empty where it came to its own end."""
    if outcome.stop == "cancelled":
        return "stopped by the user; this is the best so far"
    return f"this is the best before the model failed: {outcome.reason}" if outcome.stop == "model" else ""


def why_nothing(outcome: Outcome) -> str:
    """Why a run has nothing to offer."""
    if outcome.unconfirmed is None:
        return f"nothing better was found: {outcome.reason}"
    confirmation = outcome.unconfirmed.confirmation
    detail = f" ({confirmation.note})" if confirmation is not None and confirmation.note else ""
    count = len(outcome.ranking)
    looked = (
        "one candidate looked better, and it did not hold"
        if count == 1
        else (f"{count} candidates looked better, and none of them held")
    )
    return f"{looked} when it was verified{detail}"
