"""Verdicts on candidate texts, stage by stage, by real workers on one small project; fakes only for what dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from secant.config import OptimizeRequest
from secant.functions.behaviour import Comparison
from secant.functions.evaluator import FunctionEvaluator
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, find_subject, prepare
from secant.functions.process import WorkerDied
from secant.functions.suite import JudgingTest, Suite
from secant.functions.writeback import replaced
from secant.types import Artifact, Evaluation, Part, SpeedUp

pytestmark = pytest.mark.usefixtures("preloaded_workers")

COUNT = """\
def count(items, wanted):
    found = 0
    for item in items:
        if item == wanted:
            found += 2
    return found
"""
RIGHT = COUNT.replace("+= 2", "+= 1")
TESTS = """\
import pytest
from counting import count

def test_one():
    assert count([1, 2], 1) == 1

def test_more():
    assert count("abcabca", "a") == 3

def test_none():
    assert count([], 1) == 0

@pytest.mark.parametrize("number", [4, 5])
def test_absent(number):
    assert count([1, 2, 3], number) == 0
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("counting")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "counting.py").write_text(COUNT)
    (folder / "test_counting.py").write_text(TESTS)
    request = OptimizeRequest(target="counting.py::count", folder=folder)
    subject = find_subject(request, os.environ)
    scratch = tmp_path_factory.mktemp("scratch")
    launcher = Launcher(Path(sys.executable), scratch, base_environment=os.environ)
    made = prepare(request, subject, launcher, lambda _: None, lambda: None)
    yield made
    made.workers.close()


def artifact(text: str) -> Artifact:
    return Artifact(parts=(Part(name="count", text=text),))


def evaluator_of(prepared: Prepared, **changes: Any) -> FunctionEvaluator:
    fields: dict[str, Any] = {
        "suite": prepared.suite,
        "workers": prepared.workers,
        "cold": prepared.cold,
        "behaviour": None,
        "speed": None,
        "telling_apart": lambda: None,
        "file_bytes": lambda text: replaced(prepared.subject.located, text),
        **changes,
    }
    suite, workers, cold = fields.pop("suite"), fields.pop("workers"), fields.pop("cold")
    return FunctionEvaluator(artifact(COUNT), suite, prepared.unit, workers, cold, **fields)


@pytest.fixture
def evaluator(prepared: Prepared) -> FunctionEvaluator:
    return evaluator_of(prepared)


def evaluated(evaluator: FunctionEvaluator, stage: str, *texts: str) -> list[Evaluation]:
    ids = [case.id for case in evaluator.cases()["select"]]
    return list(evaluator.evaluate([artifact(text) for text in texts], stage, ids))


def test_cases_come_in_pytests_order_which_no_timing_changes(evaluator: FunctionEvaluator) -> None:
    assert [case.id.partition("::")[2] for case in evaluator.cases()["select"]] == [
        "test_one", "test_more", "test_none", "test_absent[4]", "test_absent[5]",
    ]  # fmt: skip


def test_the_baseline_is_the_originals_results(evaluator: FunctionEvaluator) -> None:
    baseline = evaluator.baseline()
    assert [result.score for result in baseline.results] == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert "assert 2 == 1" in baseline.results[0].feedback
    assert baseline.note == "swap"


def test_the_screen_lets_through_what_passes_and_turns_down_what_does_not(evaluator: FunctionEvaluator) -> None:
    worse, unparsable = COUNT.replace("found = 0", "found = 7"), COUNT.replace("if item", "if if")
    found = evaluated(evaluator, "screen", RIGHT, worse, unparsable)
    assert [each.all_passed for each in found] == [True, False, False]
    assert [each.passed for each in found[1:]] == [0, 0]
    assert not any(each.complete for each in found[1:])


def test_the_screen_ends_a_loop_without_end_and_judges_what_comes_behind(evaluator: FunctionEvaluator) -> None:
    endless, right = evaluated(
        evaluator, "screen", COUNT.replace("    return", "    while True:\n        pass\n    return"), RIGHT
    )
    assert endless.passed == 0
    assert right.all_passed


def test_the_tests_stage_says_which_test_failed_and_why(evaluator: FunctionEvaluator) -> None:
    right, wrong = evaluated(evaluator, "tests", RIGHT, COUNT.replace("+= 2", "= 1"))
    assert right.all_passed
    assert right.n == 5
    failed = [result for result in wrong.results if result.score < 1]
    assert "assert 1 == 3" in failed[0].feedback
    assert {result.feedback for result in failed[1:]} <= {"not run after a failure"}


def test_a_stage_that_a_function_does_not_have_is_a_mistake_of_ours(evaluator: FunctionEvaluator) -> None:
    with pytest.raises(ValueError, match="no stage 'speed'"):
        evaluated(evaluator, "speed", RIGHT)


def test_a_repair_is_confirmed_by_a_cold_run_and_one_that_behaves_alike_is_not_run(prepared: Prepared) -> None:
    asked: list[tuple[str, str]] = []

    class Alike:
        def between(self, first: str, second: str) -> Comparison:
            asked.append((first, second))
            return Comparison(difference="" if "+ 1" in second else "gives 2 instead of 1")

    evaluator = evaluator_of(prepared, telling_apart=Alike)
    confirmed = evaluator.confirm(artifact(RIGHT))
    alike = evaluator.confirm(artifact(COUNT.replace("+= 2", "= found + 1")), winner=artifact(RIGHT))
    assert confirmed.all_passed
    assert confirmed.split == "report"
    assert alike.rejected
    assert alike.results == ()
    assert "behaves like the winner" in alike.note
    assert [first for first, _ in asked] == [RIGHT]


