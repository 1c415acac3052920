"""Which earlier texts are worth showing beside the current one: the most alike, not twice the same, within some tokens.

GPO retrieves by sentence embeddings (AAAI 2025, arXiv 2402.17564). Here texts are compared by hashed n-grams of words
and characters, weighted by TF-IDF over the texts at hand: no network, no model, the same numbers on every machine.
Embeddings can be put in their place (`Alike`). GPO's released code shows the most alike first; the paper's order is
the one here: ascending, the most alike last.

Plain functions of texts; nothing here knows artifacts or evaluations.
"""

from __future__ import annotations

import heapq
import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from pydantic import Field

from secant.types import Frozen

_WORD = re.compile(r"\w+|[^\w\s]")
_GRAM = 3
"""Characters, of a word with its ends marked, so that beginnings and endings are features of their own."""
_SHORTLIST = 4
"""So many times the texts that are wanted are weighed and looked at for repetitions: those that have most in common
with the current one, however rare that is.
"""

Alike = Callable[[int, int], float]
"""How alike two of some texts are, by their places, in [0, 1]."""


class Retrieval(Frozen):
    """How many earlier texts are shown, and how much they may repeat each other."""

    most: int = Field(ge=0)
    tokens: int = Field(ge=0)
    """For all of them; a text that is too long is passed over, and shorter ones may still come in."""
    relevance: float = Field(ge=0, le=1)
    """1 looks at the likeness to the current text alone; below, likeness to what is chosen already counts against."""
    same: float = Field(gt=0, le=1)
    """What is as alike as this to a chosen text is not shown beside it."""


def relevant(corpus: Corpus, current: int, settings: Retrieval) -> list[int]:
    """The places of texts that are worth showing, ascending in likeness to the one at `current`, the later last of
    equals.

    Chosen one by one by maximal marginal relevance (Carbonell and Goldstein 1998).
    """
    costs, left = corpus.costs, settings.tokens
    affordable = (n for n in range(len(corpus)) if n != current and costs[n] <= left)
    shortlist = corpus.nearest(current, affordable, _SHORTLIST * settings.most)
    alike = corpus.tfidf([*shortlist, current])
    near = {n: alike(n, current) for n in shortlist}
    repeated = dict.fromkeys(sorted(near, key=lambda n: (-near[n], -n)), 0.0)

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


class Corpus:
    """Texts that become more and more: a new one costs no look at the earlier ones, and a look at all is short."""

    def __init__(self) -> None:
        self.costs: list[int] = []
        """Of each text, in tokens."""
        self._features: list[frozenset[int]] = []
        self._bits: list[int] = []
        """The same as numbers, with a bit for each n-gram of the corpus."""
        self._bit: dict[int, int] = {}
        self._having: Counter[int] = Counter()
        """In how many texts an n-gram is."""

    def __len__(self) -> int:
        return len(self._features)

    def add(self, text: str, cost: int) -> None:
        features = _features(text)
        self.costs.append(cost)
        self._features.append(features)
        self._having.update(features)
        known = self._bit
        places = [known.setdefault(feature, len(known)) for feature in features]
        bits = bytearray(len(known) // 8 + 1)
        for place in places:
            bits[place >> 3] |= 1 << (place & 7)
        self._bits.append(int.from_bytes(bits, "little"))

    def nearest(self, current: int, places: Iterable[int], count: int) -> list[int]:
        """Those that have most n-grams in common with the text at `current`, for their length; the later of equals."""
        bits, features, wanted = self._bits, self._features, self._bits[current]
        shared = [((bits[n] & wanted).bit_count() ** 2 / (len(features[n]) or 1), n) for n in places]
        return [n for _, n in heapq.nlargest(count, shared)]

    def tfidf(self, places: Sequence[int]) -> Alike:
        """The cosine of the TF-IDF vectors of some of the texts, at least one; rare is what few of all have. An n-gram
        is in a text or not (prompts repeat themselves little, and sets are fast); its weight is
        1 + ln((1 + N) / (1 + texts that have it)).
        """
        weight = _Squares(self._having, len(self)).__getitem__
        common = self._features[places[0]].intersection(*[self._features[n] for n in places])
        of_common = sum(map(weight, common))  # versions of one prompt differ in little, so this is most of every sum
        own = {n: self._features[n] - common for n in places}
        lengths = {n: math.sqrt(of_common + sum(map(weight, own[n]))) for n in places}

        def alike(one: int, two: int) -> float:
            shared = of_common + sum(map(weight, own[one] & own[two]))
            return min(1.0, shared / (lengths[one] * lengths[two])) if shared else 0.0

        return alike


class _Squares(dict[int, float]):
    """The squared weights of n-grams, each when it is first wanted."""

    def __init__(self, having: Mapping[int, int], texts: int) -> None:
        super().__init__()
        self._having = having
        self._texts = texts

    def __missing__(self, feature: int) -> float:
        self[feature] = (1 + math.log((1 + self._texts) / (1 + self._having[feature]))) ** 2
        return self[feature]


@lru_cache(maxsize=1024)
def _features(text: str) -> frozenset[int]:
    """Words, pairs of words, and three characters of a word, as numbers: alike, and in the same order of summation, in
    every process.
    """
    found = _WORD.findall(text.casefold())
    numbers = {_number(f"{first} {second}") for first, second in dict.fromkeys(itertools.pairwise(found))}
    numbers.update(*map(_of_word, dict.fromkeys(found)))
    return frozenset(numbers)


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[int, ...]:
    """The word and its characters; versions of one prompt have most of their words in common."""
    marked = f"<{word}>"
    grams = (f"#{marked[start : start + _GRAM]}" for start in range(max(1, len(marked) - _GRAM + 1)))
    return (_number(word), *map(_number, grams))


@lru_cache(maxsize=32768)
def _number(gram: str) -> int:
    return zlib.crc32(gram.encode("utf-8", "surrogatepass"))
