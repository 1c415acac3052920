"""Runs prompts on rows and has the answers judged: many at once, several times where the program is noisy.

What comes out are `CaseResult`s. Which rows, for which stage and at what price is decided elsewhere; what an answer is
worth, in `marking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from secant.optimizer import Completion, LanguageModel
from secant.promptfiles.baselines import Asked, Baseline
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.marking import Sheet
from secant.promptfiles.metrics.contract import Metric
from secant.promptfiles.program import Program
from secant.types import Artifact, CaseResult

PURPOSE = "case"
_AT_ONCE = 1024
"""Requests that are held in memory at a time."""


class Work(NamedTuple):
    """One artifact on one row."""

    artifact: Artifact
    row: Row


class Runner:
    """Asks the program's model and the metric."""

    def __init__(self, program: Program, metric: Metric, *, repeats: int = 1) -> None:
        """`repeats`: how often each row is run; its score is the mean."""
        self.program = program
        self.metric = metric
        self._repeats = repeats

    def results(self, model: LanguageModel, work: Sequence[Work]) -> Iterator[CaseResult]:
        """One result for each piece of work, in order. Raises BadRequest where a row does not fill a placeholder, and
        what `complete_many` raises.
        """
        size = max(1, _AT_ONCE // self._repeats)
        for start in range(0, len(work), size):
            yield from self._judged(model, work[start : start + size])

    def _judged(self, model: LanguageModel, work: Sequence[Work]) -> Sequence[CaseResult]:
        requests = [self.program.messages(w.artifact, w.row) for w in work for _ in range(self._repeats)]
        sheet = Sheet(self.metric, [w.row for w in work], self._repeats)
        completions = model.complete_many("program", requests, purpose=PURPOSE, answered=sheet.take)
        return sheet.results(completions)

    def by(self, baseline: Baseline, model: LanguageModel, artifact: Artifact, rows: Sequence[Row]) -> list[CaseResult]:
        """The results of another way to run the same prompt, each row once."""
        asked = [Asked(row, self.program.messages(artifact, row)) for row in rows]
        return Sheet(self.metric, rows).results(baseline.answers(model, asked))

    def recorded(self, rows: Sequence[Row]) -> list[CaseResult]:
        """The results of the answers that the data itself holds; no model is asked. Each row has to have one."""
        return Sheet(self.metric, rows).results([Completion(id="", text=row.recorded or "") for row in rows])
