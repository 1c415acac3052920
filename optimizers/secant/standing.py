"""The best so far, for the person who waits: by passed cases, then mean score, then speed.

Extraction is the optimizer's; this only says what is already worth stopping for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.events import Improved
from secant.search.trajectory import representative, speed_ratio
from secant.types import Evaluation, Proposal


class Standing(NamedTuple):
    """Comparable: the larger is better."""

    passed: int
    mean: float
    ratio: float


class Best:
    """Keeps the best survivor. Only evaluations on all select cases count: others are not comparable."""

    def __init__(self, baseline: Evaluation, total: int) -> None:
        self._total = total
        self._standing = Standing(baseline.passed, baseline.mean, 1.0)
        self.artifact: str | None = None

    def take(self, step: int, proposal: Proposal, evaluations: Sequence[Evaluation]) -> Improved | None:
        """The event to announce when this survivor is the new best."""
        whole = [e for e in evaluations if e.split == "select" and (e.n >= self._total or e.speed is not None)]
        if not whole:
            return None
        evaluation = representative(whole)
        standing = Standing(evaluation.passed, evaluation.mean, speed_ratio(evaluation))
        if evaluation.n < self._total or evaluation.rejected or standing <= self._standing:
            return None
        self._standing = standing
        self.artifact = proposal.artifact.id
        return Improved(
            step=step,
            artifact=proposal.artifact.id,
            passed=evaluation.passed,
            total=evaluation.n,
            speedup=evaluation.speed,
            rationale=proposal.rationale,
        )

    def __str__(self) -> str:
        faster = f", {self._standing.ratio:.2f}x" if self._standing.ratio != 1.0 else ""
        return f"{self._standing.passed} of {self._total} passed{faster}"
