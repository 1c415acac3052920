"""A long ordered search space of which a run takes a stretch at a time, without beginning anew for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Enumeration(Generic[T]):
    """Draws items when they are first asked for and keeps them. The order is the source's own."""

    def __init__(self, items: Iterable[T]) -> None:
        self._source = iter(items)
        self._drawn: list[T] = []

    def stretch(self, start: int, size: int) -> Sequence[T]:
        """At most `size` items from `start` on; fewer only at the end."""
        missing = start + size - len(self._drawn)
        if missing > 0:
            self._drawn.extend(islice(self._source, missing))
        return self._drawn[start : start + size]
