"""Intervals of scores, against published values and their own coverage."""

from __future__ import annotations

import random

import pytest

from secant.search.acceptance import sign_test
from secant.search.intervals import Interval, agreeing, of_difference, of_score
from secant.types import CaseResult


def results(*scores: float) -> list[CaseResult]:
    return [CaseResult(case_id=str(n), score=score) for n, score in enumerate(scores)]


def test_wilson_of_eight_of_ten() -> None:
    low, high = of_score(results(*[1.0] * 8, 0.0, 0.0))
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_nothing_says_nothing() -> None:
    assert of_score([]) == (0.0, 1.0)
    assert of_difference([], []) == (-1.0, 1.0)


def test_agresti_and_min() -> None:
    """n = 20 with 6 fixed and 1 broken: (6.5 - 1.5) / 22 with its standard error."""
    old = results(*[0.0] * 6, *[1.0] * 14)
    new = results(*[1.0] * 6, 0.0, *[1.0] * 13)
    low, high = of_difference(new, old)
    centre, error = 5 / 22, ((8 - 25 / 22) ** 0.5) / 22
    assert low == pytest.approx(centre - 1.959964 * error)
    assert high == pytest.approx(centre + 1.959964 * error)


def test_graded_scores_take_students_t() -> None:
    low, high = of_score(results(0.2, 0.4, 0.6, 0.5))
    assert (low, high) == (pytest.approx(0.4250 - 0.2718, abs=1e-3), pytest.approx(0.4250 + 0.2718, abs=1e-3))


@pytest.mark.parametrize(("n", "fixed", "broken"), [(20, 0.3, 0.1), (40, 0.2, 0.2), (24, 0.5, 0.05)])
def test_the_interval_of_a_difference_covers_it(n: int, fixed: float, broken: float) -> None:
    rng = random.Random(n)
    covered = 0
    for _ in range(1000):
        changes = rng.choices(["fixed", "broken", "same"], [fixed, broken, 1 - fixed - broken], k=n)
        old = results(*[0.0 if c == "fixed" else 1.0 for c in changes])
        new = results(*[0.0 if c == "broken" else 1.0 for c in changes])
        low, high = of_difference(new, old)
        covered += low <= fixed - broken <= high
    assert covered >= 930


@pytest.mark.parametrize("n", [8, 12, 24, 40])
def test_an_interval_and_the_sign_test_say_the_same(n: int) -> None:
    for won in range(n + 1):
        for lost in range(min(n - won, 8) + 1):
            old = results(*[0.0] * won, *[1.0] * (n - won))
            new = results(*[1.0] * won, *[0.0] * lost, *[1.0] * (n - won - lost))
            low, high = agreeing(of_difference(new, old), won, lost, n)
            assert -1 <= low <= (won - lost) / n <= high <= 1
            assert (low > 0 or high < 0) == (sign_test(won, lost) < 0.05)


def test_thousands_of_cases_have_an_interval() -> None:
    low, high = agreeing(Interval(0.05, 0.15), 900, 600, 3000)
    assert (low, high) == (pytest.approx(0.05, abs=0.03), pytest.approx(0.15, abs=0.03))


def test_the_share_of_clopper_and_pearson() -> None:
    """Four of four: at least 0.025 ** (1 / 4) of the cases that differ, so -0.068 of twelve."""
    low, _ = agreeing(Interval(0.01, 0.5), 4, 0, 12)
    assert low == pytest.approx(4 / 12 * (2 * 0.025**0.25 - 1))
