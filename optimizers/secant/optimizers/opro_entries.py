"""The scored prompts that OPRO's requests show: which, in which order, and what is remembered of the original."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from secant.optimizer import Context
from secant.optimizers.generation import text_of
from secant.prompting.exemplars import shown
from secant.prompting.measure import shortened
from secant.search.selection import on_split
from secant.search.similarity import words
from secant.types import CaseResult, Evaluation, Split


class Entry(NamedTuple):
    """A scored prompt."""

    artifact: str
    text: str
    evaluation: Evaluation
    place: int
    """In the order in which they were written."""
    merit: tuple[float, int, int, int]
    """The mean; ties to the one on more cases, then the shorter, then the older."""

    def measured(self, evaluation: Evaluation) -> Entry:
        """The same with another evaluation."""
        return self._replace(evaluation=evaluation, merit=(evaluation.mean, evaluation.n, *self.merit[2:]))


class Entries:
    """Every measured prompt of a run, in the order in which they were written. Each is read once."""

    def __init__(self, split: Split, part: str = "") -> None:
        self._split: Split = split
        self._part = part
        self._found: list[Entry] = []
        self._read = 0

    def read(self, ctx: Context, seed: Evaluation | None) -> list[Entry]:
        """On the select cases where it was not measured on those of the split. `seed` is what is remembered of the
        original.
        """
        trajectory = ctx.trajectory
        for entry in trajectory.last(len(trajectory) - self._read):
            artifact = entry.proposal.artifact
            measured = trajectory.evaluations(artifact.id)
            evaluation = on_split(measured, self._split) or on_split(measured, "select")
            if evaluation is not None and not entry.evaluation.rejected:
                text, place = text_of(artifact, self._part), len(self._found)
                merit = (evaluation.mean, evaluation.n, -len(words(text)), -place)
                self._found.append(Entry(artifact.id, text, evaluation, place, merit))
        self._read = len(trajectory)
        if seed is None:
            return self._found
        return [e.measured(seed) if e.artifact == ctx.seed.id else e for e in self._found]


def best(scored: Sequence[Entry], *, count: int, tokens: int, threshold: int) -> list[Entry]:
    """The best, ascending, each text once: as many as `tokens` hold and reach the threshold, and at least one."""
    distinct: dict[str, Entry] = {}
    for entry in scored:
        known = distinct.get(entry.text.strip())
        if known is None or entry.merit > known.merit:
            distinct[entry.text.strip()] = entry
    kept: list[Entry] = []
    left = 4 * tokens
    for entry in heapq.nlargest(count, distinct.values(), key=lambda entry: entry.merit):
        left -= len(entry.text)
        if kept and (left < 0 or round(100 * entry.evaluation.mean) < threshold):
            break
        kept.append(entry)
    return kept[::-1]


def brief(evaluation: Evaluation, most: int) -> Evaluation:
    """Scores and answers alone, each cut to `most` tokens: it is journaled with every step."""
    results = tuple(_brief(result, most) for result in evaluation.results)
    return evaluation.model_copy(update={"results": results})


def _brief(result: CaseResult, most: int) -> CaseResult:
    output = None if result.output is None else shortened(shown(result.output), most)
    said = shortened(result.feedback, most)
    return CaseResult(case_id=result.case_id, score=result.score, output=output, error=result.error, feedback=said)
