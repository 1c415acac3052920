"""Paired comparison, the exact sign test, Wilson's bound, and the rules made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.search.acceptance import Comparison, accept_noisy, accept_step, compare, sign_test, wilson_lower
from secant.types import CaseResult, Evaluation


def evaluation(complete: bool = True, **scores: float) -> Evaluation:
    results = tuple(CaseResult(case_id=c, score=s) for c, s in scores.items())
    return Evaluation(artifact_id="a", stage="s", results=results, complete=complete)


def test_only_common_cases_are_compared() -> None:
    found = compare(evaluation(a=1, b=0, x=1), evaluation(a=0, b=1, c=1))
    assert (found.n, found.delta, found.fixed, found.broken) == (2, 0, ("a",), ("b",))


def test_an_evaluation_that_stopped_early_counts_as_0_for_the_rest() -> None:
    old = evaluation(a=0, b=1, c=1)
    assert compare(evaluation(complete=False, a=0), old).broken == ("b", "c")
    assert compare(evaluation(complete=True, a=0), old).delta == 0


def test_nothing_in_common_is_no_difference() -> None:
    assert compare(evaluation(a=1), evaluation(b=1)).delta == 0
    assert compare(evaluation(), evaluation()).p_value == 1


@pytest.mark.parametrize(("wins", "losses"), [(6, 0), (8, 1), (10, 2), (12, 3), (13, 4), (15, 5)])
def test_the_smallest_honest_claims(wins: int, losses: int) -> None:
    """The table of algorithms.md 6.10: these are significant at .05, one less is not."""
    assert sign_test(wins, losses) < 0.05
    assert sign_test(wins - 1, losses) >= 0.05
    assert sign_test(losses, wins) == sign_test(wins, losses)


@given(st.integers(0, 60), st.integers(0, 60))
def test_p_values_are_probabilities(wins: int, losses: int) -> None:
    assert 0 < sign_test(wins, losses) <= 1


def test_wilsons_bound() -> None:
    assert wilson_lower(8, 10) == pytest.approx(0.4901, abs=1e-3)
    assert wilson_lower(0, 10) == wilson_lower(0, 0) == 0
    assert wilson_lower(10, 10) > wilson_lower(5, 5) > wilson_lower(4, 5)


def test_a_step_must_gain_on_the_batch_and_not_lose_on_select() -> None:
    gain, tie, loss = (Comparison(n=3, delta=d) for d in (0.3, 0.0, -0.3))
    assert accept_step(gain)
    assert accept_step(gain, tie)
    assert not accept_step(gain, loss)
    assert not accept_step(tie)
    assert not accept_step(tie, gain)


def test_noise_wants_more_fixed_than_broken_and_a_small_p() -> None:
    five = Comparison(n=9, delta=0.5, fixed=tuple("abcde"))
    assert accept_noisy(five)
    assert not accept_noisy(five, alpha=0.05)
    assert not accept_noisy(Comparison(n=9, delta=-0.5, broken=tuple("abcde")))
