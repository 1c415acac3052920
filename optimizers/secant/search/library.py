"""The texts that one part of an artifact had in a run, with what was measured of each, to find those that are alike.

Every entry of a trajectory is read once, so a long run costs no more for a step than a short one. Decides nothing about
what is done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from secant.optimizer import Trajectory, TrajectoryEntry
from secant.search.retrieval import Corpus, Retrieval, relevant
from secant.types import Evaluation


class Library:
    """The distinct texts of a part."""

    def __init__(self, part: str, cost: Callable[[str], int]) -> None:
        """`cost` counts the tokens of a text."""
        self._part = part
        self._cost = cost
        self._entries: list[TrajectoryEntry] = []
        self._place: dict[str, int] = {}
        self._corpus = Corpus()
        self._read = 0

    def read(self, trajectory: Trajectory) -> None:
        """What is new in it. Of several entries with one text the one on most cases stands for it, then the best; what
        was turned down for something other than its score does not.
        """
        for entry in trajectory.last(len(trajectory) - self._read):
            if not entry.evaluation.rejected:
                self._take(entry)
        self._read = len(trajectory)

    def relevant(self, current: str, settings: Retrieval) -> Sequence[TrajectoryEntry]:
        """Those that are worth showing beside one of the texts, the most alike last; never that text itself. Raises
        KeyError for a text that was not measured.
        """
        return [self._entries[n] for n in relevant(self._corpus, self._place[current.strip()], settings)]

    def _take(self, entry: TrajectoryEntry) -> None:
        text = next((p.text for p in entry.proposal.artifact.parts if p.name == self._part), "")
        place = self._place.get(text.strip())
        if place is None:
            self._place[text.strip()] = len(self._entries)
            self._entries.append(entry)
            self._corpus.add(text, self._cost(text))
        elif _merit(entry.evaluation) > _merit(self._entries[place].evaluation):
            self._entries[place] = entry


def _merit(evaluation: Evaluation) -> tuple[int, float]:
    return evaluation.n, evaluation.mean
