"""Graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def reachable(graph: Mapping[str, Sequence[str]], start: str, limit: int | None = None) -> set[str]:
    seen: set[str] = set()
    frontier = [(start, 0)]
    while frontier:
        node, depth = frontier.pop()
        if node in seen or (limit is not None and depth > limit):
            continue
        seen.add(node)
        frontier.extend((after, depth + 1) for after in graph.get(node, ()))
    return seen
