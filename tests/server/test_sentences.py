"""The short phrases, with numbers that say as much as is known and no more."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from secant.events import Finished, Progress, TestCount
from secant.types import SpeedUp
from secant_server import names, sentences
from tests.server.golden.samples import FASTER, WINNER, proposal

NOISE = SpeedUp(ratio=1.01, low=0.98, high=1.04, verdict="indistinguishable")


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1.049, "1.05x"), (1.5, "1.5x"), (2.34, "2.3x"), (9.96, "10x"), (286.4, "286x"), (12000.0, "12,000x")],
)
def test_a_ratio_has_the_digits_that_say_something(ratio: float, text: str) -> None:
    assert sentences.times(ratio) == text


def test_a_speed_up_is_what_may_honestly_be_said() -> None:
    assert sentences.speed(FASTER) == "2.3x faster"
    assert sentences.speed(NOISE) == "speed indistinguishable from noise"
    assert sentences.speed(FASTER.model_copy(update={"ratio": 0.5, "verdict": "slower"})) == "2.0x slower"
    assert sentences.interval(FASTER) == "2.3x faster (99 % interval 2.1x to 2.6x, on recorded calls)"


def test_the_summary_of_a_result() -> None:
    assert sentences.summary(WINNER) == "2.3x faster · 14/14 tests"
    repaired = WINNER.model_copy(update={"speedup": None, "tests": TestCount(passed=6, total=6)})
    assert sentences.summary(repaired) == "fixed · 6/6 tests"
    partly = repaired.model_copy(update={"tests": TestCount(passed=5, total=6)})
    assert sentences.summary(partly) == "5/6 tests"
    untested = WINNER.model_copy(update={"tests": TestCount(passed=0, total=0)})
    assert sentences.summary(untested) == "2.3x faster"
    assert sentences.tests(TestCount(passed=1, total=1)) == "1/1 test"


def test_a_result_says_what_it_takes_to_judge_it() -> None:
    repaired = WINNER.model_copy(update={"speedup": None})
    fixed = proposal(options=(repaired, WINNER), failed_before=2)
    assert sentences.result(fixed) == "fixed · 14/14 tests (2 failed before)"
    assert sentences.result(proposal(confirmed=False), 0) == "2.3x faster · 14/14 tests · stopped before confirmation"
    assert sentences.result(proposal(), 1) == "3.0x faster · 14/14 tests"


def test_a_solution_has_checks_or_a_critique_and_no_tests() -> None:
    passed, partly = TestCount(passed=3, total=3), TestCount(passed=1, total=3)
    option = WINNER.model_copy(update={"speedup": None, "tests": passed})
    assert sentences.summary(option, "checks") == "fixed · 3/3 checks"
    assert sentences.summary(option, "critique") == "the critique finds no mistake"
    assert sentences.tests(partly, "checks") == "1/3 checks"
    assert sentences.tests(partly, "critique") == "the critique finds less"
    checked = proposal(options=(option,), failed_before=2, judges="checks")
    assert sentences.result(checked) == "fixed · 3/3 checks (2 failed before)"
    critique = proposal(options=(option,), failed_before=1, judges="critique")
    assert sentences.result(critique) == "the critique finds no mistake"
    assert sentences.progress(Progress(phase="cases", evaluations=2, best="1 of 3 passed"), judges="checks") == (
        "judging versions · version 2 · best 1/3 checks · 0 s"
    )
    assert sentences.under_way("refining", 2, "0 of 1 passed", "critique") == "refining… version 2"


@pytest.mark.parametrize(
    ("name", "label", "noun"),
    [
        ("## Solution", "Solution (a.md)", "solution"),
        ("### Proof", "Proof (a.md)", "'Proof'"),
        ("# Two > ## Solution", "Two > Solution (a.md)", "solution"),
    ],
)
def test_a_solution_is_called_by_its_headings(name: str, label: str, noun: str) -> None:
    assert names.label("solution", name, PurePath("b/a.md")) == label
    assert names.noun("solution", name) == noun


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Progress(phase="tests", message="looking for tests"), "looking for tests · 0 s"),
        (
            Progress(phase="screen", evaluations=7, best="12 of 12 passed, 1.80x", seconds=12.9),
            "trying candidates · cand 7 · best 1.8x · 12 s",
        ),
        (
            Progress(phase="confirm", evaluations=41210, best="4 of 9 passed", seconds=185),
            "confirming · cand 41,210 · best 4/9 tests · 3 min 5 s",
        ),
        (Progress(phase="unheard of", best="good"), "unheard of · best good · 0 s"),
    ],
)
def test_the_line_of_a_progress(event: Progress, line: str) -> None:
    assert sentences.progress(event) == line


def test_the_last_words_of_a_progress() -> None:
    end = Finished(outcome="improved", goal="fix", tests=TestCount(passed=6, total=6))
    assert sentences.ended(end, "fixed · 6/6 tests") == "improved: fixed · 6/6 tests"
    unchanged = end.model_copy(update={"outcome": "unchanged", "reason": "nothing left\nto try"})
    assert sentences.ended(unchanged) == "nothing better found · nothing left to try"
    assert sentences.ended(end.model_copy(update={"outcome": "stopped"})) == "stopped"


def test_the_question_at_the_end_of_a_run() -> None:
    assert sentences.offer("Basket.total", "fixed · 6/6 tests") == "Basket.total: fixed · 6/6 tests"
    assert sentences.offer("f", "2.3x faster", confirmed=False) == "f: 2.3x faster · stopped before confirmation"
    assert sentences.nothing_better("f", "") == "f: nothing better was found"
    assert sentences.comparison("f", "2.3x faster · 14/14 tests") == "f: current ↔ 2.3x faster"


def test_a_text_of_many_lines_becomes_one_that_is_not_too_long() -> None:
    assert sentences.one_line("a\r\n\tb  c") == "a b c"
    assert sentences.one_line("x" * 300, 10) == "x" * 9 + "…"
