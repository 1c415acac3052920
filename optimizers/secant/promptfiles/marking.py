"""From the answers to some rows to a result for each: what a row's answers are worth, in numbers and words.

Knows a metric and no model. A metric that judges in this process is given each answer when it comes, while others are
waited for; any other gets all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.optimizer import Completion
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.metrics.contract import Answer, Grade, Metric
from secant.prompting.measure import shortened
from secant.types import CaseResult, ErrorKind

_KEPT_TOKENS = 1000
"""Of an answer, for feedback and report."""
_AT_ONCE = 1024
"""Answers that are judged together."""
_SILENT: Mapping[str, ErrorKind] = {"failed": "model", "refusal": "refusal"}
"""How an answer ends that leaves nothing to judge, and the error that it is."""


class Sheet:
    """Rows with as many answers each, numbered row by row. Used once."""

    def __init__(self, metric: Metric, rows: Sequence[Row], repeats: int = 1) -> None:
        self._metric = metric
        self._rows = rows
        self._repeats = repeats
        self._completions: dict[int, Completion] = {}
        self._grades: dict[int, Grade] = {}
        self._results: dict[int, CaseResult] = {}

    def take(self, number: int, completion: Completion) -> None:
        """One answer, before the others are there."""
        if not self._metric.immediate:
            return
        self._completions[number] = completion
        if completion.finish not in _SILENT:
            self._grades[number] = self._metric.grade([self._answer(number, completion)])[0]
        row = number // self._repeats
        if all(place in self._completions for place in self._places(row)):
            self._results[row] = self._result(row)

    def results(self, completions: Sequence[Completion]) -> list[CaseResult]:
        """All results in the order of the rows, given all answers, those that were taken before among them."""
        new = {n: c for n, c in enumerate(completions) if n not in self._completions}
        self._completions |= new
        judged = [n for n, c in new.items() if c.finish not in _SILENT]
        for start in range(0, len(judged), _AT_ONCE):
            some = judged[start : start + _AT_ONCE]
            self._grades.update(zip(some, self._metric.grade([self._answer(n, new[n]) for n in some]), strict=True))
        return [self._results.get(row) or self._result(row) for row in range(len(self._rows))]

    def _places(self, row: int) -> range:
        return range(row * self._repeats, (row + 1) * self._repeats)

    def _answer(self, number: int, completion: Completion) -> Answer:
        return Answer(self._rows[number // self._repeats], completion.text)

    def _result(self, row: int) -> CaseResult:
        places = self._places(row)
        return result(self._rows[row], [self._completions[n] for n in places], [self._grades.get(n) for n in places])


def result(row: Row, completions: Sequence[Completion], grades: Sequence[Grade | None]) -> CaseResult:
    """The mean over the repeats, with the words of the worst of them."""
    judged = [_judged(c, g) for c, g in zip(completions, grades, strict=True)]
    worst = min(range(len(judged)), key=lambda n: judged[n].score)
    chosen, completion = judged[worst], completions[worst]
    mean = sum(j.score for j in judged) / len(judged)
    failing = sum(j.score < 1 for j in judged)
    feedback = chosen.feedback
    if len(judged) > 1 and 0 < failing < len(judged):
        feedback = f"{failing} of {len(judged)} answers are wrong; one of them: {feedback}"
    return CaseResult(
        case_id=row.id,
        score=mean,
        feedback=feedback,
        output=shortened(completion.text, _KEPT_TOKENS),
        trace=None if chosen.extracted is None else {"extracted": chosen.extracted},
        error=chosen.error,
    )


def _judged(completion: Completion, grade: Grade | None) -> Grade:
    if grade is None:
        refused = completion.finish == "refusal"
        said = completion.reason or ("the model refused to answer" if refused else "no answer came")
        return Grade(score=0.0, feedback=said, error="refusal" if refused else "model")
    if completion.finish == "length" and grade.score < 1:
        cut = "the answer was cut off at the limit of tokens"
        return grade.model_copy(update={"feedback": f"{cut}; {grade.feedback}" if grade.feedback else cut})
    return grade
