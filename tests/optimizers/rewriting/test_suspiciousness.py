"""Fault localization is arithmetic: small spectra with known answers."""

from __future__ import annotations

from math import isclose, sqrt

from hypothesis import given, settings
from hypothesis import strategies as st

from secant.rewriting.suspiciousness import FLOOR, ochiai


def test_a_line_that_only_the_failing_test_runs_is_the_most_suspect() -> None:
    scores = ochiai({"good": (1, 2), "bad": (1, 3)}, {"bad"})
    assert scores[3] == 1.0
    assert isclose(scores[1], 1 / sqrt(2))
    assert scores[2] == FLOOR


def test_repeated_lines_of_one_test_count_once() -> None:
    assert ochiai({"good": (1, 1, 1), "bad": (1, 2)}, {"bad"}) == ochiai({"good": (1,), "bad": (1, 2)}, {"bad"})


def test_the_line_that_raises_comes_first() -> None:
    scores = ochiai({"good": (1, 2), "bad": (1, 2, 3)}, {"bad"}, error_lines=(2,))
    assert max(scores, key=lambda line: scores[line]) == 2
    assert scores[3] < 1.0


def test_without_a_failing_test_every_covered_line_counts_the_same() -> None:
    assert ochiai({"one": (1, 2), "two": (2, 3)}, ()) == {1: 1.0, 2: 1.0, 3: 1.0}


def test_without_coverage_only_the_raising_lines_are_known() -> None:
    assert ochiai({}, {"bad"}) == {}
    assert ochiai({}, {"bad"}, error_lines=(4,)) == {4: 1.0}


def test_a_failed_test_without_coverage_does_not_dilute_the_others() -> None:
    assert ochiai({"bad": (1,)}, {"bad", "not run"}) == {1: 1.0}


@settings(max_examples=50)
@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.lists(st.integers(1, 8)), max_size=6),
    st.sets(st.text("abc", min_size=1, max_size=2)),
    st.lists(st.integers(1, 8), max_size=3),
)
def test_scores_lie_above_zero_and_reach_one(
    covered: dict[str, list[int]], failed: set[str], errors: list[int]
) -> None:
    scores = ochiai(covered, failed, errors)
    assert set(scores) == {line for lines in covered.values() for line in lines} | set(errors)
    assert all(0 < score <= 1 for score in scores.values())
    assert not scores or max(scores.values()) == 1.0
