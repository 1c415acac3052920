"""Runs prompts on rows and has the answers judged: many at once, several times where the program is noisy.

What comes out are `CaseResult`s. Which rows, for which stage and at what price is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

from secant.optimizer import Completion, LanguageModel
from secant.promptfiles.baselines import Asked, Baseline
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.metrics.contract import Answer, Grade, Metric
from secant.promptfiles.program import Messages, Program
from secant.prompting.measure import shortened
from secant.types import Artifact, CaseResult, ErrorKind

PURPOSE = "case"
_AT_ONCE = 1024
"""Requests that are held in memory at a time, and answers that are judged together."""
_KEPT_TOKENS = 1000
"""Of an answer, for feedback and report."""


class Work(NamedTuple):
    """One artifact on one row."""

    artifact: Artifact
    row: Row


class _Requests(Sequence[Messages]):
    """What each piece of work asks, as often as it is repeated; made when it is read."""

    def __init__(self, program: Program, work: Sequence[Work], repeats: int) -> None:
        self._program = program
        self._work = work
        self._repeats = repeats

    def __len__(self) -> int:
        return len(self._work) * self._repeats

    @overload
    def __getitem__(self, index: int) -> Messages: ...

    @overload
    def __getitem__(self, index: slice) -> list[Messages]: ...

    def __getitem__(self, index: int | slice) -> Messages | list[Messages]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        artifact, row = self._work[index // self._repeats]
        return self._program.messages(artifact, row)


class Runner:
    """Asks the program's model and the metric."""

    def __init__(self, program: Program, metric: Metric, *, repeats: int = 1) -> None:
        """`repeats`: how often each row is run; its score is the mean."""
        self.program = program
        self.metric = metric
        self._repeats = repeats

    def results(self, model: LanguageModel, work: Sequence[Work]) -> Iterator[CaseResult]:
        """One result for each piece of work, in order. Raises BadRequest where a row does not fill a placeholder, and
        what `complete_many` raises: all is asked for at once, so none of it where the calls do not suffice for all.
        """
        requests = _Requests(self.program, work, self._repeats)
        small = len(requests) <= _AT_ONCE
        completions = model.complete_many("program", list(requests) if small else requests, purpose=PURPOSE)
        size = max(1, _AT_ONCE // self._repeats)
        for start in range(0, len(work), size):
            stop = start + size
            yield from self._judged(work[start:stop], completions[start * self._repeats : stop * self._repeats])

    def _judged(self, work: Sequence[Work], completions: Sequence[Completion]) -> Iterator[CaseResult]:
        usable = [n for n, c in enumerate(completions) if _silent(c) is None]
        answers = [Answer(work[n // self._repeats].row, completions[n].text) for n in usable]
        grades = dict(zip(usable, self.metric.grade(answers), strict=True))
        for number, each in enumerate(work):
            places = range(number * self._repeats, (number + 1) * self._repeats)
            yield _result(each.row, [completions[n] for n in places], [grades.get(n) for n in places])

    def by(self, baseline: Baseline, model: LanguageModel, artifact: Artifact, rows: Sequence[Row]) -> list[CaseResult]:
        """The results of another way to run the same prompt, each row once."""
        asked = [Asked(row, self.program.messages(artifact, row)) for row in rows]
        completions = baseline.answers(model, asked)
        usable = [n for n, c in enumerate(completions) if _silent(c) is None]
        answers = [Answer(rows[n], completions[n].text) for n in usable]
        grades = dict(zip(usable, self.metric.grade(answers), strict=True))
        return [_result(row, [completions[n]], [grades.get(n)]) for n, row in enumerate(rows)]

    def recorded(self, rows: Sequence[Row]) -> Iterator[CaseResult]:
        """The results of the answers that the data itself holds; no model is asked. Each row has to have one."""
        answers = [Answer(row, row.recorded or "") for row in rows]
        for answer, grade in zip(answers, self.metric.grade(answers), strict=True):
            yield _result(answer.row, [Completion(id="", text=answer.output)], [grade])


def _silent(completion: Completion) -> ErrorKind | None:
    """Why there is no answer to judge."""
    return {"failed": "model", "refusal": "refusal"}.get(completion.finish)  # type: ignore[return-value]


def _result(row: Row, completions: Sequence[Completion], grades: Sequence[Grade | None]) -> CaseResult:
    """The mean over the repeats, with the words of the worst of them."""
    judged = [_judged_one(c, g) for c, g in zip(completions, grades, strict=True)]
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


def _judged_one(completion: Completion, grade: Grade | None) -> Grade:
    if grade is None:
        refused = completion.finish == "refusal"
        said = completion.reason or ("the model refused to answer" if refused else "no answer came")
        return Grade(score=0.0, feedback=said, error="refusal" if refused else "model")
    if completion.finish == "length" and grade.score < 1:
        cut = "the answer was cut off at the limit of tokens"
        return grade.model_copy(update={"feedback": f"{cut}; {grade.feedback}" if grade.feedback else cut})
    return grade
