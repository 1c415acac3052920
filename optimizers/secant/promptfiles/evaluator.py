"""Judges versions of a prompt on the rows of its data. Implements `evaluator.Evaluator`.

A row that was run on a version is not run on it again, whatever stage or split asks. The report rows are read by
`confirm` alone, once in a run: for the version that won and for the one that there was, on the same rows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from secant.budget import BudgetExhausted
from secant.cancellation import Interrupted
from secant.optimizer import LanguageModel
from secant.promptfiles.evaldata.rows import Row, Splits
from secant.promptfiles.running import Runner, Work
from secant.promptfiles.silence import answered, require_most
from secant.search.acceptance import compare
from secant.types import Artifact, Case, CaseResult, Evaluation, Split

_FIT = "fit "
"""Before the id of a row that is in the select split too: the driver tells batches apart by the ids of their cases."""
_AT_ONCE = 512
"""Rows of several versions that are asked for together."""


class Held(NamedTuple):
    """What the report rows said, of the version there was and of the winner."""

    before: Evaluation
    after: Evaluation


class PromptEvaluator:
    """Runs versions of one prompt."""

    def __init__(
        self,
        runner: Runner,
        seed: Artifact,
        splits: Splits,
        *,
        searching: LanguageModel,
        confirming: LanguageModel,
        known: Iterable[Evaluation] = (),
        measured: Callable[[Evaluation], object] = lambda baseline: None,
    ) -> None:
        """`confirming` runs the report rows, `searching` all others; `known` is what earlier sessions measured. The
        baseline is told to `measured` before anything is searched.
        """
        self._runner = runner
        self._seed = seed
        self._splits = splits
        self._searching = searching
        self._confirming = confirming
        both = {row.id for row in splits["fit"]} & {row.id for row in splits["select"]}
        self._rows: dict[str, Row] = {r.id: r for r in (*splits["fit"], *splits["select"])}
        self._rows |= {_FIT + identity: self._rows[identity] for identity in both}
        self._fit_ids = tuple(_FIT + r.id if r.id in both else r.id for r in splits["fit"])
        self._known: dict[str, dict[str, CaseResult]] = {}
        self._measured = measured
        self.held: Held | None = None
        self.unread = ""
        """Why the report rows were not read although there are some."""
        self.looks = 1
        """How many versions the report rows have judged, with those of earlier sessions."""
        for evaluation in known:
            self._remember(evaluation.artifact_id, evaluation.results)

    @property
    def results(self) -> Mapping[str, Mapping[str, CaseResult]]:
        """What was measured up to now, by artifact and row; nothing of the report rows."""
        return self._known

    def cases(self) -> Mapping[Split, Sequence[Case]]:
        return {
            "fit": [self._case(self._rows[i], i) for i in self._fit_ids],
            "select": [self._case(row, row.id) for row in self._splits["select"]],
            "report": [self._case(row, row.id) for row in self._splits["report"]],
        }

    def _case(self, row: Row, identity: str) -> Case:
        """As an optimizer may show it: with what the prompt is given of it."""
        given = dict(self._runner.program.seen(row))
        return Case(id=identity, input=given, expected=row.expected, meta={"place": f"{row.path}:{row.line}"})

    def baseline(self) -> Evaluation:
        ids = [row.id for row in self._splits["select"]]
        baseline = self._evaluation(self._seed, "baseline", ids)
        self._measured(baseline)
        return baseline

    def evaluate(self, artifacts: Sequence[Artifact], stage: str, case_ids: Sequence[str]) -> Iterator[Evaluation]:
        group = max(1, _AT_ONCE // max(1, len(case_ids)))
        for start in range(0, len(artifacts), group):
            together = artifacts[start : start + group]
            with contextlib.suppress(BudgetExhausted):  # what is left may do for some of them, one by one
                self._run([Work(a, self._rows[i]) for a in together for i in case_ids])
            for artifact in together:
                yield self._evaluation(artifact, stage, case_ids)

    def confirm(self, artifact: Artifact, winner: Artifact | None = None) -> Evaluation:
        """The winner and the seed on the report rows. Rejected where the winner is worse there. Where a stop or a cap
        comes before they are read (`unread` says which), what the search has seen stands for them.

        Raises RuntimeError for a second artifact: those rows are read once. Raises ModelUnavailable where most of them
        get no answer: then nothing was read.
        """
        seen = [row.id for row in self._splits["select"]]
        if not self._splits["report"]:
            return self._evaluation(artifact, "confirm", seen)
        if self.held is not None:
            raise RuntimeError("the report cases were read already")
        try:
            before, after = self._reported(self._seed), self._reported(artifact)
        except (Interrupted, BudgetExhausted) as cut:
            self.unread = str(cut) or "the run was stopped"
            return self._evaluation(artifact, "confirm", seen)
        require_most(before, after)
        self.held = Held(before, after)
        change = compare(answered(after, before), answered(before, after))
        if change.delta >= 0:
            return after
        note = f"on the {change.n} held-out cases it is worse: {len(change.fixed)} fixed, {len(change.broken)} broken"
        return after.model_copy(update={"rejected": True, "note": note})

    def _reported(self, artifact: Artifact) -> Evaluation:
        rows = self._splits["report"]
        model = self._confirming.within(f"report/{artifact.id}")
        results = tuple(self._runner.results(model, [Work(artifact, row) for row in rows]))
        return Evaluation(artifact_id=artifact.id, stage="confirm", split="report", results=results)

    def _evaluation(self, artifact: Artifact, stage: str, case_ids: Sequence[str]) -> Evaluation:
        self._run([Work(artifact, self._rows[i]) for i in case_ids])
        known = self._known[artifact.id]
        results = (_as_asked(known[self._rows[i].id], i) for i in case_ids)
        return Evaluation(artifact_id=artifact.id, stage=stage, results=tuple(results))

    def _run(self, work: Sequence[Work]) -> None:
        """Run what was not run before, each once."""
        fresh = {(w.artifact.id, w.row.id): w for w in work if w.row.id not in self._known.get(w.artifact.id, {})}
        results = self._runner.results(self._searching.within("cases"), list(fresh.values())) if fresh else ()
        for (artifact_id, row_id), result in zip(fresh, results, strict=True):
            self._known.setdefault(artifact_id, {})[row_id] = result

    def _remember(self, artifact_id: str, results: Sequence[CaseResult]) -> None:
        for result in results:
            row = self._rows.get(result.case_id)
            if row is not None:
                known = result.model_copy(update={"case_id": row.id})
                self._known.setdefault(artifact_id, {})[row.id] = known


def _as_asked(result: CaseResult, identity: str) -> CaseResult:
    """A row's result under the name that it was asked for by."""
    return result if result.case_id == identity else result.model_copy(update={"case_id": identity})
