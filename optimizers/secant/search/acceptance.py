"""Whether a difference counts: paired comparison on the same cases, an exact sign test, Wilson's lower bound.

The rules of algorithms.md 6.4. Nothing here knows how the evaluations came about.
"""

from __future__ import annotations

import math

from secant.types import Evaluation, Frozen


class Comparison(Frozen):
    """New against old on the cases of the old one."""

    n: int
    delta: float
    """Mean of new minus old, in [-1, 1]; 0 where there is nothing to compare."""
    fixed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def p_value(self) -> float:
        """Two-sided exact sign test over the cases that differ; 1 where none does."""
        return sign_test(len(self.fixed), len(self.broken))


def compare(new: Evaluation, old: Evaluation) -> Comparison:
    """Pair the two by case.

    A case that a new evaluation does not have is left out, unless that evaluation stopped early: then it counts as 0,
    because an artifact that was given up proves nothing about the rest.
    """
    scores = {r.case_id: r.score for r in new.results}
    paired = [
        (r.case_id, scores.get(r.case_id, 0.0), r.score) for r in old.results if r.case_id in scores or not new.complete
    ]
    delta = sum(a - b for _, a, b in paired) / len(paired) if paired else 0.0
    return Comparison(
        n=len(paired),
        delta=delta,
        fixed=tuple(case for case, a, b in paired if a > b),
        broken=tuple(case for case, a, b in paired if a < b),
    )


def sign_test(wins: int, losses: int) -> float:
    """Two-sided exact p-value of `wins` against `losses` under a fair coin."""
    n = wins + losses
    tail = sum(math.comb(n, k) for k in range(min(wins, losses) + 1))
    return min(1.0, 2 * tail / 2**n)


def wilson_lower(passed: int, total: int, z: float = 1.96) -> float:
    """Lower end of Wilson's interval for `passed` of `total` (z = 1.96: 95 %); 0 where there is nothing."""
    if total <= 0:
        return 0.0
    share = passed / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, (centre - spread) / (1 + z * z / total))


def accept_step(batch: Comparison, select: Comparison | None = None) -> bool:
    """The default for a single cheap path: strictly better on the mini-batch, and no worse on the select cases."""
    return batch.delta > 0 and (select is None or select.delta >= 0)


def accept_noisy(comparison: Comparison, alpha: float = 0.2) -> bool:
    """For evaluators with noise: more fixed than broken, and improbable by chance (.2 to explore, .05 to report)."""
    return len(comparison.fixed) > len(comparison.broken) and comparison.p_value < alpha
