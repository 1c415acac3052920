"""The measuring loop under a fake clock: functions say what they cost, so no test depends on the machine."""

from __future__ import annotations

import asyncio
import copy
import functools
import gc
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from secant.functions.timing import TimingSample
from secant.functions.worker import completing
from secant.functions.worker.timing import Clock, measure
from secant.functions.worker.twins import caches, relocated

ONE_CALL = [((), {})]


class FakeTime:
    """CPU and wall seconds that pass only when a function spends them."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0
        self.clock = Clock(cpu=lambda: self.cpu, wall=lambda: self.wall)

    def spend(self, cpu: float, waiting: float = 0.0) -> None:
        self.cpu += cpu
        self.wall += cpu + waiting

    def costing(self, cpu: float, waiting: float = 0.0) -> Callable[..., None]:
        return lambda *_args, **_kwargs: self.spend(cpu, waiting)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def timed(time: FakeTime, old: Any, new: Any, calls: Any = ONE_CALL, seconds: float = 0.1, **options: Any) -> Any:
    return measure(old, new, calls, seconds=seconds, clock=time.clock, **{"seed": 1, **options})


def test_pairs_are_seconds_of_one_pass(time: FakeTime) -> None:
    result = timed(time, time.costing(0.003), time.costing(0.001), ONE_CALL * 2)
    assert result["pairs"]
    for old, new in result["pairs"]:
        assert old == pytest.approx(0.006)
        assert new == pytest.approx(0.002)
    assert result["calls"] == 2
    assert result["one_call_us"] == pytest.approx([3000, 1000])


def test_the_result_is_a_timing_sample(time: FakeTime) -> None:
    sample = TimingSample.model_validate(timed(time, time.costing(0.003), time.costing(0.001)))
    assert sample.pairs[0] == pytest.approx((0.003, 0.001))


def test_blocks_are_long_enough_for_each_side(time: FakeTime) -> None:
    result = timed(time, time.costing(5e-5), time.costing(5e-6), block_seconds=0.002)
    old, new = result["calls_per_block"]
    assert old * 5e-5 >= 0.002 <= new * 5e-6
    assert max(result["calls_per_block"]) <= 10 * 0.002 / 5e-6


def test_a_huge_ratio_is_measured(time: FakeTime) -> None:
    result = timed(time, time.costing(0.02), time.costing(2e-6), seconds=0.2)
    assert result["calls_per_block"][0] == 1
    assert {round(old / new) for old, new in result["pairs"]} == {10_000}


@pytest.mark.parametrize("cost", [1e-5, 1e-3, 0.02, 0.06, 0.099])
def test_the_budget_is_kept_within_a_factor_of_two(time: FakeTime, cost: float) -> None:
    timed(time, time.costing(cost / 2), time.costing(cost / 2), seconds=0.1)
    assert 0.05 <= time.wall <= 0.2


def test_waiting_counts_against_the_budget_and_not_as_cost(time: FakeTime) -> None:
    result = timed(time, time.costing(1e-5, waiting=0.004), time.costing(1e-5, waiting=0.004))
    assert time.wall <= 0.2
    assert result["one_call_us"] == pytest.approx([10, 10])


def test_a_call_beyond_the_budget_is_run_once_on_each_side(time: FakeTime) -> None:
    ran: list[str] = []
    old = lambda: (ran.append("old"), time.spend(7.0))  # noqa: E731
    new = lambda: (ran.append("new"), time.spend(0.01))  # noqa: E731
    result = timed(time, old, new)
    assert sorted(ran) == ["new", "old"]
    assert result["pairs"] == [pytest.approx([7.0, 0.01])]


def test_calls_too_dear_for_the_budget_are_left_out(time: FakeTime) -> None:
    ran: list[float] = []

    def function(cost: float) -> None:
        ran.append(cost)
        time.spend(cost)

    result = timed(time, function, function, [((cost,), {}) for cost in (0.001, 0.002, 0.09, 5.0)])
    assert result["calls"] == 2
    assert ran.count(0.09) == 2
    assert 5.0 not in ran


def test_blocks_alternate_as_abba_or_baab(time: FakeTime) -> None:
    def blocks(seed: int) -> list[str]:
        order: list[str] = []
        timed(time, time.costing(0.01), time.costing(0.01), seconds=1.0, seed=seed, switch=order.append)
        return order[4:]  # after one probe and one fitting block of each

    for start in range(0, 40, 4):
        first, second, third, fourth = blocks(1)[start : start + 4]
        assert first == fourth != second == third
    starts = set(blocks(1)[::4])
    assert starts == {"old", "new"}
    assert blocks(1) == blocks(1) != blocks(2)


def test_the_named_version_is_switched_in_before_it_runs(time: FakeTime) -> None:
    bound = ""

    def switch(name: str) -> None:
        nonlocal bound
        bound = name

    def version(name: str) -> Callable[[], None]:
        def run() -> None:
            wrong.update({name} - {bound})
            time.spend(0.002)

        return run

    wrong: set[str] = set()
    timed(time, version("old"), version("new"), switch=switch)
    assert bound
    assert not wrong


def test_a_mutating_function_gets_fresh_arguments_in_every_call(time: FakeTime) -> None:
    lengths: set[int] = set()

    def drain(items: list[int]) -> None:
        lengths.add(len(items))
        items.clear()
        time.spend(0.0005)

    calls = [(([1, 2, 3],), {})]
    result = timed(time, drain, drain, calls)
    assert result["fresh_arguments"]
    assert lengths == {3}
    assert calls == [(([1, 2, 3],), {})]
    assert min(result["calls_per_block"]) >= 4


def test_both_sides_get_fresh_arguments_where_only_one_mutates(time: FakeTime) -> None:
    lengths: set[int] = set()

    def look(items: list[int]) -> None:
        lengths.add(len(items))
        time.spend(0.001)

    def grow(items: list[int]) -> None:
        items.append(0)
        time.spend(0.001)

    assert timed(time, look, grow, [(([1],), {})])["fresh_arguments"]
    assert lengths == {1}


def test_arguments_are_reused_where_nothing_changes_them(time: FakeTime) -> None:
    copies: list[object] = []

    def counting(value: Any) -> Any:
        copies.append(value)
        return copy.deepcopy(value)

    result = timed(time, time.costing(1e-5), time.costing(1e-5), [(([1, 2],), {"key": "a"})], copy=counting)
    assert not result["fresh_arguments"]
    assert len(copies) == 2


def test_arguments_that_cannot_be_copied_are_shared(time: FakeTime) -> None:
    lock = threading.Lock()
    seen: set[int] = set()

    def function(shared: object) -> None:
        seen.add(id(shared))
        time.spend(0.001)

    timed(time, function, function, [((lock,), {})])
    assert seen == {id(lock)}


def test_generators_are_exhausted(time: FakeTime) -> None:
    def numbers(count: int) -> Any:
        for i in range(count):
            time.spend(0.0001)
            yield i

    result = timed(time, numbers, lambda count: iter(list(numbers(count))[:3]), [((10,), {})])
    assert result["one_call_us"] == pytest.approx([1000, 1000])


def test_an_endless_generator_does_not_make_the_trial_endless(time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "MOST_ITEMS", 5)

    def endless() -> Any:
        for i in itertools.count():
            time.spend(0.001)
            yield i

    assert timed(time, endless, endless)["one_call_us"] == pytest.approx([5000, 5000])


def test_coroutines_run_to_their_end(time: FakeTime) -> None:
    async def function() -> None:
        time.spend(0.001)
        await asyncio.sleep(0)
        time.spend(0.002)

    assert timed(time, function, function)["one_call_us"] == pytest.approx([3000, 3000])


def test_async_generators_run_to_their_end(time: FakeTime) -> None:
    async def function() -> Any:
        for i in range(3):
            time.spend(0.001)
            yield i

    assert timed(time, function, function)["one_call_us"] == pytest.approx([3000, 3000])


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(2)])
def test_raising_is_a_cost_like_any_other(time: FakeTime, error: BaseException) -> None:
    def plain() -> None:
        time.spend(0.001)
        raise error

    async def coroutine() -> None:
        plain()

    def generator() -> Any:
        yield plain()

    for function in (plain, coroutine, generator):
        assert timed(time, function, function)["one_call_us"] == pytest.approx([1000, 1000])


def test_what_only_the_new_version_remembers_is_forgotten_before_each_pass(time: FakeTime) -> None:
    def old(_n: int) -> None:
        time.spend(0.001)

    result = timed(time, old, functools.cache(old), [((1,), {}), ((1,), {})])
    assert result["pairs"][0] == pytest.approx([0.002, 0.001])


def test_a_cached_helper_of_the_program_stays_warm(time: FakeTime) -> None:
    source = "def f():\n    return helper()\n"
    helper = functools.cache(lambda: time.spend(5.0))
    helper()
    old, new = ({"helper": helper} for _ in range(2))
    exec(source, old)
    exec(source, new)
    timed(time, lambda: (old["f"](), time.spend(0.001)), new["f"])
    assert helper.cache_info().misses == 1
    assert list(caches(new["f"]).values()) == [helper]


def test_the_collector_rests_during_blocks_and_is_put_back(time: FakeTime) -> None:
    enabled: set[bool] = set()

    def function() -> None:
        enabled.add(gc.isenabled())
        time.spend(0.002)

    assert gc.isenabled()
    timed(time, function, function)
    assert enabled == {False}
    assert gc.isenabled()


def test_both_versions_move_in_memory(time: FakeTime) -> None:
    import sys

    codes: dict[int, object] = {}

    def function() -> None:
        code = sys._getframe().f_code
        codes[id(code)] = code
        time.spend(0.002)

    timed(time, function, function, seconds=0.2)
    assert len(codes) >= 10


def test_a_relocated_function_is_the_same_function() -> None:
    step = 2

    def function(n: int, scale: int = 3, *, offset: int = 5) -> list[int]:
        """Doc."""
        return [step * i * scale + offset for i in range(n)]

    twin = relocated(function)
    assert twin(3) == function(3) == [5, 11, 17]
    assert twin.__code__ is not function.__code__
    assert twin.__name__ == "function"
    assert relocated(len) is len


def test_without_calls_there_is_nothing_to_time(time: FakeTime) -> None:
    with pytest.raises(ValueError, match="no recorded calls"):
        timed(time, len, len, [])
