"""How far two texts are apart, without a model: words changed, tokens shared, the same answer or not.

Plain functions of texts; nothing here knows artifacts or evaluations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pydantic import JsonValue

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ENDS = " \t\n.,;:!?*_`'\"()[]"


def words(text: str) -> list[str]:
    """The words of a text: what white space separates."""
    return text.split()


def word_distance(first: str, second: str) -> int:
    """Levenshtein distance in words: insertions, deletions and substitutions cost 1 each.

    Bit-parallel (Hyyrö 2003, after Myers 1999): n words take n steps, each of some operations on numbers of n bits.
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
    text = text.casefold()
    if "0x" in text:
        text = _ADDRESS.sub("0x", text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    return " ".join(text.split()).strip(_ENDS)


def similarity(first: JsonValue, second: JsonValue) -> float:
    """1 where the normalised answers are equal, else the Jaccard index of their tokens."""
    one, two = normalised(first), normalised(second)
    return 1.0 if one == two else jaccard(one, two)


def _distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Bit `i` of the numbers stands for word `i` of `pattern`: a whole column of the table in a few operations."""
    pattern, text = _unlike(first, second)
    if not pattern or not text:
        return len(pattern) or len(text)
    places: dict[str, int] = {}
    for place, word in enumerate(pattern):
        places[word] = places.get(word, 0) | 1 << place
    whole, last = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    more, less, distance = whole, 0, len(pattern)  # where a column grows by one from row to row, and where it shrinks
    for word in text:
        same = places.get(word, 0)
        diagonal = (((same & more) + more) ^ more) | same | less
        right, left = less | ~(diagonal | more), diagonal & more
        distance += bool(right & last) - bool(left & last)
        right, left = right << 1 | 1, left << 1
        more, less = (left | ~(diagonal | right)) & whole, right & diagonal & whole
    return distance


def _unlike(first: Sequence[str], second: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The two without the words that they begin and end with alike."""
    most = min(len(first), len(second))
    begin = next((n for n in range(most) if first[n] != second[n]), most)
    end = next((n for n in range(most - begin) if first[-1 - n] != second[-1 - n]), most - begin)
    return first[begin : len(first) - end], second[begin : len(second) - end]
