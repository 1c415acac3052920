"""What an allocator may ask for: the bench on which candidates are measured.

The driver implements it (assessor.py); allocators use nothing else, so that budget, cache, journal and cancellation
stay in one place.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from secant.optimizer import Plan, Scored, Stage
from secant.types import Evaluation, Proposal


class Verdict(NamedTuple):
    """One candidate through one stage."""

    proposal: Proposal
    evaluation: Evaluation
    admitted: bool
    """It passed the gate and was not rejected by the stage itself."""


class Bench(Protocol):
    """Measures candidates, within the budget, each at most once on the same cases."""

    @property
    def rng(self) -> random.Random:
        """Seeded from run and step."""
        ...

    @property
    def stopped(self) -> bool:
        """True once budget or user ended the run: what was measured still counts, nothing more will be."""
        ...

    def cases(self, stage: Stage) -> Sequence[str]:
        """Ids of the stage's shared batch."""
        ...

    def incumbent(self, stage: Stage, case_ids: Sequence[str]) -> Evaluation | None:
        """Where the search stands, on these cases; measured if need be. None when stopped."""
        ...

    def measure(
        self,
        candidates: Sequence[Proposal],
        stage: Stage,
        case_ids: Sequence[str],
        admits: Callable[[Evaluation], bool],
        *,
        bulk: bool = False,
    ) -> Iterator[Verdict]:
        """A verdict for each candidate in order, as soon as it is known; fewer when stopped.

        `bulk` says that a rule's candidate that is turned down here is remembered by its tally only.
        """
        ...

    def survived(self, proposal: Proposal, evaluations: Sequence[Evaluation]) -> None:
        """Tell that a candidate passed the whole plan, as soon as it is known."""
        ...


class Allocation(NamedTuple):
    """What the measuring of one step gave."""

    scored: tuple[Scored, ...]
    survivors: tuple[str, ...]
    """Ids of those that passed the whole plan, in the order of the candidates."""


class Allocator(Protocol):
    """A way to spend evaluations on candidates."""

    def __call__(self, candidates: Sequence[Proposal], plan: Plan, bench: Bench, /) -> Allocation: ...
