"""The statistics of timing samples, on numbers made up with known truth."""

from __future__ import annotations

import functools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secant.functions.timing import (
    Sampler,
    TimingPlan,
    TimingSample,
    calibrate,
    compare,
    estimate,
    log_ratios,
    squared_error,
    t_quantile,
    trimmed_mean,
)
from secant.types import SpeedUp

seconds = st.floats(min_value=1e-7, max_value=1e3)
some_samples = st.lists(
    st.lists(st.tuples(seconds, seconds), min_size=1, max_size=6).map(lambda pairs: TimingSample(pairs=tuple(pairs))),
    min_size=2,
    max_size=12,
)


def sample_at(*log_ratio: float) -> TimingSample:
    return TimingSample(pairs=tuple((math.exp(value), 1.0) for value in log_ratio))


def at_gains(*gains: float) -> list[TimingSample]:
    """One process for each gain, with hardly any noise of its own."""
    return [sample_at(gain - 1e-4, gain, gain + 1e-4) for gain in gains]


def noisy(seed: int, gain: float, process: float, pair: float, mad: float = 0.0) -> Sampler:
    """A machine whose processes differ by `process` and pairs by `pair` (standard deviations of log ratios)."""
    rng = random.Random(seed)

    def sampler(seconds: float, seed: int) -> TimingSample:
        centre = rng.gauss(gain, process) + (rng.gauss(0, 0.1) if rng.random() < mad else 0.0)
        return sample_at(*(rng.gauss(centre, pair) for _ in range(12)))

    return sampler


def verdicts(trials: int, gain: float, process: float, pair: float, mad: float) -> list[SpeedUp]:
    return [
        compare(noisy(i, gain, process, pair, mad), noisy(-1 - i, 0.0, process, pair, mad), TimingPlan())
        for i in range(trials)
    ]


@pytest.mark.parametrize(
    ("tail", "freedom", "expected"),
    [
        (0.025, 1, 12.7062),
        (0.025, 2, 4.3027),
        (0.025, 4, 2.7764),
        (0.005, 9, 3.2498),
        (0.0025, 4, 5.5976),
        (0.025, 30, 2.0423),
    ],
)
def test_quantiles_of_students_t_agree_with_the_tables(tail: float, freedom: int, expected: float) -> None:
    assert t_quantile(tail, freedom) == pytest.approx(expected, abs=5e-5)


def test_a_trimmed_mean_ignores_a_fifth_at_either_end() -> None:
    assert trimmed_mean([1000.0, 2.0, 3.0, 4.0, -1000.0]) == 3.0
    assert trimmed_mean([1.0, 2.0]) == 1.5
    assert trimmed_mean([9.0, 1.0, 2.0], cut=1) == 2.0


def test_the_error_of_an_untrimmed_mean_is_the_usual_one() -> None:
    assert squared_error([1.0, 2.0, 3.0, 4.0], cut=0) == pytest.approx((5 / 3) / 4)
    assert squared_error([1.0]) == 0.0


def test_the_interval_is_students_across_processes() -> None:
    result = estimate([sample_at(0.1), sample_at(0.2), sample_at(0.3)], error=0.025)
    half = 4.3027 * 0.1 / math.sqrt(3)
    assert math.log(result.ratio) == pytest.approx(0.2)
    assert math.log(result.low) == pytest.approx(0.2 - half, abs=1e-4)
    assert math.log(result.high) == pytest.approx(0.2 + half, abs=1e-4)


def test_processes_that_agree_by_luck_are_no_surer_than_their_own_blocks() -> None:
    scattered = [sample_at(-0.2, 0.0, 0.1, 0.2, 0.4)] * 5
    assert estimate(scattered).low < 1 < estimate(scattered).high


@settings(max_examples=40, deadline=None)
@given(some_samples)
def test_swapping_the_versions_turns_the_result_over(samples: list[TimingSample]) -> None:
    swapped = [TimingSample(pairs=tuple((new, old) for old, new in sample.pairs)) for sample in samples]
    forth, back = estimate(samples), estimate(swapped)
    assert math.log(forth.ratio) == pytest.approx(-math.log(back.ratio), abs=1e-6)
    assert math.log(forth.low) == pytest.approx(-math.log(back.high), abs=1e-6)
    assert {"faster": "slower", "slower": "faster"}.get(forth.verdict, forth.verdict) == back.verdict


@settings(max_examples=40, deadline=None)
@given(some_samples, st.floats(min_value=0.01, max_value=100))
def test_the_unit_of_time_does_not_matter(samples: list[TimingSample], unit: float) -> None:
    scaled = [TimingSample(pairs=tuple((unit * old, unit * new) for old, new in sample.pairs)) for sample in samples]
    assert math.log(estimate(scaled).ratio) == pytest.approx(math.log(estimate(samples).ratio), abs=1e-6)
    assert math.log(estimate(scaled).low) == pytest.approx(math.log(estimate(samples).low), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(some_samples)
def test_results_are_ordered_and_survive_json(samples: list[TimingSample]) -> None:
    result = estimate(samples)
    assert 0 < result.low <= result.ratio <= result.high
    assert SpeedUp.model_validate_json(result.model_dump_json()) == result
    if result.verdict == "faster":
        assert result.low > 1.01


def test_one_process_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="at least two processes"):
        estimate([sample_at(0.5)])


