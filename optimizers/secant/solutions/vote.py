"""Majority votes over answers, and how they are told. Counts only; asks nobody.

TextGrad's and REVOLVE's "final" figures for solutions are such votes over the iterates, not the last iterate's answer
(algorithms.md, fact 5), so a vote means something only beside the vote over as many fresh samples: self-consistency
(Wang et al., 2023) at equal cost.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.solutions.answer import normal
from secant.types import Frozen


class Vote(Frozen):
    """A count of answers."""

    answer: str | None
    """As its first voter wrote it; None where nobody had an answer."""
    first: int = 0
    """The place of that voter."""
    votes: int = 0
    voters: int = 0
    """Whoever had an answer."""
    silent: int = 0
    """Texts without one: they do not vote."""
    tied: tuple[str, ...] = ()
    """Other answers with as many votes, that came up later."""

    def __str__(self) -> str:
        """`42 (3 of 4)`, with ties and silent texts named."""
        if self.answer is None:
            return f"none of {self.silent} texts has an answer"
        told = [f"{self.votes} of {self.voters}"]
        if self.tied:
            told.append(f"tied with {', '.join(self.tied)}; the earliest counts")
        if self.silent:
            told.append(f"{self.silent} without an answer did not vote")
        return f"{self.answer} ({'; '.join(told)})"


def vote(answers: Sequence[str | None]) -> Vote:
    """The most frequent answer in its normal form; of several the one that came up first."""
    places: dict[str, list[int]] = {}
    for place, answer in enumerate(answers):
        key = normal(answer)
        if key is not None:
            places.setdefault(key, []).append(place)
    voters = sum(map(len, places.values()))
    silent = len(answers) - voters
    if not places:
        return Vote(answer=None, silent=silent)
    most = max(map(len, places.values()))
    winner, *tied = [found[0] for found in places.values() if len(found) == most]
    return Vote(
        answer=answers[winner],
        first=winner,
        votes=most,
        voters=voters,
        silent=silent,
        tied=tuple(str(answers[place]) for place in tied),
    )
