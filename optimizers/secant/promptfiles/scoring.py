"""What may be said of a prompt's score, and of the difference of two: numbers, intervals, a verdict in a sentence.

The rules of algorithms.md 6.4 and 6.10: paired on the same cases, an exact sign test, no claim for fewer than eight.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.events import Score
from secant.promptfiles.guards import size
from secant.search.acceptance import compare
from secant.search.intervals import of_difference, of_score
from secant.search.similarity import words
from secant.types import Artifact, CaseResult, Evaluation, Split

LEAST = 8
"""Cases below which nothing is claimed."""
ALPHA = 0.05


def score(metric: str, split: Split, evaluation: Evaluation, artifact: Artifact) -> Score:
    """Of one version."""
    interval = of_score(evaluation.results)
    return Score(
        metric=metric,
        split=split,
        n=evaluation.n,
        before=evaluation.mean,
        before_low=interval.low,
        before_high=interval.high,
        verdict=_alone(evaluation),
        words_before=_words(artifact),
        tokens_before=size(artifact),
    )


def compared(
    metric: str, split: Split, before: tuple[Artifact, Evaluation], after: tuple[Artifact, Evaluation]
) -> Score:
    """Of the old version and the new one, on the same cases. What no model answered on either side is left out."""
    (old, was), (new, now) = before, after
    was, now = _answered(was, now), _answered(now, was)
    change = compare(now, was)
    interval, old_interval, new_interval = of_difference(now.results, was.results), *map(_interval, (was, now))
    claimed = split == "report" and change.n >= LEAST and change.delta > 0 and change.p_value < ALPHA
    return Score(
        metric=metric,
        split=split,
        n=change.n,
        before=was.mean,
        before_low=old_interval[0],
        before_high=old_interval[1],
        after=now.mean,
        after_low=new_interval[0],
        after_high=new_interval[1],
        low=interval.low,
        high=interval.high,
        p_value=change.p_value,
        fixed=change.fixed,
        broken=change.broken,
        claimed=claimed,
        verdict=_verdict(split, change.n, change.delta, change.p_value, claimed=claimed),
        words_before=_words(old),
        words_after=_words(new),
        tokens_before=size(old),
        tokens_after=size(new),
    )


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _interval(evaluation: Evaluation) -> tuple[float, float]:
    return of_score(evaluation.results)


def _answered(evaluation: Evaluation, other: Evaluation) -> Evaluation:
    silent = {r.case_id for e in (evaluation, other) for r in e.results if r.error == "model"}
    kept = tuple(r for r in evaluation.results if r.case_id not in silent)
    return evaluation.model_copy(update={"results": kept})


def _alone(evaluation: Evaluation) -> str:
    few = f"; with fewer than {LEAST} cases it says little" if evaluation.n < LEAST else ""
    silent = _silent(evaluation.results)
    unanswered = f"; {silent} got no answer from the model and count as 0" if silent else ""
    return f"{percent(evaluation.mean)} on {evaluation.n} cases{few}{unanswered}"


def _silent(results: Sequence[CaseResult]) -> int:
    return sum(r.error == "model" for r in results)


def _verdict(split: Split, n: int, delta: float, p_value: float, *, claimed: bool) -> str:
    points = f"{100 * delta:+.0f} points"
    if split != "report":
        return f"{points} on the {n} cases that the search has seen; none is held out, so no gain is claimed"
    if n < LEAST:
        return f"{points} on {n} held-out cases: with fewer than {LEAST} no gain is claimed"
    test = f"(exact sign test, p = {p_value:.2g})"
    if claimed:
        return f"{points} on {n} held-out cases, told apart from noise {test}"
    return f"{points} on {n} held-out cases: not distinguishable from noise at n = {n} {test}"


def _words(artifact: Artifact) -> int:
    return sum(len(words(part.text)) for part in artifact.parts)