@pytest.mark.usefixtures("started_workers")
def test_a_cold_run_contradicts_what_was_wrongly_believed(evaluator: FunctionEvaluator) -> None:
    assert [result.score for result in evaluator.confirm(artifact(COUNT)).results] == [0.0, 0.0, 1.0, 1.0, 1.0]


def test_a_text_that_cannot_stand_in_the_file_is_not_confirmed(evaluator: FunctionEvaluator) -> None:
    refused = evaluator.confirm(artifact("def other():\n    return 0\n"))
    assert refused.rejected
    assert refused.note.startswith("cannot stand in the file")


# With given answers


class Timed:
    def __init__(self, verdict: str) -> None:
        self._speed = SpeedUp(ratio=2.0, low=1.5, high=3.0, verdict=verdict)

    def quick(self, _: str) -> SpeedUp:
        return self._speed

    full = quick


class Compared:
    def __init__(self, difference: str) -> None:
        self._difference = difference

    def against_original(self, _: str) -> Comparison:
        return Comparison(difference=self._difference)


@pytest.mark.parametrize("difference", ["", "count([]) gives 1 instead of 0 (value)"])
def test_a_difference_in_behaviour_turns_a_text_down(prepared: Prepared, difference: str) -> None:
    (found,) = evaluated(evaluator_of(prepared, behaviour=Compared(difference)), "behaviour", RIGHT)
    assert found.all_passed is not bool(difference)
    assert found.note == difference


@pytest.mark.parametrize(
    ("verdict", "why"),
    [("faster", ""), ("slower", "it is slower"), ("indistinguishable", "the speed-up is indistinguishable from noise")],
)
def test_only_what_is_faster_goes_on_and_is_confirmed(prepared: Prepared, verdict: str, why: str) -> None:
    evaluator = evaluator_of(prepared, speed=Timed(verdict))
    (quick,) = evaluated(evaluator, "speed", RIGHT)
    full = evaluator.confirm(artifact(RIGHT))
    assert quick.all_passed is full.all_passed is (verdict == "faster")
    assert full.note == why
    assert full.speed is not None


class Dead:
    """A worker that a candidate has killed."""

    def screen(self, *_: object, **__: object) -> dict[str, Any]:
        raise WorkerDied("The test worker ended (exit status 1).")


def test_where_the_screen_dies_its_candidates_go_on_to_the_next_stage(prepared: Prepared) -> None:
    found = evaluated(evaluator_of(prepared, workers=Dead()), "screen", RIGHT, COUNT)
    assert [each.all_passed for each in found] == [True, True]
    assert found[0].results[0].feedback == "not screened"


def judging(number: int, **fields: Any) -> JudgingTest:
    return JudgingTest(id=f"test_{number}", **{"outcome": "passed", "plain": True, "seconds": 0.001, **fields})


class Verdicts:
    """Turns every text down after so many passed tests; keeps what it was asked."""

    def __init__(self, passed: int) -> None:
        self._passed = passed
        self.asked: list[str] = []
        self.chunks: list[int] = []

    def screen(self, texts: Sequence[str], tests: Sequence[dict[str, Any]], **_: object) -> dict[str, Any]:
        self.asked = [test["id"] for test in tests]
        self.chunks.append(len(texts))
        return {"verdicts": [2] * len(texts), "passed": [self._passed] * len(texts)}


def screened(prepared: Prepared, tests: Sequence[JudgingTest], passed: int = 0) -> tuple[Verdicts, list[Evaluation]]:
    workers = Verdicts(passed)
    evaluator = evaluator_of(prepared, suite=Suite(tests=tuple(tests), any_order=True), workers=workers)
    return workers, evaluated(evaluator, "screen", RIGHT)


def test_failing_tests_are_screened_first_and_slow_ones_not_at_all(prepared: Prepared) -> None:
    tests = [
        judging(1),
        judging(2, outcome="failed"),
        judging(3, seconds=0.5),
        judging(4, outcome="failed", plain=False),
    ]
    workers, _ = screened(prepared, tests)
    assert workers.asked == ["test_2", "test_4", "test_1"]


def test_of_many_tests_the_screen_takes_some(prepared: Prepared) -> None:
    failing = [judging(number, outcome="failed") for number in range(60)]
    workers, _ = screened(prepared, [*failing, *(judging(number) for number in range(60, 200))])
    assert len(workers.asked) == 40
    assert workers.asked.count("test_0") == 1


def test_few_tests_that_need_pytest_are_screened(prepared: Prepared) -> None:
    workers, _ = screened(prepared, [judging(number, plain=False) for number in range(9)])
    assert len(workers.asked) == 2


def test_without_a_failing_test_in_the_screen_nothing_counts_as_repaired(prepared: Prepared) -> None:
    """The failing one is slow: what passes here passed before."""
    _, (turned_down,) = screened(prepared, [judging(1), judging(2, outcome="failed", seconds=0.5)], passed=1)
    assert turned_down.passed == 0
    _, (turned_down,) = screened(prepared, [judging(1), judging(2, outcome="failed")], passed=1)
    assert turned_down.passed == 1


@pytest.mark.parametrize("path", ["fresh", "cold"])
def test_what_cannot_be_swapped_is_not_screened(prepared: Prepared, path: Any) -> None:
    workers = Verdicts(0)
    suite = prepared.suite.model_copy(update={"path": path})
    (found,) = evaluated(evaluator_of(prepared, suite=suite, workers=workers), "screen", RIGHT)
    assert found.all_passed
    assert workers.chunks == []


def test_many_texts_are_screened_in_chunks(prepared: Prepared) -> None:
    workers = Verdicts(0)
    evaluator = evaluator_of(prepared, workers=workers)
    assert len(evaluated(evaluator, "screen", *[f"{COUNT}# {number}\n" for number in range(600)])) == 600
    assert sum(workers.chunks) == 600
    assert max(workers.chunks) == 256
