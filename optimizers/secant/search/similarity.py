"""How far two texts are apart, without a model: words changed, tokens shared, the same answer or not.

Plain functions of texts; nothing here knows artifacts or evaluations.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from pydantic import JsonValue

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ENDS = " \t\n.,;:!?*_`'\"()[]"
_MOST_EDITS = 1_000
"""Beyond, the words without a partner stand for the distance: a text that is so different need not be aligned."""


def words(text: str) -> list[str]:
    """The words of a text: what white space separates."""
    return text.split()


def word_distance(first: str, second: str) -> int:
    """Levenshtein distance in words: insertions, deletions and substitutions cost 1 each.

    By furthest-reaching diagonals (Ukkonen 1985): for n words at distance d the time is O(n + d * d). Above 1,000 it is
    a lower bound.
    """
    return _distance(words(first), words(second))


def changed_share(new: str, old: str) -> float:
    """Words changed for each word of the old text: 0 for the same words, 1 for as many changes as it has words."""
    return word_distance(new, old) / max(1, len(words(old)))


def jaccard(first: str, second: str) -> float:
    """Shared distinct tokens (words and signs, case ignored) over all distinct tokens, in [0, 1]; 1 for two empty."""
    one, two = (set(_TOKEN.findall(text.casefold())) for text in (first, second))
    return len(one & two) / len(one | two) if one | two else 1.0


def normalised(answer: JsonValue) -> str:
    """An answer as it is compared. Case, white space, marks around it, thousands commas and addresses do not count."""
    text = answer if isinstance(answer, str) else json.dumps(answer, sort_keys=True, ensure_ascii=False)
    text = _THOUSANDS.sub("", _ADDRESS.sub("0x", text.casefold()))
    return " ".join(text.split()).strip(_ENDS)


def similarity(first: JsonValue, second: JsonValue) -> float:
    """1 where the normalised answers are equal, else the Jaccard index of their tokens."""
    one, two = normalised(first), normalised(second)
    return 1.0 if one == two else jaccard(one, two)


def _distance(first: Sequence[str], second: Sequence[str]) -> int:
    """`reach[k]` is the furthest place in `first` that `edits` edits reach on the diagonal k = place2 - place1."""
    goal = len(second) - len(first)
    reach = {0: _slide(first, second, 0, 0)}
    edits = 0
    while reach.get(goal, -1) < len(first):
        edits += 1
        if edits > _MOST_EDITS:
            return max(edits, _unpartnered(first, second))
        lowest, highest = max(-edits, -len(first)), min(edits, len(second))
        further: dict[int, int] = {}
        for k in range(lowest, highest + 1):
            place = max(reach.get(k, -2) + 1, reach.get(k + 1, -2) + 1, reach.get(k - 1, -1))
            if place >= 0:
                further[k] = _slide(first, second, min(place, len(first), len(second) - k), k)
        reach = further
    return edits


def _unpartnered(first: Sequence[str], second: Sequence[str]) -> int:
    shared = (Counter(first) & Counter(second)).total()
    return max(len(first), len(second)) - shared


def _slide(first: Sequence[str], second: Sequence[str], place: int, k: int) -> int:
    """As far as the two agree from `place` on."""
    while place < len(first) and place + k < len(second) and first[place] == second[place + k]:
        place += 1
    return place
