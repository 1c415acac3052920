"""The scored prompts that OPRO's requests show: which, in which order, and what is remembered of the original."""

from __future__ import annotations

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

    @property
    def merit(self) -> tuple[float, int, int, int]:
        """The mean; ties to the one on more cases, then the shorter, then the older."""
        return self.evaluation.mean, self.evaluation.n, -len(words(self.text)), -self.place


def entries(ctx: Context, split: Split, seed: Evaluation | None, part: str = "") -> list[Entry]:
    """Every measured prompt, in the order in which they were written; on the select cases where it was not measured on
    those of the split. `seed` is what is remembered of the original.
    """
    found: list[Entry] = []
    for entry in ctx.trajectory.last(len(ctx.trajectory)):
        artifact = entry.proposal.artifact
        measured = ctx.trajectory.evaluations(artifact.id)
        evaluation = on_split(measured, split) or on_split(measured, "select")
        if artifact.id == ctx.seed.id and seed is not None:
            evaluation = seed
        if evaluation is not None and not entry.evaluation.rejected:
            found.append(Entry(artifact.id, text_of(artifact, part), evaluation, len(found)))
    return found


def best(scored: Sequence[Entry], *, count: int, tokens: int, threshold: int) -> list[Entry]:
    """The best, ascending, each text once: as many as `tokens` hold and reach the threshold, and at least one."""
    distinct: dict[str, Entry] = {}
    for entry in scored:
        known = distinct.get(entry.text.strip())
        if known is None or entry.merit > known.merit:
            distinct[entry.text.strip()] = entry
    kept: list[Entry] = []
    left = 4 * tokens
    for entry in sorted(distinct.values(), key=lambda entry: entry.merit, reverse=True)[:count]:
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
