"""The best-arm allocators: the budget to the last pull, no pull twice, the good arms kept."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from bench_double import DoubleBench, arms
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.optimizer import Plan, Stage
from secant.search.allocator import ALLOCATORS, allocator

BANDITS = ["uniform", "ucb", "ucb_e", "successive_rejects", "successive_halving"]


def bench(count: int, **settings: object) -> DoubleBench:
    return DoubleBench({a.artifact.id: n / max(1, count - 1) for n, a in enumerate(arms(count))}, **settings)


def plan(name: str, **settings: int | float) -> Plan:
    return Plan(allocator=name, stages=(Stage(),), settings=settings)


@pytest.mark.parametrize("name", BANDITS)
@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(0, 12), pulls=st.integers(0, 200), keep=st.integers(1, 5), batch=st.integers(1, 9),
    cases=st.integers(1, 30), stop_after=st.none() | st.integers(0, 20), seed=st.integers(0, 3),
)  # fmt: skip
def test_no_bandit_passes_its_pulls_or_pulls_twice(*, name, count, pulls, keep, batch, cases, stop_after, seed) -> None:
    table = bench(count, cases=cases, seed=seed, stop_after=stop_after)
    given_plan = plan(name, pulls=pulls, keep=keep, batch=batch)
    allocation = ALLOCATORS[name](arms(count), given_plan, table)
    assert len(table.pulls) <= pulls
    assert max(Counter(table.pulls).values(), default=1) == 1
    assert len(allocation.scored) == count
    assert len(allocation.survivors) <= keep
    assert set(allocation.survivors) == set(table.told)
    for scored in allocation.scored:
        asked = sum(identity == scored.proposal.artifact.id for identity, _, _ in table.pulls)
        assert sum(e.n for e in scored.evaluations) == asked
        assert len(scored.evaluations) <= 1


@pytest.mark.parametrize("name", BANDITS)
def test_a_bandit_keeps_good_arms(name: str) -> None:
    count = 9
    table = bench(count, cases=60)
    kept = ALLOCATORS[name](arms(count), plan(name, pulls=180, keep=2, batch=5, arms=3), table).survivors
    best = {a.artifact.id for a in arms(count)[-3:]}
    assert len(kept) == 2
    assert set(kept) <= best


@pytest.mark.parametrize("name", BANDITS)
def test_the_budget_is_used_where_it_divides(name: str) -> None:
    table = bench(8, cases=100)
    ALLOCATORS[name](arms(8), plan(name, pulls=240, keep=1, batch=5, arms=4), table)
    assert 0.75 * 240 <= len(table.pulls) <= 240


def test_uniform_gives_all_the_same_cases() -> None:
    table = bench(5, cases=40)
    ALLOCATORS["uniform"](arms(5), plan("uniform", pulls=52), table)
    by_arm = [{c for i, _, c in table.pulls if i == a.artifact.id} for a in arms(5)]
    assert all(cases == by_arm[0] for cases in by_arm)
    assert len(by_arm[0]) == 52 // 5


def test_ucb_pulls_good_arms_more_often() -> None:
    table = bench(6, cases=200)
    ALLOCATORS["ucb"](arms(6), plan("ucb", pulls=300, batch=4, arms=1, exploration=0.3), table)
    pulled = Counter(i for i, _, _ in table.pulls)
    ordered = [pulled[a.artifact.id] for a in arms(6)]
    assert min(ordered) >= 4
    assert ordered[-1] == max(ordered) > 3 * ordered[0]


def test_ucb_e_stops_exploring_where_ucb_goes_on() -> None:
    """Its bound does not grow with the pulls: with the same exploration the worst arm is pulled less often."""
    pulled: dict[str, int] = {}
    for name in ("ucb", "ucb_e"):
        table = bench(6, cases=400)
        ALLOCATORS[name](arms(6), plan(name, pulls=600, batch=2, arms=1, exploration=1.0), table)
        pulled[name] = Counter(i for i, _, _ in table.pulls)[arms(6)[0].artifact.id]
    assert 2 <= pulled["ucb_e"] < pulled["ucb"] / 2


def test_ucb_e_without_exploration_stays_with_the_best_mean() -> None:
    table = bench(4, cases=100)
    ALLOCATORS["ucb_e"](arms(4), plan("ucb_e", pulls=60, batch=5, arms=1, exploration=0), table)
    pulled = Counter(i for i, _, _ in table.pulls)
    assert pulled[arms(4)[-1].artifact.id] == 60 - 3 * 5


@pytest.mark.parametrize("name", BANDITS)
def test_what_is_kept_goes_through_the_further_stages(name: str) -> None:
    stages = (Stage(name="few", split="fit"), Stage(name="all", gate="all_passed"))
    table = bench(6, cases=20)
    chosen = Plan(allocator=name, stages=stages, settings={"pulls": 60, "keep": 2, "batch": 4})
    allocation = ALLOCATORS[name](arms(6), chosen, table)
    few = [pull for pull in table.pulls if pull[1] == "few"]
    whole = Counter(identity for identity, stage, _ in table.pulls if stage == "all")
    assert len(few) <= 60
    assert sorted(whole.values()) == [20, 20]
    assert set(whole) <= {a.artifact.id for a in arms(6)[-3:]}
    assert allocation.survivors == tuple(table.told) == (arms(6)[-1].artifact.id,)
    told = {s.proposal.artifact.id: [e.stage for e in s.evaluations] for s in allocation.scored}
    assert all(told[identity] == ["few", "all"] for identity in whole)


def test_a_stop_in_the_bandit_measures_nothing_further() -> None:
    table = bench(4, cases=20, stop_after=4)
    stages = (Stage(name="few", split="fit"), Stage(name="all"))
    allocation = ALLOCATORS["ucb"](arms(4), Plan(allocator="ucb", stages=stages, settings={"pulls": 80}), table)
    assert {stage for _, stage, _ in table.pulls} == {"few"}
    assert allocation.survivors == ()


@pytest.mark.parametrize(("keep", "log_bar"), [(1, 0.5 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5 + 1 / 6), (2, 2 / 3 + 0.95)])
def test_successive_rejects_drops_one_arm_a_phase_after_the_published_lengths(keep: int, log_bar: float) -> None:
    count, pulls = 6, 600
    table = bench(count, cases=500)
    ALLOCATORS["successive_rejects"](arms(count), plan("successive_rejects", pulls=pulls, keep=keep), table)
    lengths = [int((pulls - count) / (log_bar * (count + 1 - k))) for k in range(1, count - keep + 1)]
    pulled = sorted(Counter(i for i, _, _ in table.pulls).values())
    assert pulled == lengths + [lengths[-1]] * keep
    assert 0.97 * pulls <= sum(pulled) <= pulls


def test_successive_halving_goes_through_log2_rounds() -> None:
    count, pulls = 8, 240
    table = bench(count, cases=500)
    ALLOCATORS["successive_halving"](arms(count), plan("successive_halving", pulls=pulls, keep=1), table)
    first = pulls // (count * math.ceil(math.log2(count)))
    pulled = Counter(i for i, _, _ in table.pulls)
    assert min(pulled.values()) == first
    assert pulled[arms(count)[0].artifact.id] == first
    assert pulled[arms(count)[-1].artifact.id] == max(pulled.values()) > 4 * first


def test_all_arms_of_a_shape_are_found_by_name() -> None:
    assert set(ALLOCATORS) == {"staged", *BANDITS}
    assert allocator("ucb") is ALLOCATORS["ucb"]
