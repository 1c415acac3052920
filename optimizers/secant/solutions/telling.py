"""How a run's outcome is told: the `Finished` event with diff, evidence, vote and self-consistency, in sentences.

Every figure comes from what was measured. A vote never stands alone: beside it is the vote over as many fresh samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from secant.budget import Budget
from secant.confirmation import Candidate
from secant.driver import Outcome
from secant.events import Alternative, Finished, TestCount
from secant.solutions.answer import same
from secant.solutions.evaluator import SolutionEvaluator
from secant.solutions.paper import Paper
from secant.solutions.sampling import Consistency
from secant.solutions.vote import Vote, vote
from secant.spending import in_short
from secant.types import Artifact, Evaluation

WEAK = (
    "No check judged it: the evidence is the model's own critique, which is weak (it misses mistakes and finds some "
    "that are none)."
)
_MOST_SAID = 300


class Teller:
    """Tells the outcome of one run."""

    def __init__(self, paper: Paper, budget: Budget, goal: str) -> None:
        self._paper = paper
        self._budget = budget
        self._goal = goal
        self._evaluator: SolutionEvaluator | None = None
        self._baseline: Evaluation | None = None
        self._given = True

    def begin(self, seed: Artifact, evaluator: SolutionEvaluator, *, given: bool) -> None:
        """The seed was judged. `given`: it stood in the file."""
        self._seed = seed
        self._evaluator = evaluator
        self._baseline = evaluator.baseline()
        self._given = given

    def unbegun(self, reason: str) -> Finished:
        """The budget did not suffice for a first judgement."""
        return self._unimproved(f"nothing was begun: {reason}", ())

    def nothing_to_do(self) -> Finished:
        """The solution in the file passes everything."""
        if self._paper.checks:
            total = len(self._paper.checks)
            all_of_them = "its check" if total == 1 else f"all {total} checks"
            return self._unimproved(f"it passes {all_of_them} already", ())
        return self._unimproved("the critique finds no mistake in it", (WEAK,))

    def finished(self, outcome: Outcome, consistency: Consistency | None) -> Finished:
        """The winner with everything that speaks for it, or why there is none."""
        stopped = outcome.stop == "cancelled"
        votes = tuple(self._votes(consistency, None))
        if not outcome.confirmed:
            told = self._unimproved(self._why_nothing(outcome), votes)
            return told.model_copy(update={"outcome": "stopped", "stopped": True}) if stopped else told
        winner, *others = outcome.confirmed
        artifact = winner.proposal.artifact
        told = self._improved(artifact, _confirmed(winner), consistency, winner.proposal.rationale, stopped=stopped)
        alternatives = tuple(self._alternative(artifact, other) for other in others)
        distinct = tuple(a for a in alternatives if a.differs or self._answer(artifact) is None)
        return told.model_copy(update={"alternatives": distinct})

    def zero_shot(self, confirmation: Evaluation, consistency: Consistency | None, *, stopped: bool) -> Finished:
        """The model's first answer, where the file had none and nothing better was found."""
        if confirmation.rejected:
            return self._unimproved(
                f"the model's first answer was not good enough: {confirmation.note}",
                tuple(self._votes(consistency, None)),
            )
        return self._improved(self._seed, confirmation, consistency, "a first solution", stopped=stopped)

    def _improved(
        self,
        artifact: Artifact,
        confirmation: Evaluation,
        consistency: Consistency | None,
        rationale: str,
        *,
        stopped: bool,
    ) -> Finished:
        return Finished(
            outcome="improved",
            goal=self._goal,
            tests=TestCount(passed=confirmation.passed, total=confirmation.n),
            artifact=artifact.id,
            rationale=rationale,
            diff=self._diff(artifact),
            source=artifact.text,
            evidence=(*self._evidence(artifact, confirmation), *self._votes(consistency, artifact), self._cost()),
            evaluations=self._budget.evaluations,
            seconds=self._budget.seconds,
            usage=self._budget.usage,
            reason="stopped by the user; this is the best so far" if stopped else "",
            stopped=stopped,
        )

    def _unimproved(self, reason: str, evidence: tuple[str, ...]) -> Finished:
        passed, total = (self._baseline.passed, self._baseline.n) if self._baseline is not None else (0, 0)
        return Finished(
            outcome="unchanged",
            goal=self._goal,
            tests=TestCount(passed=passed, total=total),
            evidence=evidence,
            evaluations=self._budget.evaluations,
            seconds=self._budget.seconds,
            usage=self._budget.usage,
            reason=reason,
        )

    # Sentences

    def _evidence(self, artifact: Artifact, confirmation: Evaluation) -> Iterator[str]:
        before = self._baseline
        assert before is not None
        if self._paper.checks:
            checks = f"{confirmation.passed} of {confirmation.n} checks pass, confirmed once more in a fresh process"
            yield f"{checks}; before, {before.passed} passed." if self._given else f"{checks}."
        else:
            yield WEAK
            yield from self._critiques(confirmation)
        if not self._given and artifact.id == self._seed.id:
            yield "It is the first answer of the model; nothing that came after it was better."
        answer, old = self._answer(artifact), self._answers().get(before.artifact_id)
        if answer is not None and self._given:
            kept = same(answer, old)
            yield f"Its answer is {answer}{', as before' if kept else f'; before, it was {old}' if old else ''}."
        elif answer is not None:
            yield f"Its answer is {answer}."

    def _critiques(self, confirmation: Evaluation) -> Iterator[str]:
        """What the two readings said, and of the solution that was there."""
        result = confirmation.results[0]
        trace: Mapping[str, object] = result.trace if isinstance(result.trace, dict) else {}
        said = f": {' '.join(result.feedback.split())[:_MOST_SAID]}" if result.feedback else ""
        if "alone" in trace:
            yield f"The critique: {trace.get('severity', 'unknown')}{said} ({trace['alone']})."
        else:
            yield f"A second critique, read from the answer back: {trace.get('severity', 'unknown')}{said}."

    def _votes(self, consistency: Consistency | None, winner: Artifact | None) -> Iterator[str]:
        """The vote over the iterates, and beside it self-consistency at equal cost."""
        if consistency is None:
            return
        answers = self._answers()
        iterates = vote(list(answers.values()))
        offered = self._answer(winner) if winner is not None else None
        versions = "the only version" if len(answers) == 1 else f"all {len(answers)} versions"
        yield f"Vote over {versions}: {iterates}{_against(iterates, offered)}."
        if consistency.result is None:
            yield (
                f"Self-consistency at equal cost ({_counted(consistency.wanted, 'fresh answer')}) could not be had "
                f"({consistency.reason}), so the vote has nothing to stand beside."
            )
            return
        count = len(consistency.samples)
        cost = f"{_counted(count, 'fresh answer')} for {_counted(consistency.wanted, 'call')}"
        fewer = "" if count == consistency.wanted else f", fewer than that because {consistency.reason}"
        told = f"Self-consistency at equal cost ({cost}{fewer}): {consistency.result}"
        yield f"{told}{_against(consistency.result, offered)}{self._checked(consistency)}."

    def _checked(self, consistency: Consistency) -> str:
        """What the checks say to the sample that won the vote."""
        result = consistency.result
        if result is None or result.answer is None or self._evaluator is None:
            return ""
        judged = self._evaluator.judge(consistency.samples[result.first])
        if judged is None:
            return ""
        return f"; it passes {sum(r.score >= 1 for r in judged)} of {len(judged)} checks"

    def _cost(self) -> str:
        asked = in_short(self._budget.usage)
        evaluations = self._budget.evaluations
        return f"{_counted(evaluations, 'evaluation')} in {self._budget.seconds:.1f} s{f'; {asked}' if asked else ''}."

    def _why_nothing(self, outcome: Outcome) -> str:
        if outcome.unconfirmed is None:
            return f"nothing better was found: {outcome.reason}"
        count = len(outcome.ranking)
        looked = "one version looked better, and it" if count == 1 else f"{count} versions looked better, and none"
        return f"{looked} {'did not hold' if count == 1 else 'held'} when it was judged again"

    # Parts

    def _alternative(self, winner: Artifact, other: Candidate) -> Alternative:
        artifact, confirmation = other.proposal.artifact, _confirmed(other)
        mine, theirs = self._answer(artifact), self._answer(winner)
        differs: Sequence[Mapping[str, str]] = ()
        if theirs is not None and not same(mine, theirs):
            differs = ({"call": "the answer", "winner": theirs, "alternative": mine or "none"},)
        return Alternative(
            artifact=artifact.id,
            source=artifact.text,
            diff=self._diff(artifact),
            rationale=other.proposal.rationale,
            tests=TestCount(passed=confirmation.passed, total=confirmation.n),
            differs=tuple(differs),
        )

    def _diff(self, artifact: Artifact) -> str:
        return self._paper.document.diff(artifact.text, root=self._paper.root)

    def _answer(self, artifact: Artifact) -> str | None:
        return self._paper.pattern.find(artifact.text)

    def _answers(self) -> Mapping[str, str | None]:
        return self._evaluator.answers if self._evaluator is not None else {}


def _against(result: Vote, offered: str | None) -> str:
    """Whether a vote agrees with what is offered."""
    if offered is None or result.answer is None:
        return ""
    return ", which is what is offered" if same(result.answer, offered) else f", and not {offered}, which is offered"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _confirmed(candidate: Candidate) -> Evaluation:
    assert candidate.confirmation is not None  # an outcome lists none without
    return candidate.confirmation
