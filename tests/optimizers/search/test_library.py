"""What GPO finds earlier prompts in: each entry of the trajectory is read once, each text is there once."""

from __future__ import annotations

import pytest

from secant.search.library import Library
from secant.search.retrieval import Retrieval
from secant.search.trajectory import RunTrajectory
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal

ALL = Retrieval(most=9, tokens=1_000, relevance=1.0, same=1.0)


class Counting(RunTrajectory):
    """Counts the entries that are looked at."""

    looked = 0

    def last(self, count: int):
        self.looked += max(0, count)
        return super().last(count)


def add(trajectory: RunTrajectory, text: str, scores: list[float], *, rejected: bool = False, other: str = "") -> None:
    artifact = Artifact(kind="prompt", parts=(Part(name="rules", text=text), Part(name="other", text=other)))
    results = tuple(CaseResult(case_id=str(n), score=score) for n, score in enumerate(scores))
    evaluation = Evaluation(artifact_id=artifact.id, stage="full", results=results, rejected=rejected)
    trajectory.add(len(trajectory), Proposal(artifact=artifact), [evaluation], survived=True)


def read(trajectory: RunTrajectory) -> Library:
    library = Library("rules", len)
    library.read(trajectory)
    return library


def texts(library: Library, current: str) -> list[str]:
    return [entry.proposal.artifact.parts[0].text for entry in library.relevant(current, ALL)]


def test_every_entry_is_read_once() -> None:
    trajectory = Counting()
    add(trajectory, "sort the words", [1.0])
    library = read(trajectory)
    add(trajectory, "sort the lines", [1.0])
    library.read(trajectory)
    library.read(trajectory)
    assert trajectory.looked == 2
    assert texts(library, "sort the words") == ["sort the lines"]


def test_of_one_text_the_entry_on_most_cases_stands_for_it() -> None:
    trajectory = RunTrajectory()
    add(trajectory, "sort the words", [0.0])
    add(trajectory, "sort the lines", [1.0], other="a")
    add(trajectory, "sort the lines\n", [0.0, 1.0], other="b")
    add(trajectory, "sort the lines", [1.0], other="c")
    (found,) = read(trajectory).relevant("sort the words", ALL)
    assert (found.evaluation.n, found.evaluation.mean) == (2, 0.5)


def test_what_was_turned_down_is_not_shown() -> None:
    trajectory = RunTrajectory()
    add(trajectory, "sort the words", [0.0])
    add(trajectory, "sort the lines", [1.0], rejected=True)
    assert texts(read(trajectory), " sort the words\n") == []
    with pytest.raises(KeyError):
        texts(read(trajectory), "sort the lines")
