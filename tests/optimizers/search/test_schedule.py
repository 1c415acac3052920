"""The word budgets against the golden rows of algorithms.md 2.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.search.schedule import Schedule

GOLDEN = [
    ("cosine", 0, "49 48 47 45 42 40 36 33 30 26 23 20 17 14 12 11 10 10"),
    ("linear", 0, "47 45 43 41 38 36 34 32 30 27 25 23 21 18 16 14 12 10"),
    ("cosine", 5, "10 20 30 40 50 49 47 44 41 37 32 27 22 18 15 12 10 10"),
    ("fixed", 0, " ".join(["50"] * 18)),
]


@pytest.mark.parametrize(("shape", "warm_up", "row"), GOLDEN)
def test_golden_rows(shape: str, warm_up: int, row: str) -> None:
    schedule = Schedule(shape=shape, warm_up=warm_up)
    assert [schedule.words(count) for count in range(1, 19)] == [int(w) for w in row.split()]


@given(
    schedule=st.builds(
        Schedule,
        shape=st.sampled_from(["fixed", "linear", "cosine"]),
        start=st.integers(1, 60),
        end=st.integers(1, 60),
        steps=st.integers(1, 30),
        warm_up=st.integers(0, 40),
    ),
    count=st.integers(0, 200),
)
def test_never_below_1_and_never_above_both_ends(schedule: Schedule, count: int) -> None:
    assert 1 <= schedule.words(count) <= max(schedule.start, schedule.end)
