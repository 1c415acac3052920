"""Parents by the cases that they are best on: GEPA's Pareto front over single cases.

After GEPA (Agrawal et al., arXiv 2507.19457, algorithm 2): who is best on a case is in its front; who is never needed,
because each of its fronts has somebody else in it, is dropped, the worst by mean first; what is left is drawn in
proportion to the cases on which it is best. Knows ids and numbers only.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence


def undominated(fronts: Mapping[str, Sequence[str]], means: Mapping[str, float]) -> Mapping[str, int]:
    """Who is left, each with the number of cases on which it is best; the order of the fronts decides among equals.

    One pass suffices: dropping one only makes the others more needed.
    """
    left = {case: set(ids) for case, ids in fronts.items() if ids}
    members = list(dict.fromkeys(i for ids in fronts.values() for i in ids))
    of = {member: [case for case, ids in left.items() if member in ids] for member in members}
    for member in sorted(members, key=lambda m: means.get(m, 0.0)):
        if all(len(left[case]) > 1 for case in of[member]):
            for case in of[member]:
                left[case].discard(member)
    counts = {member: sum(member in left[case] for case in of[member]) for member in members}
    return {member: count for member, count in counts.items() if count}


def on_cases(fronts: Mapping[str, Sequence[str]], cases: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The fronts of these cases only."""
    return {case: ids for case, ids in fronts.items() if case in cases}


def drawn(weights: Mapping[str, int], rng: random.Random) -> str | None:
    """One of them in proportion to its weight; None where there is none."""
    return rng.choices(list(weights), weights=list(weights.values()))[0] if weights else None
