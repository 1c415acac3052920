"""Which earlier texts are worth showing beside the current one: the most alike, not twice the same, within some tokens.

GPO retrieves by sentence embeddings (AAAI 2025, arXiv 2402.17564). The vectors here are hashed n-grams of words and
characters, weighted by TF-IDF over the texts at hand: no network, no model, the same numbers on every machine.
Others may be put in their place (`Embedding`). Its released code shows the most alike first and reloads its
model in every step; the paper's order is the one here: ascending, the most alike last.

Plain functions of texts; nothing here knows artifacts or evaluations.
"""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from pydantic import Field

from secant.types import Frozen

_WORD = re.compile(r"\w+|[^\w\s]")
_GRAM = 3
"""Characters; with the word's ends marked, so that beginnings and endings are features of their own."""

Vector = Mapping[int, float]
"""Weights by feature, of length 1; empty for a text without words."""
Embedding = Callable[[Sequence[str]], Sequence[Vector]]
"""A vector for each text."""


class Retrieval(Frozen):
    """How many earlier texts are shown, and how much they may repeat each other."""

    most: int = Field(ge=0)
    tokens: int = Field(ge=0)
    """For all of them; a text that is too long is passed over, and shorter ones may still come in."""
    relevance: float = Field(ge=0, le=1)
    """1 looks at the likeness to the current text alone; below, likeness to what is chosen already counts against."""
    same: float = Field(gt=0, le=1)
    """What is as similar as this to a chosen text is not shown beside it."""


def relevant(
    current: str,
    texts: Sequence[str],
    costs: Sequence[int],
    settings: Retrieval,
    embedding: Embedding | None = None,
) -> list[int]:
    """Places in `texts`, ascending in likeness to `current`, which should not be among them.

    Chosen one by one by maximal marginal relevance (Carbonell and Goldstein 1998); `costs` are tokens.
    """
    here, *there = (embedding or vectors)([current, *texts])
    likeness = [cosine(here, vector) for vector in there]
    nearest = [0.0] * len(texts)
    open_: list[int] = list(range(len(texts)))
    chosen: list[int] = []
    left, share = settings.tokens, settings.relevance
    while len(chosen) < settings.most:
        open_ = [n for n in open_ if costs[n] <= left and nearest[n] < settings.same]
        if not open_:
            break
        best = max(open_, key=lambda n: (share * likeness[n] - (1 - share) * nearest[n], n))
        chosen.append(best)
        open_.remove(best)
        left -= costs[best]
        for n in open_:
            nearest[n] = max(nearest[n], cosine(there[n], there[best]))
    return sorted(chosen, key=lambda n: (likeness[n], n))


def vectors(texts: Sequence[str]) -> list[Vector]:
    """TF-IDF over these texts: 1 + ln(count) for a feature, times 1 + ln((1 + N) / (1 + texts that have it))."""
    counted = [_features(text) for text in texts]
    having = Counter(feature for features in counted for feature in features)
    weights = {feature: 1 + math.log((1 + len(texts)) / (1 + count)) for feature, count in having.items()}
    return [_unit({f: tf * weights[f] for f, tf in features.items()}) for features in counted]


def cosine(one: Vector, two: Vector) -> float:
    """In [0, 1] for vectors of length 1 without negative weights; 0 where one has none."""
    if len(two) < len(one):
        one, two = two, one
    return math.fsum(weight * two[feature] for feature, weight in one.items() if feature in two)


def _unit(weights: dict[int, float]) -> Vector:
    length = math.sqrt(math.fsum(w * w for w in weights.values()))
    return {feature: w / length for feature, w in weights.items()} if length else {}


@lru_cache(maxsize=1024)
def _features(text: str) -> Mapping[int, float]:
    """Words, pairs of words, and three characters of a word, each hashed alike in every process; 1 + ln(count)."""
    found = _WORD.findall(text.casefold())
    counts: Counter[str] = Counter(found)
    counts.update(f"{first} {second}" for first, second in itertools.pairwise(found))
    for word, times in Counter(found).items():
        marked = f"<{word}>"
        for start in range(max(1, len(marked) - _GRAM + 1)):
            counts[f"#{marked[start : start + _GRAM]}"] += times
    return {zlib.crc32(feature.encode("utf-8", "surrogatepass")): 1 + math.log(n) for feature, n in counts.items()}
