"""What one run does with its parts: goals, alternatives, what is recorded, and how an outcome is put into words."""

from __future__ import annotations

from typing import Any

import pytest

from secant.budget import Spent
from secant.confirmation import Candidate
from secant.driver import Outcome
from secant.errors import SecantError
from secant.events import Event, Notice
from secant.functions.recordings import Recordings
from secant.functions.suite import JudgingTest, Suite
from secant.functions.telling import describe_speed, why_nothing
from secant.types import Artifact, Evaluation, Part, Proposal, SpeedUp

SUITE = Suite(tests=(JudgingTest(id="test_a", outcome="passed"), JudgingTest(id="test_b", outcome="failed")))
RECORDED = {"calls": 1, "seen": 1, "uncopied": 0, "literals": [{"args": ["3"], "kwargs": {}}]}


class Bench:
    """Answers a recording; counts how often it is asked."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.asked = 0

    def record(self, tests: list[str], seconds: float, **_: object) -> dict[str, Any]:
        self.asked += 1
        assert sorted(tests) == ["test_a", "test_b"]
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def recordings(answer: Any) -> tuple[Recordings, Bench, list[Event]]:
    bench, events = Bench(answer), list[Event]()
    return Recordings(bench, SUITE, tolerance=0.0, announce=events.append), bench, events


def test_calls_are_recorded_once_and_only_when_wanted() -> None:
    made, bench, _ = recordings(RECORDED)
    assert made.behaviour is None
    assert bench.asked == 0
    assert made.wanted() is made.wanted() is made.behaviour
    assert bench.asked == 1


@pytest.mark.parametrize(
    ("answer", "said", "hint"),
    [
        ({"calls": 0, "seen": 3, "uncopied": 3, "literals": []}, "nothing can be timed", "3 of 3 calls had arguments"),
        ({"error": "unswappable", "message": "no function"}, "could not be recorded (no function)", "--tests"),
    ],
)
def test_a_run_that_needs_recorded_calls_says_why_there_are_none(answer: Any, said: str, hint: str) -> None:
    made, _, _ = recordings(answer)
    with pytest.raises(SecantError) as caught:
        made.required()
    assert said in caught.value.message
    assert hint in caught.value.hint


def test_a_repair_goes_without_them() -> None:
    made, bench, events = recordings(SecantError("the worker died", hint="It printed nothing."))
    assert made.wanted() is None
    assert made.wanted() is None
    assert bench.asked == 1
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.message == "The alternatives could not be compared: the worker died"


def test_a_speed_up_in_a_sentence() -> None:
    speed = SpeedUp(ratio=12.345, low=11.0, high=14.0, verdict="faster", processes=5, pairs=60, noise=0.012)
    assert describe_speed(speed) == (
        "12.3x faster (99 % interval 11 to 14) on recorded calls, 5 processes, 60 interleaved pairs; noise here 1.2 %."
    )
    doubtful = speed.model_copy(update={"ratio": 1.01, "verdict": "indistinguishable"})
    assert describe_speed(doubtful) == "The speed-up is indistinguishable from noise (ratio 1.01)."


def outcome(ranking: tuple[str, ...]) -> Outcome:
    artifact = Artifact(parts=(Part(name="f", text="x"),))
    evaluation = Evaluation(artifact_id=artifact.id, stage="tests")
    confirmation = evaluation.model_copy(update={"note": "it is slower"})
    candidate = Candidate(Proposal(artifact=artifact), evaluation, confirmation) if ranking else None
    return Outcome("done", "nothing is left", evaluation, (), candidate, ranking, 3, Spent())


@pytest.mark.parametrize(
    ("ranking", "said"),
    [
        ((), "nothing better was found: nothing is left"),
        (("a",), "one candidate looked better, and it did not hold when it was verified (it is slower)"),
        (("a", "b"), "2 candidates looked better, and none of them held when it was verified (it is slower)"),
    ],
)
def testwhy_nothing_is_offered(ranking: tuple[str, ...], said: str) -> None:
    assert why_nothing(outcome(ranking)) == said
