"""Which two parents GEPA merges, and how: parts from both where they go back to a common ancestor, or a crossover.

After `merge.py` of gepa-ai/gepa: two members of the front, neither of which descends from the other; an ancestor of
both that is better than neither; since then each has changed a part that the other has left as it was (the code is
content where one has). The merged artifact takes each part from whom changed it, and where both did, from the better.
An artifact with a single editable part has nothing to take from two, so there a model is asked for a crossover of two
that are each right where the other is wrong.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from secant.optimizer import Context
from secant.optimizers.wording import editable, settled
from secant.search.acceptance import compare
from secant.types import Artifact, Frozen


class Merge(Frozen):
    """Two parents, the better first, and what they go back to; without an ancestor a model crosses them."""

    first: str
    second: str
    ancestor: str = ""

    @property
    def pair(self) -> str:
        return "+".join(sorted((self.first, self.second)))


def found(
    ctx: Context, front: Sequence[str], done: Collection[str], rng: random.Random, *, crossover: bool
) -> Merge | None:
    """A merge that was not made yet, drawn at random among those that may be; None where there is none."""
    ancestors = _ancestors(ctx)
    pairs = list(combinations(front, 2))
    rng.shuffle(pairs)
    for pair in pairs:
        merge = _merge(ctx, pair, ancestors, crossover=crossover)
        if merge is not None and merge.pair not in done:
            return merge
    return None


def merged(ctx: Context, merge: Merge) -> Artifact:
    """The ancestor with what each of the two changed; of a part that both changed, the better's text."""
    base = ctx.trajectory.artifact(merge.ancestor)
    first, second = (_texts(ctx.trajectory.artifact(i)) for i in (merge.first, merge.second))
    old = _texts(base)
    for part in editable(base):
        text = second[part.name] if first[part.name] == old[part.name] else first[part.name]
        base = base.with_text(text, part.name)
    return base


def mean(ctx: Context, identity: str) -> float:
    """On the select cases; 0 for what was not measured on all of them."""
    evaluation = settled(ctx, ctx.trajectory.evaluations(identity))
    return evaluation.mean if evaluation is not None else 0.0


def alone(ctx: Context, one: str, other: str) -> Sequence[str]:
    """The select cases that the one gets right and the other does not, as far as both were run on them."""
    first, second = (settled(ctx, ctx.trajectory.evaluations(i)) for i in (one, other))
    return compare(first, second).fixed if first is not None and second is not None else ()


def _merge(ctx: Context, pair: tuple[str, str], ancestors: Mapping[str, set[str]], *, crossover: bool) -> Merge | None:
    one, two = sorted(pair, key=lambda i: -mean(ctx, i))
    if one in ancestors.get(two, ()) or two in ancestors.get(one, ()):
        return None
    shared = ancestors.get(one, set()) & ancestors.get(two, set())
    good = [i for i in shared if mean(ctx, i) <= mean(ctx, two) and _complementary(ctx, i, one, two)]
    if good:
        return Merge(first=one, second=two, ancestor=max(good, key=lambda i: (mean(ctx, i), i)))
    if crossover and alone(ctx, one, two) and alone(ctx, two, one):
        return Merge(first=one, second=two)
    return None


def _complementary(ctx: Context, ancestor: str, one: str, two: str) -> bool:
    """Each of the two has changed a part that the other has left as it was: else the merge would be one of them."""
    old, first, second = (_texts(ctx.trajectory.artifact(i)) for i in (ancestor, one, two))
    mine = any(first[name] != old[name] == second[name] for name in old)
    theirs = any(second[name] != old[name] == first[name] for name in old)
    return mine and theirs


def _ancestors(ctx: Context) -> Mapping[str, set[str]]:
    """Of every artifact of the run all from which it descends; parents come before children."""
    known: dict[str, set[str]] = {}
    for entry in ctx.trajectory.last(len(ctx.trajectory)):
        parents = [p for p in entry.proposal.parents if p in known]
        known[entry.proposal.artifact.id] = {*parents, *(a for p in parents for a in known[p])}
    return known


def _texts(artifact: Artifact) -> dict[str, str]:
    return {part.name: part.text for part in artifact.parts}
