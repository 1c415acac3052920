"""Where two texts part, in words that help whoever has to change the prompt."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from secant.promptfiles.metrics.kinds import quoted

_FEW = 3
_MOST_NAMED = 4


def difference(expected: str, got: str) -> str:
    """`expected "a b c", got "a c b": the words are right, their order is not: word 2 is "c", not "b"`."""
    if not got.strip():
        return f"expected {quoted(expected)}, the answer is empty"
    said = f"expected {quoted(expected)}, got {quoted(got)}"
    where = _where(expected.split(), got.split())
    return f"{said}: {where}" if where else said


def _where(expected: list[str], got: list[str]) -> str:
    """The first word that differs, for texts of several words; empty where that says nothing new."""
    if expected == got:
        return "only white space differs"
    if [word.casefold() for word in expected] == [word.casefold() for word in got]:
        return "only capitals differ"
    if len(expected) < _FEW or len(got) < _FEW:
        return ""
    place, wanted, found = next(
        (n, a, b) for n, (a, b) in enumerate(zip_longest(expected, got, fillvalue=""), start=1) if a != b
    )
    if not found:
        first = f"it ends after word {place - 1}, before {quoted(wanted, 40)}"
    elif not wanted:
        first = f"it goes on after word {place - 1} with {quoted(found, 40)}"
    else:
        first = f"word {place} is {quoted(found, 40)}, not {quoted(wanted, 40)}"
    missing, surplus = Counter(expected) - Counter(got), Counter(got) - Counter(expected)
    if not missing and not surplus:
        return f"the words are right, their order is not: {first}"
    if sum(missing.values()) + sum(surplus.values()) > max(len(expected), len(got)) // 2:
        return first
    told = [first]
    for what, words in (("missing", missing), ("too much", surplus)):
        if words:
            named = ", ".join(quoted(word, 40) for word in list(words)[:_MOST_NAMED])
            told.append(f"{what}: {named}" + (" …" if len(words) > _MOST_NAMED else ""))
    return "; ".join(told)
