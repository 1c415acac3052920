"""Reserve, then settle: no cap is passed, nothing unknown is called 0, a resumed run starts from what was spent."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.budget import Budget, BudgetExhausted, Limits, Spent
from secant.types import Usage


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_reservation_counts_until_it_is_settled_or_released() -> None:
    budget = Budget(Limits(calls=2))
    first = budget.reserve(calls=1)
    second = budget.reserve(calls=1)
    with pytest.raises(BudgetExhausted) as refused:
        budget.reserve(calls=1)
    assert refused.value.what == "calls"
    second.release()
    budget.reserve(calls=1).settle("optimizer", Usage(calls=1))
    first.settle("program", Usage(calls=1))
    assert budget.remaining("calls") == 0
    assert {level: u.calls for level, u in budget.usage.items()} == {"optimizer": 1, "program": 1}


def test_leaving_the_block_without_settling_gives_everything_back() -> None:
    budget = Budget(Limits(tokens=10))
    with pytest.raises(ZeroDivisionError), budget.reserve(tokens=10):
        raise ZeroDivisionError
    assert budget.remaining("tokens") == 10


def test_settling_twice_is_a_mistake_and_releasing_after_is_none() -> None:
    reservation = Budget().reserve(calls=1)
    reservation.settle("meta", Usage(calls=1))
    reservation.release()
    with pytest.raises(RuntimeError):
        reservation.settle("meta", Usage(calls=1))


def test_an_unknown_price_stays_unknown_and_is_charged_as_reserved() -> None:
    budget = Budget(Limits(usd=1.0))
    budget.reserve(calls=1, usd=0.4).settle("optimizer", Usage(calls=1, usd=None))
    assert budget.usage["optimizer"].usd is None
    assert budget.remaining("usd") == pytest.approx(0.6)
    budget.reserve(calls=1, usd=0.1).settle("optimizer", Usage(calls=1, usd=0.1))
    assert budget.usage["optimizer"].usd is None


def test_a_call_of_unknown_price_is_refused_under_a_limit_in_dollars_only() -> None:
    Budget().reserve(usd=None).settle("program", Usage(calls=1, usd=None))
    with pytest.raises(BudgetExhausted, match="not known"):
        Budget(Limits(usd=5)).reserve(usd=None)


def test_seconds_run_on_their_own_and_count_earlier_sessions() -> None:
    clock = Clock()
    budget = Budget(Limits(seconds=10), clock=clock, spent=Spent(seconds=4))
    assert budget.seconds == 4
    clock.now += 5
    assert budget.remaining("seconds") == 1
    budget.reserve()
    clock.now += 1
    with pytest.raises(BudgetExhausted) as refused:
        budget.reserve()
    assert refused.value.what == "seconds"
    clock.now += 100
    assert budget.remaining("seconds") == 0


def test_what_earlier_sessions_spent_is_spent() -> None:
    usage = {"optimizer": Usage(calls=3, prompt_tokens=10, completion_tokens=5, usd=0.5)}
    budget = Budget(Limits(calls=4, tokens=20, usd=1, evaluations=8), spent=Spent(evaluations=7, usage=usage))
    left = [budget.remaining(what) for what in ("calls", "tokens", "usd", "evaluations")]
    assert left == [1, 5, 0.5, 1]
    assert budget.spent().usage == usage


def test_the_fraction_used_is_that_of_the_tightest_limit() -> None:
    assert Budget().fraction_used() == 0
    assert Budget(Limits(calls=0)).fraction_used() == 1
    budget = Budget(Limits(calls=10, evaluations=4))
    budget.reserve(calls=1, evaluations=2)
    assert budget.fraction_used() == 0.5
    assert budget.remaining("usd") is None


def test_more_than_reserved_is_booked_as_it_was_and_refuses_the_next() -> None:
    budget = Budget(Limits(tokens=10))
    budget.reserve(tokens=5).settle("program", Usage(calls=1, prompt_tokens=12))
    assert budget.remaining("tokens") == 0
    with pytest.raises(BudgetExhausted):
        budget.reserve(tokens=1)


@given(cap=st.integers(0, 20), wanted=st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=30))
def test_no_order_of_reservations_passes_a_cap(cap: int, wanted: list[tuple[int, bool]]) -> None:
    budget = Budget(Limits(evaluations=cap))
    for amount, settled in wanted:
        try:
            reservation = budget.reserve(evaluations=amount)
        except BudgetExhausted:
            assert budget.remaining("evaluations") < amount
            continue
        reservation.settle(evaluations=amount) if settled else reservation.release()
        assert budget.evaluations <= cap


def test_threads_share_one_account() -> None:
    budget = Budget(Limits(calls=50))
    given_out: list[int] = []

    def spend() -> None:
        for _ in range(20):
            try:
                budget.reserve(calls=1).settle("program", Usage(calls=1))
            except BudgetExhausted:
                return
            given_out.append(1)

    threads = [threading.Thread(target=spend) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given_out) == budget.usage["program"].calls == 50


def test_a_cap_that_does_not_hold_one_request_is_not_said_to_be_used_up() -> None:
    budget = Budget(Limits(usd=0.001))
    with pytest.raises(BudgetExhausted, match=r"0\.001 are left, and what comes next may take 0\.0025"):
        budget.reserve(usd=0.0025)
    budget.reserve(usd=0.001).settle("program", Usage(calls=1, usd=0.001))
    with pytest.raises(BudgetExhausted, match="used up"):
        budget.reserve(usd=0.0025)
