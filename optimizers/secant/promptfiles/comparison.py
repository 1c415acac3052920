"""A prompt beside the baselines that were asked for, on the cases that none of them was shown; told in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secant.budget import BudgetExhausted
from secant.config import EvalRequest
from secant.optimizer import LanguageModel
from secant.promptfiles.baselines import baselines
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.running import Runner
from secant.promptfiles.scoring import percent
from secant.promptfiles.splits import split
from secant.search.intervals import of_difference, of_score
from secant.types import Artifact, Evaluation


class Comparison:
    """The baselines of one evaluation."""

    def __init__(self, runner: Runner, seed: Artifact, rows: Sequence[Row], request: EvalRequest) -> None:
        """Raises BadRequest for a baseline that there is not."""
        self._runner = runner
        self._seed = seed
        division = split(rows, seed=request.seed) if request.baselines else None
        shots = () if division is None or division.shared else division.splits["fit"]
        shown = {row.id for row in shots}
        self._judging = [row for row in rows if row.id not in shown]
        self._baselines = baselines(request.baselines, shots, runner.metric, request.seed)

    def told(self, evaluation: Evaluation, model: LanguageModel) -> Iterator[str]:
        """`evaluation` is that of the prompt itself on all rows."""
        if not self._baselines:
            return
        by_id = {r.case_id: r for r in evaluation.results}
        plain = evaluation.model_copy(update={"results": tuple(by_id[row.id] for row in self._judging)})
        yield f"On the {plain.n} cases that no baseline was shown the prompt itself reaches {_reached(plain)}."
        for baseline in self._baselines:
            asked = model.within(f"baseline/{baseline.name}")
            try:
                results = tuple(self._runner.by(baseline, asked, self._seed, self._judging))
            except BudgetExhausted as exhausted:
                yield f"{baseline.name} was not run: {exhausted}."
                continue
            other = Evaluation(artifact_id=self._seed.id, stage=baseline.name, results=results)
            calls = f"{baseline.calls} call{'s' * (baseline.calls > 1)} a case"
            yield f"{baseline.name}, {calls}: {_reached(other)}, {_against(other, plain)}."


def _reached(evaluation: Evaluation) -> str:
    low, high = of_score(evaluation.results)
    return f"{percent(evaluation.mean)} (95 %: {100 * low:.0f} to {100 * high:.0f})"


def _against(other: Evaluation, plain: Evaluation) -> str:
    low, high = of_difference(other.results, plain.results)
    return f"{100 * (other.mean - plain.mean):+.0f} points (95 %: {100 * low:+.0f} to {100 * high:+.0f})"
