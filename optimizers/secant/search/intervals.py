"""Intervals of scores: of one version on its cases, and of the paired difference of two.

For 0/1 scores Wilson's interval, and for their paired difference that of Agresti and Min (Statistics in Medicine 24,
2005: Wald's with half a case added to either side), which keeps its level at the 20 to 100 cases that there usually
are. For graded scores the interval of Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from secant.search.acceptance import wilson_lower
from secant.types import CaseResult

_Z = 1.959964
_TAIL = 0.025
_HALVINGS = 40
_T: dict[int, float] = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
    12: 2.179, 15: 2.131, 20: 2.086, 30: 2.042, 60: 2.000, 120: 1.980,
}  # fmt: skip
"""Two-sided 95 % points of t by degrees of freedom."""


class Interval(NamedTuple):
    low: float
    high: float


def of_score(results: Sequence[CaseResult]) -> Interval:
    """The 95 % interval of a mean score, within [0, 1]; all of it where there is no case."""
    n = len(results)
    if not n:
        return Interval(0.0, 1.0)
    scores = [r.score for r in results]
    if _binary(scores):
        passed = sum(s >= 1 for s in scores)
        return Interval(wilson_lower(passed, n, _Z), 1 - wilson_lower(n - passed, n, _Z))
    mean, half = _mean_and_half(scores)
    return Interval(max(0.0, mean - half), min(1.0, mean + half))


def of_difference(new: Sequence[CaseResult], old: Sequence[CaseResult]) -> Interval:
    """The 95 % interval of the mean of new minus old over the same cases, within [-1, 1]."""
    before = {r.case_id: r.score for r in old}
    pairs = [(r.score, before[r.case_id]) for r in new if r.case_id in before]
    if not pairs:
        return Interval(-1.0, 1.0)
    differences = [a - b for a, b in pairs]
    if not _binary([s for pair in pairs for s in pair]):
        mean, half = _mean_and_half(differences)
        return Interval(max(-1.0, mean - half), min(1.0, mean + half))
    n = len(pairs) + 2
    won, lost = (sum(d > 0 for d in differences) + 0.5), (sum(d < 0 for d in differences) + 0.5)
    centre = (won - lost) / n
    half = _Z * math.sqrt(max(0.0, won + lost - (won - lost) ** 2 / n)) / n
    return Interval(max(-1.0, centre - half), min(1.0, centre + half))


def agreeing(interval: Interval, won: int, lost: int, n: int) -> Interval:
    """The interval of a difference on `n` cases, widened where the exact sign test would contradict it.

    What is added is that test's own interval, Clopper and Pearson's for the share that was won of the cases that
    differ. So 0 lies outside if and only if the test is significant at 5 %.
    """
    differ = won + lost
    low, high = (differ * (2 * _least_share(a, differ) - 1) / n if n else 0.0 for a in (won, lost))
    return Interval(min(interval.low, low), max(interval.high, -high))


def _least_share(won: int, of: int) -> float:
    """The lower end of Clopper and Pearson's 95 % interval."""
    if not won:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (low + high) / 2
        tail = sum(_binomial(k, of, share) for k in range(won, of + 1))
        low, high = (share, high) if tail < _TAIL else (low, share)
    return low


def _binomial(k: int, n: int, share: float) -> float:
    """Of exactly k out of n, by logarithms: for thousands of cases the number of ways is no float."""
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))


def _binary(scores: Sequence[float]) -> bool:
    return all(s in (0.0, 1.0) for s in scores)


def _mean_and_half(values: Sequence[float]) -> tuple[float, float]:
    n = len(values)
    mean = sum(values) / n
    if n < 2:
        return mean, 1.0
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
    return mean, _student(n - 1) * deviation / math.sqrt(n)


def _student(freedom: int) -> float:
    """The point of the nearest smaller number of degrees: never too narrow."""
    return _T[max(f for f in _T if f <= freedom)]
