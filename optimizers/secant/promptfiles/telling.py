"""How a run's outcome is told: the `Finished` event with diff, score before and after, and sentences of evidence.

Every figure comes from what was measured. A gain is claimed only by the paired test on the held-out cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from secant.budget import Budget
from secant.driver import Outcome
from secant.events import Finished, Score, TestCount
from secant.promptfiles.evaluator import PromptEvaluator
from secant.promptfiles.lineage import Change, lineage
from secant.promptfiles.program import Program
from secant.promptfiles.scoring import compared, percent, score
from secant.promptfiles.subject import PromptSubject
from secant.promptfiles.traced import Told
from secant.prompting.measure import first_line
from secant.spending import bounded, dollars, in_short, total
from secant.types import Artifact, Evaluation, Proposal, Split

_MOST_NAMED = 6
_MOST_CHANGES = 6
"""Steps of a lineage."""
_MOST_WORDS = 40
_EXPLAINED = ("unparsable", "constraint")
"""What became of a proposal for a reason that its rationale gives."""


class Teller:
    """Tells the outcome of one run."""

    def __init__(self, subject: PromptSubject, program: Program, metric: str, budget: Budget, goal: str) -> None:
        self._subject = subject
        self._program = program
        self._metric = metric
        self._budget = budget
        self._goal = goal

    def unbegun(self, reason: str, hint: str) -> Finished:
        """The budget did not suffice for the first evaluation."""
        nothing = Evaluation(artifact_id="", stage="")
        return self._finished("unchanged", nothing, reason=f"the prompt could not be scored: {reason}", hint=hint)

    def scored(self, seed: Artifact, evaluation: Evaluation, split: Split, evidence: Sequence[str]) -> Finished:
        """An evaluation alone."""
        told = score(self._metric, split, evaluation, seed)
        return self._finished("scored", evaluation, score=told, evidence=(*evidence, self._cost(None)))

    def nothing_to_do(self, seed: Artifact, baseline: Evaluation) -> Finished:
        """Every case passes already."""
        told = score(self._metric, "select", baseline, seed)
        reason = f"every case passes already of the {baseline.n} that versions are chosen by: nothing to improve"
        return self._finished("unchanged", baseline, score=told, reason=reason)

    def finished(
        self,
        outcome: Outcome,
        seed: Artifact,
        evaluator: PromptEvaluator,
        proposals: Sequence[Proposal],
        made: Sequence[Told],
    ) -> Finished:
        """The winner with everything that speaks for it, or why there is none. `made` is all that was proposed."""
        stopped = outcome.stop == "cancelled"
        if not outcome.confirmed:
            told = self._unimproved(outcome, seed, evaluator, made)
            return told.model_copy(update={"outcome": "stopped", "stopped": True}) if stopped else told
        winner = outcome.confirmed[0]
        artifact, confirmation = winner.proposal.artifact, winner.confirmation
        assert confirmation is not None  # an outcome lists none without
        told = self._compared(seed, outcome.baseline, artifact, confirmation, evaluator)
        source = self._subject.place.source(self._program.texts(artifact))
        changes = lineage(artifact, seed, proposals, evaluator.results)
        return self._finished(
            "improved",
            confirmation,
            artifact=artifact.id,
            rationale=winner.proposal.rationale or "a new version of the prompt",
            diff=self._subject.place.diff(source, root=self._subject.root),
            source=source,
            score=told,
            evidence=(*self._evidence(told), *_told_changes(changes, self._program), self._cost(told)),
            reason="stopped by the user; this is the best so far" if stopped else _early(outcome),
            stopped=stopped,
        )

    # Parts

    def _unimproved(
        self, outcome: Outcome, seed: Artifact, evaluator: PromptEvaluator, made: Sequence[Told]
    ) -> Finished:
        """Nothing is offered; what was measured is said all the same, and what became of the proposals."""
        told = score(self._metric, "select", outcome.baseline, seed)
        reason = f"nothing better was found: {outcome.reason}"
        evidence: tuple[str, ...] = ()
        best = outcome.unconfirmed
        if best is not None:
            reason = "what looked better could not be confirmed: the budget was used up before the held-out cases"
        if best is not None and evaluator.held is not None:
            held = evaluator.held
            after = (best.proposal.artifact, held.after)
            told = compared(self._metric, "report", (seed, held.before), after, looks=evaluator.looks)
            reason = "what looked better on the cases of the search did not hold on the held-out ones"
            evidence = tuple(self._evidence(told))
        evidence = (*evidence, *_untried(made, self._program))
        return self._finished("unchanged", outcome.baseline, score=told, reason=reason, evidence=evidence)

    def _compared(
        self, seed: Artifact, baseline: Evaluation, artifact: Artifact, confirmation: Evaluation, of: PromptEvaluator
    ) -> Score:
        if of.held is not None:
            return compared(self._metric, "report", (seed, of.held.before), (artifact, of.held.after), looks=of.looks)
        return compared(self._metric, "select", (seed, baseline), (artifact, confirmation), unread=of.unread)

    def _finished(self, outcome: Any, evaluation: Evaluation, **told: Any) -> Finished:
        return Finished(
            outcome=outcome,
            goal=self._goal,
            tests=TestCount(passed=evaluation.passed, total=evaluation.n),
            evaluations=self._budget.evaluations,
            seconds=self._budget.seconds,
            usage=self._budget.usage,
            **told,
        )

    # Sentences

    def _evidence(self, told: Score) -> Iterator[str]:
        assert told.after is not None  # two were compared
        case = "case" if told.n == 1 else "cases"
        seen = f"held-out {case}" if told.split == "report" else f"{case} of the search"
        yield (
            f"{percent(told.before)} → {percent(told.after)} on {told.n} {seen} ({self._metric}); the difference is "
            f"{100 * told.low:+.0f} to {100 * told.high:+.0f} points (95 %)."
        )
        yield f"{told.verdict}."
        yield f"Fixed {_named(told.fixed)}; broken {_named(told.broken)}."
        yield (
            f"The prompt grew from {told.words_before} to {told.words_after} words "
            f"(about {told.tokens_before} to {told.tokens_after} tokens, paid with every call)."
            if told.words_after > told.words_before
            else f"The prompt has {told.words_after} words, before {told.words_before} "
            f"(about {told.tokens_after} tokens, before {told.tokens_before})."
        )

    def _cost(self, told: Score | None) -> str:
        asked = in_short(self._budget.usage) or "no model was asked"
        spent = total(self._budget.usage)
        gained = 100 * (told.after - told.before) if told is not None and told.after is not None else 0.0
        each = f", {bounded(dollars(spent.usd / gained), spent)} for a point" if spent.usd and gained > 0 else ""
        return f"{self._budget.seconds:.1f} s; {asked}{each}."


def _early(outcome: Outcome) -> str:
    """Why a search ended that found something, where that is worth saying."""
    return outcome.reason if outcome.stop in ("budget", "model", "plateau") else ""


_UNTRIED: Mapping[str, str] = {
    "unparsable": "could not be used",
    "constraint": "broke a rule",
    "duplicate": "had been there before",
    "noop": "changed nothing",
    "rejected": "had been turned down by you",
}


def _untried(made: Sequence[Told], program: Program) -> Iterator[str]:
    """What of the proposals was never run, and why: an optimizer whose answers are of no use looks like bad luck."""
    untried = [told for told in made if told.status != "ok"]
    if not untried:
        return
    counted = Counter(told.status for told in untried).most_common()
    why = ", ".join(f"{count} {_UNTRIED.get(status, status)}" for status, count in counted)
    said = next((t.rationale for t in untried if t.status == counted[0][0] and t.rationale), "")
    first = f" The first said: {first_line(program.mask.unmask(said))}." if counted[0][0] in _EXPLAINED and said else ""
    yield f"{len(untried)} of {len(made)} proposals were not run: {why}.{first}"


def _named(cases: Sequence[str]) -> str:
    if not cases:
        return "none"
    more = f" and {len(cases) - _MOST_NAMED} more" if len(cases) > _MOST_NAMED else ""
    return f"{len(cases)} ({', '.join(cases[:_MOST_NAMED])}{more})"


def _told_changes(changes: Sequence[Change], program: Program) -> Iterator[str]:
    """Which words were changed, and for which cases of the search."""
    for number, change in enumerate(changes[:_MOST_CHANGES], 1):
        added, removed = (_words(program.mask.unmask(" … ".join(runs))) for runs in (change.added, change.removed))
        what = ", ".join(filter(None, [f"added “{added}”" if added else "", f"removed “{removed}”" if removed else ""]))
        effect = f"it fixed {_named(change.fixed)}, broke {_named(change.broken)}"
        yield f"Change {number}: {what or 'spacing only'}; {effect}."


def _words(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= _MOST_WORDS else f"{' '.join(words[:_MOST_WORDS])} …"
