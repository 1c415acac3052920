"""Order: the likeliest edit first, each resulting text once, pairs of edits by the product of their scores."""

from __future__ import annotations

import ast
import heapq
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Literal

from secant.rewriting.edit import Edit, Splice, apply, overlap
from secant.rewriting.facts import Facts
from secant.rewriting.repair.catalogue import edits
from secant.rewriting.source import FunctionSource, parses
from secant.rewriting.suspiciousness import FLOOR, ochiai

LIMITS: Mapping[str, int] = {"lite": 4_000, "full": 60_000}
"""Edits of one function that are worth keeping: long functions have more, each less likely than these."""


def ranked(source: FunctionSource, facts: Facts, level: Literal["lite", "full"]) -> list[Edit]:
    """The catalogue's edits by prior x suspiciousness of the line, best first; of equal texts the best one.

    That product stands in each edit's `prior`.
    Ties keep the order of the catalogue and of the text, so the order is the same in every process.
    """
    suspicion = _by_line(source, facts)
    scored = [edit._replace(prior=edit.prior * suspicion[edit.line]) for edit in edits(source, facts, level)]
    scored.sort(key=lambda edit: -edit.prior)  # stable
    data = source.text.encode("utf-8")
    seen: set[bytes] = set()
    unique: list[Edit] = []
    for edit in scored:
        if len(unique) == LIMITS[level]:
            break
        digest = _digest(data, edit.splices)
        if digest not in seen:
            seen.add(digest)
            unique.append(edit)
    return unique


def pairs(source: FunctionSource, edits: Sequence[Edit], limit: int) -> Iterator[tuple[Edit, Edit]]:
    """At most `limit` pairs that can be made together, by the product of their scores, best first.

    `edits` comes from `ranked`. A heap holds one pair for each first member, so the first pairs of 60,000 edits cost
    nothing. Two changes of whole lines may empty a block together: those pairs are parsed before they are offered.
    """
    heap: list[tuple[float, int, int]] = []
    if len(edits) > 1:
        heap.append((-edits[0].prior * edits[1].prior, 0, 1))
    offered = 0
    while heap and offered < limit:
        _, first, second = heapq.heappop(heap)
        if second + 1 < len(edits):
            heapq.heappush(heap, (-edits[first].prior * edits[second + 1].prior, first, second + 1))
        if second == first + 1 and second + 1 < len(edits):
            heapq.heappush(heap, (-edits[second].prior * edits[second + 1].prior, second, second + 1))
        one, other = edits[first], edits[second]
        if not overlap(one, other) and _fit(source, one, other):
            offered += 1
            yield one, other


def _fit(source: FunctionSource, one: Edit, other: Edit) -> bool:
    return not (_moves_lines(source, one) and _moves_lines(source, other)) or parses(
        apply(source.text, (*one.splices, *other.splices))
    )


def _moves_lines(source: FunctionSource, edit: Edit) -> bool:
    return any("\n" in splice.text or source.line_of(splice.start) != source.line_of(splice.end)
               for splice in edit.splices)  # fmt: skip


def _digest(data: bytes, splices: Sequence[Splice]) -> bytes:
    """A fingerprint of the text with the splices made."""
    text = blake2b(digest_size=12)
    position = 0
    for start, end, replacement in sorted(splices):
        text.update(data[position:start])
        text.update(replacement.encode("utf-8"))
        position = end
    text.update(data[position:])
    return text.digest()


def _by_line(source: FunctionSource, facts: Facts) -> Mapping[int, float]:
    """Suspiciousness of every line of the text: a statement's lines share the highest, the signature has 1."""
    scores = ochiai(facts.covered_lines, facts.failed_tests, facts.error_lines)
    count = source.text.count("\n") + 2
    if not scores:
        return dict.fromkeys(range(1, count + 1), 1.0)
    unseen = FLOOR if facts.covered_lines else 0.5
    lines = {line: scores.get(line, unseen) for line in range(1, count + 1)}
    for node in ast.walk(source.node):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            span = range(node.lineno, max(last, node.lineno) + 1)
            highest = 1.0 if node is source.node else max(lines[line] for line in span)
            lines.update((line, highest) for line in span)
    return lines