def test_a_gain_below_the_margin_is_no_gain() -> None:
    gains = [0.0299, 0.03, 0.0301, 0.03, 0.03]
    assert estimate(at_gains(*gains), margin=0.01).verdict == "faster"
    assert estimate(at_gains(*gains), margin=0.05).verdict == "indistinguishable"


def test_all_of_five_processes_must_agree_and_nine_of_ten() -> None:
    assert estimate(at_gains(0.5, 0.5, 0.51, 0.5, 0.009)).verdict == "indistinguishable"
    assert estimate(at_gains(*[0.5, 0.51, 0.52] * 3, 0.0)).verdict == "faster"
    assert estimate(at_gains(*[0.5, 0.51] * 4, 0.0, 0.0)).verdict == "indistinguishable"


def test_a_block_that_the_clock_missed_gives_a_finite_ratio() -> None:
    result = estimate([TimingSample(pairs=((1.0, 0.0),))] * 3)
    assert result.verdict == "faster"
    assert math.isfinite(result.ratio)


def test_calibration_is_the_noise_of_one_process() -> None:
    rng = random.Random(3)
    processes = [sample_at(rng.gauss(0, 0.02)) for _ in range(400)]
    assert calibrate(processes) == pytest.approx(0.02, rel=0.15)
    assert calibrate(at_gains(0.001, -0.001, 0.9)) < 0.01
    assert calibrate([]) == 0.0


def test_looks_double_and_share_the_error() -> None:
    assert TimingPlan().looks == (3, 5, 10, 20)
    assert TimingPlan(first=5, max_rounds=2).looks == (5, 10)


@pytest.mark.parametrize(
    ("gains", "processes", "verdict"),
    [
        ([1.1] * 20, 3, "faster"),
        ([-1.1] * 20, 3, "slower"),
        ([0.05] * 20, 5, "faster"),
        ([-0.05] * 20, 5, "slower"),
        ([0.0] * 20, 5, "indistinguishable"),
        ([0.025, 0.055] * 10, 10, "faster"),
        ([-0.1, 0.3] * 10, 20, "indistinguishable"),
    ],
)
def test_as_many_processes_as_the_answer_needs(gains: list[float], processes: int, verdict: str) -> None:
    asked: list[tuple[float, int]] = []

    def sampler(seconds: float, seed: int) -> TimingSample:
        asked.append((seconds, seed))
        return at_gains(gains[seed])[0]

    plan = TimingPlan(seconds=0.3)
    result = compare(sampler, lambda seconds, seed: at_gains(0.0)[0], plan)
    assert (result.verdict, result.processes) == (verdict, processes)
    assert asked == [(0.3, seed) for seed in range(processes)]
    assert result.pairs == 3 * processes


def test_noise_of_the_machine_raises_the_margin() -> None:
    sampler = noisy(0, 0.05, 0.0, 1e-4)
    quiet = compare(sampler, lambda seconds, seed: at_gains(0.001)[0], TimingPlan())
    loud = compare(sampler, lambda seconds, seed: at_gains(0.1)[0], TimingPlan())
    assert (quiet.verdict, loud.verdict) == ("faster", "indistinguishable")
    assert loud.noise > 0.1
    assert quiet.noise < 0.01


def test_a_cached_calibrator_measures_once_for_all_candidates() -> None:
    measured: list[int] = []

    @functools.cache
    def calibrator(seconds: float, seed: int) -> TimingSample:
        measured.append(seed)
        return at_gains(0.0)[0]

    for gain in (0.0, 0.05, 1.0):
        compare(noisy(1, gain, 0.001, 0.001), calibrator, TimingPlan())
    assert measured == list(range(TimingPlan().calibration))


@pytest.mark.parametrize(("process", "pair", "mad"), [(0.003, 0.01, 0.0), (0.03, 0.05, 0.0), (0.01, 0.02, 0.05)])
def test_the_same_version_is_hardly_ever_faster(process: float, pair: float, mad: float) -> None:
    results = verdicts(200, 0.0, process, pair, mad)
    assert sum(result.verdict == "faster" for result in results) <= 2
    assert sum(result.low <= 1 <= result.high for result in results) >= 195


@pytest.mark.parametrize(("process", "pair", "mad"), [(0.005, 0.01, 0.0), (0.01, 0.02, 0.0), (0.01, 0.02, 0.05)])
def test_a_gain_of_five_percent_is_found_in_spite_of_noise(process: float, pair: float, mad: float) -> None:
    results = verdicts(60, 0.05, process, pair, mad)
    assert sum(result.verdict == "faster" for result in results) >= 54


def test_ratios_are_old_over_new() -> None:
    assert log_ratios(TimingSample(pairs=((2.0, 1.0), (1.0, 2.0)))) == pytest.approx([math.log(2), -math.log(2)])
