"""Runs solutions on visible evidence: the checks, or where there is none the model's own critique.

Implements `evaluator.Evaluator`. Every case is the same in every split; what was judged once is not judged again in a
run, whatever stage asks. The confirmation runs the checks once more in a fresh process, or asks for a second critique.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from secant.budget import BudgetExhausted
from secant.cancellation import Interrupted
from secant.errors import BadRequest, SecantError
from secant.optimizer import LanguageModel
from secant.search.acceptance import compare
from secant.solutions.answer import AnswerPattern
from secant.solutions.checks import Bench, Subject, unusable
from secant.solutions.critic import CASE, Critic, Review
from secant.solutions.document import Document
from secant.types import Artifact, Case, CaseResult, Evaluation, Frozen, Split

_FIT = "check "
"""Before the ids of the fit cases: the driver tells batches apart by the ids of their cases."""
_SECOND = "second critique"


class Evidence(Frozen):
    """What a solution is judged by, apart from checks."""

    requires_answer: bool
    """A solution in which no answer is found is wrong."""
    wanted: str = ""
    """How an answer is written, for the feedback."""


class SolutionEvaluator:
    """Judges solutions of one document. With `bench` by its checks alone, without by critiques of `model`."""

    def __init__(
        self,
        document: Document,
        seed: Artifact,
        pattern: AnswerPattern,
        evidence: Evidence,
        *,
        bench: Bench | None,
        model: LanguageModel,
        confirming: LanguageModel,
        known: Iterable[Evaluation] = (),
    ) -> None:
        """`confirming` answers second critiques; `known` is what earlier sessions journaled."""
        self._document = document
        self._seed = seed
        self._pattern = pattern
        self._evidence = evidence
        self._bench = bench
        self._model = model
        self._confirming = confirming
        self._critic = Critic(document.problem)
        self._ids = tuple(c.id for c in bench.checks) if bench is not None else (CASE,)
        self._judged: dict[str, Mapping[str, CaseResult]] = {}
        self._answers: dict[str, str | None] = {}
        self._remember(known)

    @property
    def answers(self) -> Mapping[str, str | None]:
        """The answer of every artifact that was judged, in their order."""
        return self._answers

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        if self._bench is None:
            return {"fit": [Case(id=_FIT + CASE)], "select": [Case(id=CASE)], "report": [Case(id=_SECOND)]}
        judging = tuple(Case(id=c.id, expected=c.what) for c in self._bench.checks)
        fit = tuple(c.model_copy(update={"id": _FIT + c.id}) for c in judging)
        return {"fit": fit, "select": judging, "report": judging}

    def baseline(self) -> Evaluation:
        """Raises BadRequest for a check that can judge no solution, SecantError where no critique can be read."""
        (results,) = self._results([self._seed])
        fault = unusable(list(results.values()))
        if fault is not None:
            raise BadRequest(fault.feedback, hint="Repair the check first.", where=fault.case_id)
        if self._bench is None and results[CASE].error in ("parse", "refusal", "model") and results[CASE].trace is None:
            raise SecantError(
                f"the solution cannot be judged: {results[CASE].feedback}",
                hint="Give a check (--check, --run-code, --must-match), or name another model.",
            )
        return self._evaluation(self._seed, "baseline", self._ids, results)

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        if self._bench is None:  # critiques are asked for at once
            for artifact, results in zip(artifacts, self._results(artifacts), strict=True):
                yield self._evaluation(artifact, stage, case_ids, results)
            return
        for artifact in artifacts:
            (results,) = self._results([artifact])
            yield self._evaluation(artifact, stage, case_ids, results)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        """Once more, by a process or a reader that knows nothing of the first time. Rejected where the solution is no
        better than the one there was.
        """
        judged = self._confirmed_by_critic(artifact) if self._bench is None else self._confirmed_by_checks(artifact)
        evaluation = self._evaluation(artifact, "confirm", self._ids, judged).model_copy(update={"split": "report"})
        note = self._shortfall(artifact, evaluation)
        # A case of its own: the second reader need not be as content as the first, only more than with the seed.
        results = tuple(
            r.model_copy(update={"case_id": _SECOND}) if r.case_id == CASE else r for r in evaluation.results
        )
        return evaluation.model_copy(update={"results": results, "note": note, "rejected": bool(note)})

    def judge(self, solution: str) -> Sequence[CaseResult] | None:
        """The checks on a text that is no candidate (a fresh sample). None where only a critique could judge it."""
        if self._bench is None:
            return None
        return self._bench.run(self._subject(solution, self._pattern.find(solution)))

    # How one is judged

    def _results(self, artifacts: Sequence[Artifact]) -> Sequence[Mapping[str, CaseResult]]:
        fresh = [a for a in artifacts if a.id not in self._judged]
        standing = [a for a in fresh if self._fault(a) is None]
        if self._bench is None:
            model = self._model.within("critique")
            reviews = self._critic.reviews(model, [a.text for a in standing]) if standing else ()
            judged = [[_result(review)] for review in reviews]
        else:
            judged = [list(self._bench.run(self._subject(a.text, self._answer(a)))) for a in standing]
        for artifact, results in zip(standing, judged, strict=True):
            self._judged[artifact.id] = {r.case_id: self._with_output(artifact, r) for r in results}
        for artifact in fresh:
            if artifact.id not in self._judged:
                self._judged[artifact.id] = self._faulty(artifact)
            self._answers[artifact.id] = self._answer(artifact)
        return [self._judged[a.id] for a in artifacts]

    def _fault(self, artifact: Artifact) -> str | None:
        """Why a text is no solution for this file at all."""
        try:
            self._document.replaced(artifact.text)
        except SecantError as error:
            return error.message
        if self._evidence.requires_answer and self._answer(artifact) is None:
            trouble = self._pattern.trouble(artifact.text)
            return f"no answer was found in it; {trouble or self._evidence.wanted}"
        return None

    def _faulty(self, artifact: Artifact) -> Mapping[str, CaseResult]:
        feedback = self._fault(artifact) or ""
        trace: dict[str, JsonValue] = {"answer": self._answer(artifact)}
        return {i: CaseResult(case_id=i, score=0.0, feedback=feedback, error="parse", trace=trace) for i in self._ids}

    def _with_output(self, artifact: Artifact, result: CaseResult) -> CaseResult:
        """With what the solution says: what its code printed, else its answer, else its text. The report of how
        responses evolve compares these.
        """
        if result.error in ("model", "refusal", "parse") and self._bench is None:
            return result
        answer = self._answer(artifact)
        output = result.output if result.output is not None else answer if answer is not None else artifact.text
        known = result.trace if isinstance(result.trace, dict) else {}
        return result.model_copy(update={"output": output, "trace": {**known, "answer": answer}})

    def _subject(self, solution: str, answer: str | None) -> Subject:
        return Subject(problem=self._document.problem, solution=solution, answer=answer)

    def _answer(self, artifact: Artifact) -> str | None:
        return self._pattern.find(artifact.text)

    def _evaluation(
        self, artifact: Artifact, stage: str, case_ids: Sequence[str], results: Mapping[str, CaseResult]
    ) -> Evaluation:
        asked = tuple(results[i.removeprefix(_FIT)].model_copy(update={"case_id": i}) for i in case_ids)
        return Evaluation(artifact_id=artifact.id, stage=stage, results=asked)

    def _remember(self, known: Iterable[Evaluation]) -> None:
        for evaluation in known:
            results = {r.case_id.removeprefix(_FIT): r for r in evaluation.results}
            found = {i: r.model_copy(update={"case_id": i}) for i, r in results.items() if i in self._ids}
            traced = [r.trace["answer"] for r in found.values() if isinstance(r.trace, dict) and "answer" in r.trace]
            if traced:
                answer = traced[0]
                self._answers.setdefault(evaluation.artifact_id, answer if isinstance(answer, str) else None)
            if len(found) == len(self._ids):
                self._judged.setdefault(evaluation.artifact_id, found)

    # The confirmation

    def _confirmed_by_checks(self, artifact: Artifact) -> Mapping[str, CaseResult]:
        assert self._bench is not None
        if self._fault(artifact) is not None:
            return self._faulty(artifact)
        self._bench.renew()
        results = self._bench.run(self._subject(artifact.text, self._answer(artifact)))
        return {r.case_id: self._with_output(artifact, r) for r in results}

    def _confirmed_by_critic(self, artifact: Artifact) -> Mapping[str, CaseResult]:
        """The first critique where a second cannot be had any more, with that said: paid work is not thrown away."""
        (first,) = self._results([artifact])
        if self._fault(artifact) is not None:
            return first
        try:
            model = self._confirming.within("confirm")
            (review,) = self._critic.reviews(model, [artifact.text], second=True)
        except (BudgetExhausted, Interrupted):
            return {CASE: _alone(first[CASE], "it was read once only: the run ended before a second reading")}
        if review.error != "none":
            return {CASE: _alone(first[CASE], f"it was read once only: {review.text}")}
        return {CASE: self._with_output(artifact, _result(review))}

    def _shortfall(self, artifact: Artifact, evaluation: Evaluation) -> str:
        """Why a solution is not worth offering; empty where it is. The seed itself stands for an empty section."""
        if artifact.id == self._seed.id:
            return "" if evaluation.mean > 0 else "it passes nothing"
        difference = compare(evaluation, self.baseline())
        if difference.delta > 0:
            return ""
        said = next((r.feedback for r in evaluation.results if r.score < 1 and r.feedback), "")
        told = f": {' '.join(said.split())[:300]}" if said else ""
        what = "a second critique finds it no better" if self._bench is None else "it passes no more"
        return f"{what} than the solution there was{told}"


def _result(review: Review) -> CaseResult:
    """A critique as the result of a case. `trace` is None for one that is no evidence."""
    feedback = "" if review.severity == "none" else review.text
    trace: dict[str, JsonValue] | None = {"severity": review.severity} if review.severity else None
    return CaseResult(case_id=CASE, score=review.score, feedback=feedback, error=review.error, trace=trace)


def _alone(result: CaseResult, why: str) -> CaseResult:
    trace = result.trace if isinstance(result.trace, dict) else {}
    return result.model_copy(update={"trace": {**trace, "alone": why}})
