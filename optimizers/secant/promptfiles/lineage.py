"""How a version came about: its ancestors from the seed on, what each step changed, and which cases that fixed.

Reads what was measured; measures nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from secant.search.similarity import words
from secant.types import Artifact, CaseResult, Proposal

Results = Mapping[str, Mapping[str, CaseResult]]
"""By artifact and row."""


class Change(NamedTuple):
    """One step of a lineage."""

    added: tuple[str, ...]
    """Runs of words that are new."""
    removed: tuple[str, ...]
    fixed: tuple[str, ...]
    """Rows on which it is better than its parent, of those that both were run on."""
    broken: tuple[str, ...]
    rationale: str


def lineage(winner: Artifact, seed: Artifact, proposals: Sequence[Proposal], results: Results) -> list[Change]:
    """The changes that lead from the seed to the winner, the first step first.

    A version without a known parent is compared with the seed.
    """
    made = {p.artifact.id: p for p in reversed(proposals)}
    path: list[tuple[Artifact, Artifact, str]] = []
    current, seen = winner, {seed.id}
    while current.id not in seen:
        seen.add(current.id)
        proposal = made.get(current.id)
        parents = [made[i].artifact for i in (proposal.parents if proposal else ()) if i in made]
        parent = parents[0] if parents else seed
        path.append((parent, current, proposal.rationale if proposal else ""))
        current = parent
    return [_change(old, new, rationale, results) for old, new, rationale in reversed(path)]


def _change(old: Artifact, new: Artifact, rationale: str, results: Results) -> Change:
    added: list[str] = []
    removed: list[str] = []
    for was, now in zip(old.parts, new.parts, strict=True):
        one, other = words(was.text), words(now.text)
        for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            if tag != "equal":
                removed += [" ".join(one[a:b])] * (b > a)
                added += [" ".join(other[c:d])] * (d > c)
    before, after = results.get(old.id, {}), results.get(new.id, {})
    both = [row for row in after if row in before]
    return Change(
        added=tuple(added),
        removed=tuple(removed),
        fixed=tuple(row for row in both if after[row].score > before[row].score),
        broken=tuple(row for row in both if after[row].score < before[row].score),
        rationale=rationale,
    )
