"""Suggestions by optuna's estimator: new ones only, the same from the same trials, better with more of them."""

from __future__ import annotations

import logging
import random
import sys
from statistics import mean

import pytest

from secant.errors import BadRequest
from secant.search.bayes import Trial, required, suggested

SIZES = (6, 5)


def trials(*choices: tuple[int, ...]) -> list[Trial]:
    """The first number is all that counts."""
    return [Trial(choices=c, value=c[0] / 5, cases=4) for c in choices]


KNOWN = trials((0, 0), (1, 3), (5, 2), (2, 1), (5, 4), (3, 3), (0, 2), (4, 4))


def tried() -> set[tuple[int, ...]]:
    return {t.choices for t in KNOWN}


def test_suggestions_are_new_and_different() -> None:
    found = suggested(SIZES, KNOWN, tried(), 5, random.Random(1))
    assert len(set(found)) == 5
    assert not set(found) & tried()
    assert all(0 <= choice < size for choices in found for choice, size in zip(choices, SIZES, strict=True))


def test_the_same_trials_and_seed_give_the_same() -> None:
    again = [suggested(SIZES, KNOWN, tried(), 4, random.Random(7)) for _ in range(2)]
    assert again[0] == again[1]
    assert suggested(SIZES, KNOWN, tried(), 4, random.Random(8)) != again[0]


def test_what_was_good_is_suggested_more_often() -> None:
    firsts = [c[0] for seed in range(12) for c in suggested(SIZES, KNOWN, tried(), 2, random.Random(seed))]
    assert mean(firsts) > 3.2  # by chance 2.5


def test_what_is_left_is_given_without_a_model() -> None:
    known = {(n, m) for n in range(6) for m in range(5)} - {(0, 1), (2, 3)}
    assert set(suggested(SIZES, KNOWN, known, 3, random.Random(0))) == {(0, 1), (2, 3)}
    assert suggested((1,), (), {(0,)}, 2, random.Random(0)) == []


def test_optuna_says_nothing(caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder) -> None:
    with caplog.at_level(logging.INFO):
        suggested(SIZES, KNOWN, tried(), 3, random.Random(0))
    assert not caplog.records
    assert not recwarn.list


def test_where_it_is_missing_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(BadRequest) as refused:
        required("mipro")
    assert "optuna" in refused.value.message
    assert refused.value.hint == "pip install 'secant[mipro]'"
