"""Mini-batches of cases: a seeded shuffle for every epoch, and an integer as the only thing to remember."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple


class Batch(NamedTuple):
    """The ids of a batch, and the cursor behind it."""

    ids: tuple[str, ...]
    drawn: int


class Sampler:
    """Goes through the cases epoch by epoch; the batch depends on seed and cursor alone, so a run resumes."""

    def __init__(self, ids: Sequence[str], seed: int) -> None:
        self._ids = tuple(ids)
        self._seed = seed

    def batch(self, drawn: int, size: int) -> Batch:
        """The next `size` cases after `drawn` (all where there are not as many).

        What is left of an epoch and is smaller than the batch is passed over, so no batch has a case twice.
        """
        total = len(self._ids)
        size = min(size, total)
        if size <= 0:
            return Batch((), drawn)
        if drawn % total + size > total:
            drawn += total - drawn % total
        epoch, position = divmod(drawn, total)
        order = random.Random(f"{self._seed}/epoch/{epoch}").sample(self._ids, total)
        return Batch(tuple(order[position : position + size]), drawn + size)

    def fixed(self, size: int | None) -> tuple[str, ...]:
        """The same `size` cases every time, in the order given: a shared first look. None for all."""
        if size is None or size >= len(self._ids):
            return self._ids
        chosen = set(random.Random(f"{self._seed}/fixed").sample(self._ids, len(self._ids))[: max(0, size)])
        return tuple(i for i in self._ids if i in chosen)
