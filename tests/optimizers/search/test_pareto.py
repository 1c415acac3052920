"""Parents by the cases that they are best on."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from secant.search.pareto import drawn, on_cases, undominated


def test_who_is_never_needed_is_dropped_the_worst_first() -> None:
    fronts = {"1": ["a", "b"], "2": ["a"], "3": ["b", "c"], "4": ["c"]}
    assert undominated(fronts, {"a": 0.5, "b": 0.5, "c": 0.5}) == {"a": 2, "c": 2}
    assert undominated({"1": ["a", "b"]}, {"a": 0.1, "b": 0.9}) == {"b": 1}
    assert undominated({}, {}) == {}


def test_the_draw_follows_the_weights() -> None:
    rng = random.Random(0)
    counts = Counter(drawn({"a": 3, "b": 1}, rng) for _ in range(400))
    assert 2 < counts["a"] / counts["b"] < 4.5
    assert drawn({}, rng) is None


def test_other_cases_do_not_count() -> None:
    assert on_cases({"fit1": ["a"], "select1": ["b"]}, {"select1"}) == {"select1": ["b"]}


@given(
    fronts=st.dictionaries(st.text(max_size=2), st.lists(st.sampled_from("abcdef"), min_size=1, unique=True)),
    means=st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1)),
)
def test_every_case_keeps_one_of_its_best_and_nobody_left_is_dominated(fronts, means) -> None:
    left = undominated(fronts, means)
    assert all(set(ids) & set(left) for ids in fronts.values())
    for member in left:
        own = [set(ids) & set(left) for ids in fronts.values() if member in ids]
        assert any(ids == {member} for ids in own)
        assert left[member] == len(own)
