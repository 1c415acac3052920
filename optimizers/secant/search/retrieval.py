"""Which earlier texts are worth showing beside the current one: the most alike, not twice the same, within some tokens.

GPO retrieves by sentence embeddings (AAAI 2025, arXiv 2402.17564). Here texts are compared by hashed n-grams of words
and characters, weighted by TF-IDF over the texts at hand: no network, no model, the same numbers on every machine.
Embeddings can be put in their place (`Likeness`). GPO's released code shows the most alike first; the paper's order is
the one here: ascending, the most alike last.

Plain functions of texts; nothing here knows artifacts or evaluations.
"""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from pydantic import Field

from secant.types import Frozen

_WORD = re.compile(r"\w+|[^\w\s]")
_GRAM = 3
"""Characters, of a word with its ends marked, so that beginnings and endings are features of their own."""
_SHORTLIST = 4
"""So many times the texts that are wanted are looked at for repetitions, the most alike of all."""

Alike = Callable[[int, int], float]
"""How alike two of some texts are, by their places, in [0, 1]."""
Likeness = Callable[[Sequence[str]], Alike]


class Retrieval(Frozen):
    """How many earlier texts are shown, and how much they may repeat each other."""

    most: int = Field(ge=0)
    tokens: int = Field(ge=0)
    """For all of them; a text that is too long is passed over, and shorter ones may still come in."""
    relevance: float = Field(ge=0, le=1)
    """1 looks at the likeness to the current text alone; below, likeness to what is chosen already counts against."""
    same: float = Field(gt=0, le=1)
    """What is as alike as this to a chosen text is not shown beside it."""


def relevant(
    current: str, texts: Sequence[str], costs: Sequence[int], settings: Retrieval, likeness: Likeness | None = None
) -> list[int]:
    """Places in `texts`, ascending in likeness to `current`, which should not be among them; the later last of equals.

    Chosen one by one by maximal marginal relevance (Carbonell and Goldstein 1998); `costs` are tokens.
    """
    alike = (likeness or tfidf)([*texts, current])
    near = [alike(n, len(texts)) for n in range(len(texts))]
    left = settings.tokens
    shortlist = sorted((n for n in range(len(texts)) if costs[n] <= left), key=lambda n: (-near[n], -n))
    repeated: dict[int, float] = dict.fromkeys(shortlist[: _SHORTLIST * settings.most], 0.0)

    def worth(n: int) -> float:
        return settings.relevance * near[n] - (1 - settings.relevance) * repeated[n]

    chosen: list[int] = []
    while repeated and len(chosen) < settings.most:
        best = max(repeated, key=worth)
        chosen.append(best)
        left -= costs[best]
        for n in list(repeated):
            repeated[n] = max(repeated[n], alike(n, best))
            if n == best or costs[n] > left or repeated[n] >= settings.same:
                del repeated[n]
    return sorted(chosen, key=lambda n: (near[n], n))


def tfidf(texts: Sequence[str]) -> Alike:
    """The cosine of TF-IDF vectors over these texts. An n-gram is in a text or not (prompts repeat themselves little,
    and sets are fast); its weight is 1 + ln((1 + N) / (1 + texts that have it)).
    """
    features = [_features(text) for text in texts]
    having: Counter[int] = Counter()
    for each in features:
        having.update(each)
    rare = [(1 + math.log((1 + len(texts)) / (1 + n))) ** 2 for n in range(len(texts) + 1)]
    everywhere = {feature for feature, n in having.items() if n == len(texts)}
    common = len(everywhere) * rare[-1]  # versions of one prompt differ in little, so this is most of every sum
    own = [each - everywhere for each in features]
    squares = {feature: rare[n] for feature, n in having.items() if n < len(texts)}
    weight = squares.__getitem__
    lengths = [math.sqrt(common + sum(map(weight, each))) for each in own]

    def alike(one: int, two: int) -> float:
        shared = common + sum(map(weight, own[one] & own[two]))
        return min(1.0, shared / (lengths[one] * lengths[two])) if shared else 0.0

    return alike


@lru_cache(maxsize=1024)
def _features(text: str) -> frozenset[int]:
    """Words, pairs of words, and three characters of a word, as numbers: alike, and in the same order of summation, in
    every process.
    """
    found = _WORD.findall(text.casefold())
    numbers = {_number(f"{first} {second}") for first, second in dict.fromkeys(itertools.pairwise(found))}
    numbers.update(*map(_of_word, set(found)))
    return frozenset(sorted(numbers))


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[int, ...]:
    """The word and its characters; versions of one prompt have most of their words in common."""
    marked = f"<{word}>"
    grams = (f"#{marked[start : start + _GRAM]}" for start in range(max(1, len(marked) - _GRAM + 1)))
    return (_number(word), *map(_number, grams))


@lru_cache(maxsize=32768)
def _number(gram: str) -> int:
    return zlib.crc32(gram.encode("utf-8", "surrogatepass"))
