"""What a new version of a prompt may not do: grow beyond its budget of tokens, copy from the cases that judge it, or
hold what its file cannot.

Texts only; nothing is run. A copied case raises the score on that case and teaches nothing, and one of the held-out
cases would make their verdict worthless.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.placeholders import Mask
from secant.prompting.exemplars import shown
from secant.prompting.measure import tokens
from secant.types import Artifact

_RUN = 8
"""So many words in a row of a case are a copy."""
_LEAST = 4
"""A case that is shorter than a run is copied when all of it is there, if it has at least so many words."""
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]+|[^\W{_HAN}]+")
_GROWTH = 2
_ROOM = 400
"""Tokens that every prompt may have."""
_DEMONSTRATION = 150
_WORDS_PER_TOKEN = 0.6
"""Words are what a model can count; of long ones fewer fit."""


class Copied(NamedTuple):
    """A passage of a case."""

    row: str
    words: str


class Copies:
    """Finds passages of rows in texts. Made once for all rows, in time and space that grow with their length."""

    def __init__(self, rows: Iterable[Row], allowed: Iterable[str]) -> None:
        """Passages that `allowed` has already are no copies: the text there was, and of cases that may be shown what
        they have in common with the others. Nor is an answer that several rows expect: it is a label, to be named.
        """
        self._passages: dict[tuple[str, ...], str] = {}
        rows = list(rows)
        expecting = Counter(texts(row)[1] for row in rows)
        for row in rows:
            given, expected = texts(row)
            for text in (given, expected if expecting[expected] == 1 else ""):
                words = _words(text)
                passages = [tuple(words)] if _LEAST <= len(words) < _RUN else _runs(words, _RUN)
                for passage in passages:
                    self._passages.setdefault(passage, row.id)
        self._lengths = sorted({len(passage) for passage in self._passages})
        for text in allowed:
            words = _words(text)
            for length in self._lengths:
                for passage in _runs(words, length):
                    self._passages.pop(passage, None)

    def first(self, text: str) -> Copied | None:
        """The first passage of a row in the text; None where there is none."""
        words = _words(text)
        for length in self._lengths:
            for passage in _runs(words, length):
                if passage in self._passages:
                    return Copied(self._passages[passage], _told(passage))
        return None


class Guards:
    """Says why a version may not stand. Used as the driver's `refusal`."""

    def __init__(
        self,
        seed: Artifact,
        mask: Mask,
        copies: Copies,
        most_tokens: int,
        unusable: Callable[[Artifact], str] = lambda artifact: "",
    ) -> None:
        """`most_tokens`: of all parts together; a seed that has more may stay as long as it is. `unusable`: why the
        file cannot hold a version, or no case fill it.
        """
        self.most = most_tokens
        self._seed = size(seed)
        self._mask = mask
        self._copies = copies
        self._unusable = unusable

    def __call__(self, artifact: Artifact) -> str:
        grown = size(artifact)
        if grown > max(self.most, self._seed):
            return f"it has about {grown} tokens, and {self.most} are the limit"
        added = [name for part in artifact.parts for name in self._mask.added(part.text)]
        if added:
            return f"it has placeholders that no case fills: {', '.join(added)}"
        copied = self._copies.first("\n".join(part.text for part in artifact.parts))
        if copied is not None:
            return f"it copies from case {copied.row}: {copied.words!r}"
        return self._unusable(artifact)


def limited(seed: Artifact, most_tokens: int) -> Artifact:
    """The seed with its limit among what every version must keep to: a model that knows it need not run into it."""
    said = f"the whole prompt has at most {round(_WORDS_PER_TOKEN * most_tokens)} words"
    parts = (part.model_copy(update={"constraints": (*part.constraints, said)}) for part in seed.parts)
    return seed.model_copy(update={"parts": tuple(parts)})


def limit(seed: Artifact, most_tokens: int | None, demonstrations: int) -> int:
    """What was asked for, else twice the seed's tokens, 400 at least, and room for each demonstration."""
    if most_tokens is not None:
        return most_tokens
    return max(_ROOM, _GROWTH * size(seed)) + _DEMONSTRATION * demonstrations


def size(artifact: Artifact) -> int:
    """Tokens of a prompt, by the rule of thumb."""
    return sum(tokens(part.text) for part in artifact.parts)


def guarded(fit: Sequence[Row], others: Sequence[Row], demonstrations: int) -> list[Row]:
    """The rows that must not be copied from. With demonstrations those of the fit split may be shown."""
    return [*others] if demonstrations else [*fit, *others]


def texts(row: Row) -> tuple[str, str]:
    """A row as a model would be shown it: what goes in, and what is expected."""
    return shown(dict(row.fields)), shown(row.expected)


def _words(text: str) -> list[str]:
    """Of writing without spaces every two neighbouring characters, so that a copy is found wherever it begins."""
    return [word for match in _WORD.finditer(text) for word in _pairs(match[0].casefold())]


def _pairs(run: str) -> list[str]:
    if not re.match(f"[{_HAN}]", run) or len(run) < 2:
        return [run]
    return [run[n : n + 2] for n in range(len(run) - 1)]


def _told(passage: Sequence[str]) -> str:
    """The words as they read, pairs of characters put together again."""
    told = passage[0]
    for before, word in pairwise(passage):
        together = len(word) == 2 and before[-1] == word[0] and re.match(f"[{_HAN}]", word)
        told += word[1] if together else f" {word}"
    return told


def _runs(words: Sequence[str], length: int) -> Iterable[tuple[str, ...]]:
    return (tuple(words[n : n + length]) for n in range(len(words) - length + 1))
