"""What may be said of a prompt's score, and of the difference of two: numbers, intervals, a verdict in a sentence.

The rules of algorithms.md 6.4 and 6.10: paired on the same cases, an exact sign test, no claim for fewer than eight.
"""

from __future__ import annotations

from secant.events import Score
from secant.promptfiles.guards import size
from secant.promptfiles.silence import answered, unanswered
from secant.search.acceptance import Comparison, compare
from secant.search.intervals import Interval, agreeing, of_difference, of_score
from secant.search.similarity import words
from secant.types import Artifact, Evaluation, Split

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
    metric: str,
    split: Split,
    before: tuple[Artifact, Evaluation],
    after: tuple[Artifact, Evaluation],
    *,
    looks: int = 1,
    unread: str = "",
) -> Score:
    """Of the old version and the new one, on the same cases. What no model answered on either side is left out.

    `looks`: how many versions the held-out cases have judged by now; the level is divided by it (Bonferroni).
    `unread`: why they were not read although there are some.
    """
    (old, was), (new, now) = before, after
    asked = now.n
    was, now = answered(was, now), answered(now, was)
    change = compare(now, was)
    interval, old_interval, new_interval = _difference(now, was, change), *map(_interval, (was, now))
    claimed = split == "report" and change.n >= LEAST and change.delta > 0 and change.p_value < ALPHA / looks
    verdict = _verdict(split, change.n, change.delta, change.p_value, claimed=claimed, unread=unread)
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
        verdict=verdict + _left_out(asked - change.n) + _looked(looks),
        words_before=_words(old),
        words_after=_words(new),
        tokens_before=size(old),
        tokens_after=size(new),
    )


def _difference(now: Evaluation, was: Evaluation, change: Comparison) -> Interval:
    """Of 0/1 scores so wide that interval and verdict say the same."""
    interval = of_difference(now.results, was.results)
    if any(r.score not in (0.0, 1.0) for r in (*now.results, *was.results)):
        return interval
    return agreeing(interval, len(change.fixed), len(change.broken), change.n)


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _interval(evaluation: Evaluation) -> tuple[float, float]:
    return of_score(evaluation.results)


def _alone(evaluation: Evaluation) -> str:
    few = f"; with fewer than {LEAST} cases it says little" if evaluation.n < LEAST else ""
    silent = len(unanswered(evaluation.results))
    lacking = f"; {silent} got no answer from the model and count as 0" if silent else ""
    return f"{percent(evaluation.mean)} on {_cases(evaluation.n)}{few}{lacking}"


def _verdict(split: Split, n: int, delta: float, p_value: float, *, claimed: bool, unread: str) -> str:
    points = f"{100 * delta:+.0f} points"
    if split != "report":
        why = f"the held-out ones were not read ({unread})" if unread else "none is held out"
        return f"{points} on the {_cases(n)} that the search has seen; {why}, so no gain is claimed"
    if n < LEAST:
        return f"{points} on {_cases(n, 'held-out')}: with fewer than {LEAST} no gain is claimed"
    test = f"(exact sign test, p = {p_value:.2g})"
    if claimed:
        return f"{points} on {n} held-out cases, told apart from noise {test}"
    return f"{points} on {n} held-out cases: not distinguishable from noise at n = {n} {test}"


def _cases(n: int, which: str = "") -> str:
    return f"{n} {which}{' ' * bool(which)}case{'s' * (n != 1)}"


def _left_out(silent: int) -> str:
    cases = "case that got no answer is" if silent == 1 else "cases that got no answer are"
    return f"; {silent} {cases} left out" if silent else ""


def _looked(looks: int) -> str:
    return f"; the held-out cases have judged {looks} versions by now, so the level is 0.05 / {looks}" * (looks > 1)


def _words(artifact: Artifact) -> int:
    return sum(len(words(part.text)) for part in artifact.parts)
