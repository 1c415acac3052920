from __future__ import annotations

import random

import pytest

from logs.analyser import Entry, parse, percentile, returning_visitors


def entries(*visitors: str) -> list[Entry]:
    return [Entry(visitor, "/", 1.0) for visitor in visitors]


def test_parses_a_line() -> None:
    assert parse("ada /cart 12.5") == Entry("ada", "/cart", 12.5)


def test_nobody_returns_on_the_first_day() -> None:
    assert returning_visitors(entries("ada", "bob"), []) == []


def test_each_visitor_is_named_once_in_order_of_appearance() -> None:
    today = entries("cleo", "ada", "dan", "cleo", "ada")
    assert returning_visitors(today, entries("ada", "bob", "cleo")) == ["cleo", "ada"]


def test_a_busy_day() -> None:
    today = entries(*(f"visitor-{n % 700}" for n in range(1400)))
    earlier = entries(*(f"visitor-{n}" for n in range(350, 1200)))
    assert returning_visitors(today, earlier) == [f"visitor-{n}" for n in range(350, 700)]


@pytest.mark.parametrize(
    ("percent", "expected"), [(1, 10.0), (25, 10.0), (26, 20.0), (50, 20.0), (99, 40.0), (100, 40.0)]
)
def test_nearest_rank(percent: int, expected: float) -> None:
    assert percentile([40.0, 10.0, 30.0, 20.0], percent) == expected


def test_one_request_is_every_percentile() -> None:
    assert percentile([7.5], 50) == 7.5


def test_the_input_stays_as_it_was() -> None:
    durations = [3.0, 1.0, 2.0]
    percentile(durations, 50)
    assert durations == [3.0, 1.0, 2.0]


def test_many_requests() -> None:
    durations = [float(n) for n in range(1, 401)]
    random.Random(7).shuffle(durations)
    assert percentile(durations, 95) == 380.0


def test_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="no requests"):
        percentile([], 50)


@pytest.mark.parametrize("percent", [0, 101])
def test_no_such_percentile(percent: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 100"):
        percentile([1.0], percent)
