"""Figures from the web server's log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One request."""

    visitor: str
    path: str
    milliseconds: float


def parse(line: str) -> Entry:
    """An entry from a line such as `ada /cart 12.5`."""
    visitor, path, milliseconds = line.split()
    return Entry(visitor, path, float(milliseconds))


def returning_visitors(today: list[Entry], earlier: list[Entry]) -> list[str]:
    """Today's visitors who have been here before, each once, in the order of their first request today."""
    known = [entry.visitor for entry in earlier]
    returning = []
    for entry in today:
        if entry.visitor in known and entry.visitor not in returning:
            returning.append(entry.visitor)
    return returning


def percentile(durations: list[float], percent: int) -> float:
    """The duration that `percent` of all requests do not exceed (nearest rank).

    Raises ValueError where there is nothing to measure, or `percent` is not between 1 and 100.
    """
    if not durations:
        raise ValueError("no requests")
    if not 1 <= percent <= 100:
        raise ValueError("a percentile is between 1 and 100")
    ordered = list(durations)
    for i in range(len(ordered)):
        for j in range(len(ordered) - 1 - i):
            if ordered[j] > ordered[j + 1]:
                ordered[j], ordered[j + 1] = ordered[j + 1], ordered[j]
    rank = -(-len(ordered) * percent // 100)
    return ordered[rank - 1]
