"""Runs prompts on rows and has the answers judged: many at once, several times where the program is noisy.

What comes out are `CaseResult`s. Which rows, for which stage and at what price is decided elsewhere; what an answer is
worth, in `marking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, overload

from secant.optimizer import Completion, LanguageModel
from secant.promptfiles.baselines import Asked, Baseline
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.marking import Sheet
from secant.promptfiles.metrics.contract import Metric
from secant.promptfiles.program import Messages, Program
from secant.types import Artifact, CaseResult

PURPOSE = "case"
_AT_ONCE = 1024
"""Requests that are held in memory at a time."""


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

    def results(self, model: LanguageModel, work: Sequence[Work]) -> list[CaseResult]:
        """One result for each piece of work, in order. Raises BadRequest where a row does not fill a placeholder, and
        what `complete_many` raises: all is asked for at once, so none of it where the calls do not suffice for all.
        """
        requests = _Requests(self.program, work, self._repeats)
        small = len(requests) <= _AT_ONCE
        sheet = Sheet(self.metric, [w.row for w in work], self._repeats)
        asked = list(requests) if small else requests
        return sheet.results(model.complete_many("program", asked, purpose=PURPOSE, answered=sheet.take))

    def by(self, baseline: Baseline, model: LanguageModel, artifact: Artifact, rows: Sequence[Row]) -> list[CaseResult]:
        """The results of another way to run the same prompt, each row once."""
        asked = [Asked(row, self.program.messages(artifact, row)) for row in rows]
        return Sheet(self.metric, rows).results(baseline.answers(model, asked))

    def recorded(self, rows: Sequence[Row]) -> list[CaseResult]:
        """The results of the answers that the data itself holds; no model is asked. Each row has to have one."""
        return Sheet(self.metric, rows).results([Completion(id="", text=row.recorded or "") for row in rows])
