"""Which calls a text is timed on, and what may be said of it; the bench's answers are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from secant.functions.process import WorkerDied
from secant.functions.speed import ENLARGED, Speed
from secant.functions.timing import TimingPlan
from secant.types import SpeedUp

PLAN = TimingPlan(first=2, processes=3, seconds=0.01, max_rounds=2, calibration=2, error=0.05)


class Bench:
    """Answers as a worker would: `old over new` by scale, with a little scatter; anything else as it is given."""

    def __init__(self, ratios: dict[int, Any]) -> None:
        self._ratios = ratios
        self.asked: list[tuple[str | None, int]] = []

    def measure(self, text: str | None, *, seconds: float, seed: int, scale: int = 1) -> dict[str, Any]:
        self.asked.append((text, scale))
        ratio = 1.0 if text is None else self._ratios[scale]
        if isinstance(ratio, Exception):
            raise ratio
        if not isinstance(ratio, float):
            return ratio
        return {"pairs": [[0.01 * ratio * (1 + 0.002 * ((i + seed) % 3 - 1)), 0.01] for i in range(10)], "calls": 3}

    def count(self, text: str | None, scale: int = 1) -> int:
        return self.asked.count((text, scale))


def timed(bench: Bench, how: Callable[[Speed], Callable[[str], SpeedUp]] = lambda speed: speed.full) -> SpeedUp:
    return how(Speed(bench, quick=PLAN, full=PLAN))("new")


def test_a_gain_on_the_recorded_calls_is_a_gain() -> None:
    bench = Bench({1: 2.0})
    speed = timed(bench)
    assert speed.verdict == "faster"
    assert speed.low < 2.0 < speed.high
    assert speed.workload == "recorded calls"
    assert bench.count("new", ENLARGED) == 0


def test_where_small_calls_tell_nothing_enlarged_ones_do() -> None:
    speed = timed(Bench({1: 1.0, ENLARGED: 3.0}))
    assert speed.verdict == "faster"
    assert speed.ratio == pytest.approx(3.0, rel=0.01)
    assert speed.workload == f"recorded calls enlarged {ENLARGED} times (1.00x on the calls as recorded)"


def test_a_small_loss_on_small_calls_is_told_beside_the_gain() -> None:
    speed = timed(Bench({1: 0.8, ENLARGED: 3.0}))
    assert speed.verdict == "faster"
    assert "0.80x on the calls as recorded" in speed.workload


def test_a_large_loss_on_small_calls_is_no_gain() -> None:
    bench = Bench({1: 0.5, ENLARGED: 9.0})
    assert timed(bench).verdict == "slower"
    assert bench.count("new", ENLARGED) == 0


def test_a_small_gain_does_not_pay_for_a_loss() -> None:
    speed = timed(Bench({1: 0.8, ENLARGED: 1.1}))
    assert speed.verdict == "slower"
    assert speed.ratio == pytest.approx(0.8, rel=0.01)


def test_no_gain_anywhere_is_no_gain() -> None:
    assert timed(Bench({1: 1.0, ENLARGED: 1.0})).verdict == "indistinguishable"


def test_calls_that_cannot_be_enlarged_leave_the_recorded_ones() -> None:
    speed = timed(Bench({1: 1.0, ENLARGED: {"error": "no_calls", "message": "no call can be enlarged"}}))
    assert speed.verdict == "indistinguishable"
    assert speed.workload == "recorded calls"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"error": "unswappable", "message": "it has another closure"}, "it has another closure"),
        ({"death": "timed out"}, "timed out"),
        ({}, "no sample"),
        (WorkerDied("The test worker ended (exit status 1)."), "The test worker ended (exit status 1)."),
    ],
)
def test_a_text_that_cannot_be_timed_is_not_faster_and_says_why(answer: Any, why: str) -> None:
    speed = timed(Bench({1: answer}))
    assert speed.verdict == "indistinguishable"
    assert speed.workload == why


def test_the_noise_is_measured_once_for_all_candidates() -> None:
    bench = Bench({1: 4.0})
    speed = Speed(bench, quick=PLAN, full=PLAN)
    for _ in range(3):
        speed.quick("new")
    assert bench.count(None) == PLAN.calibration
    assert bench.count("new") == 3 * PLAN.first


def test_a_quick_look_does_not_measure_again_what_it_could_not_tell() -> None:
    quick, full = Bench({1: 1.0, ENLARGED: 1.0}), Bench({1: 1.0, ENLARGED: 1.0})
    timed(quick, lambda speed: speed.quick)
    timed(full, lambda speed: speed.full)
    assert quick.count("new") < full.count("new")
