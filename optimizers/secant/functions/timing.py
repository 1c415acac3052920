"""Is the new version faster? The statistics of timing samples, and how many samples to take.

The engine's half of a timing trial: it starts no process and reads no clock. A `Sampler` (the worker in a fresh
process; a fake in tests) gives samples, `compare` asks for as many as the answer needs.

One process's own interval is too narrow, since memory layout and neighbours differ from process to process. So the
unit is the process: a 20 % trimmed mean of log ratios within each, Student's t across them (Yuen's, once there are
enough processes to trim). Several looks at growing samples share one error rate (Bonferroni), so stopping early does
not make "faster" more likely by chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import fmean, median, variance
from typing import Protocol

from pydantic import Field, NonNegativeFloat, PositiveInt

from secant.types import Frozen, SpeedUp

TRIM = 0.2
"""Part of the log ratios cut off at either end of a process's pairs."""
NORMAL_MEDIAN = 0.6745
"""Median size of a normal variable with standard deviation 1."""
LEAST_SECONDS = 1e-9
"""Stands for a block that the clock could not see."""


class TimingSample(Frozen):
    """What one process measured: the worker's `measure` as a value."""

    pairs: tuple[tuple[NonNegativeFloat, NonNegativeFloat], ...] = Field(min_length=1)
    """CPU seconds of one pass over the calls, old and new, in neighbouring blocks."""
    calls: PositiveInt = 1
    """Recorded calls in a pass."""
    calls_per_block: tuple[PositiveInt, PositiveInt] = (1, 1)
    one_call_us: tuple[NonNegativeFloat, NonNegativeFloat] = (0.0, 0.0)
    first_pass_us: tuple[NonNegativeFloat, NonNegativeFloat] = (0.0, 0.0)
    """The very first pass in the process: where new is fast only later, it remembers rather than computes."""
    fresh_arguments: bool = False
    """Every call got its own copy of the arguments, because a version changes them."""


class TimingPlan(Frozen):
    """How much to measure. Looks are taken at `first`, `processes`, and then twice as many each round."""

    first: int = Field(default=3, ge=2)
    """Processes before the first look, which ends the trial only for a ratio of `decisive` or more."""
    processes: int = Field(default=5, ge=2)
    seconds: float = Field(default=0.1, gt=0)
    """Budget of one process."""
    block_seconds: float = Field(default=0.002, gt=0)
    margin: float = Field(default=0.01, ge=0)
    """A gain below this is no gain, however certain: layout alone is worth as much."""
    max_rounds: PositiveInt = 3
    decisive: float = Field(default=2.0, gt=1)
    calibration: int = Field(default=3, ge=1)
    """Processes of old against old."""
    error: float = Field(default=0.01, gt=0, lt=0.5)
    """Chance that a version without gain is called faster, over all looks together."""

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of processes after which the samples are judged."""
        rounds = tuple(self.processes * 2**i for i in range(self.max_rounds))
        return (self.first, *rounds) if self.first < self.processes else rounds


class Sampler(Protocol):
    """Times old against new in one fresh process. The same seed means the same order of blocks."""

    def __call__(self, seconds: float, seed: int) -> TimingSample: ...


def compare(sampler: Sampler, calibrator: Sampler, plan: TimingPlan) -> SpeedUp:
    """Sample until old against new is decided, hopeless, or out of rounds.

    `calibrator` times old against a separately compiled copy of old. It is asked with the same arguments every time,
    so wrapped in `functools.cache` it measures a function once for all its candidates.
    """
    noise = calibrate([calibrator(plan.seconds, seed) for seed in range(plan.calibration)])
    margin = max(
        plan.margin, noise / math.sqrt(plan.processes)
    )  # what old against old might show at the first full look
    samples: list[TimingSample] = []
    speed_up: SpeedUp | None = None
    for look in plan.looks:
        samples += [sampler(plan.seconds, seed) for seed in range(len(samples), look)]
        speed_up = estimate(samples, margin, noise=noise, error=plan.error / len(plan.looks))
        if _settled(speed_up, margin, early=look < plan.processes, decisive=plan.decisive):
            break
    assert speed_up is not None  # a plan has at least one look
    return speed_up


def estimate(
    samples: Sequence[TimingSample], margin: float = 0.01, *, noise: float = 0.0, error: float = 0.0025
) -> SpeedUp:
    """The speed-up (old over new) with an interval of one-sided error `error`, and the verdict.

    "faster" asks that the interval lies above `1 + margin` and that the processes agree; "slower" is its mirror. One
    process in ten may have been disturbed: it may disagree, and that many are cut off either end of the mean. Up to
    nine processes all count. Raises ValueError for fewer than two samples.
    """
    if len(samples) < 2:
        raise ValueError("a speed-up needs at least two processes: one cannot show how much they differ")
    ratios = [log_ratios(sample) for sample in samples]
    means = [trimmed_mean(values) for values in ratios]
    disturbed = len(means) // 10
    error_of_mean = math.sqrt(max(squared_error(means, disturbed), fmean(map(squared_error, ratios)) / len(means)))
    centre, bar = trimmed_mean(means, disturbed), math.log1p(margin)
    half = t_quantile(error, len(means) - 2 * disturbed - 1) * error_of_mean
    if centre - half > bar and sum(mean <= bar for mean in means) <= disturbed:
        verdict = "faster"
    elif centre + half < -bar and sum(mean >= -bar for mean in means) <= disturbed:
        verdict = "slower"
    else:
        verdict = "indistinguishable"
    return SpeedUp(
        ratio=_exp(centre),
        low=_exp(centre - half),
        high=_exp(centre + half),
        verdict=verdict,
        processes=len(samples),
        pairs=sum(len(sample.pairs) for sample in samples),
        noise=noise,
    )


def calibrate(samples: Sequence[TimingSample]) -> float:
    """Relative noise of one process, from old against itself: the median size of its log ratios, as a standard error.

    The median, since one disturbed process of three must not raise the margin for all candidates. 0 without samples.
    """
    sizes = [abs(trimmed_mean(log_ratios(sample))) for sample in samples]
    return math.expm1(median(sizes) / NORMAL_MEDIAN) if sizes else 0.0


def log_ratios(sample: TimingSample) -> list[float]:
    """Natural logarithms of old over new, one for each pair."""
    return [math.log(max(old, LEAST_SECONDS) / max(new, LEAST_SECONDS)) for old, new in sample.pairs]


def trimmed_mean(values: Sequence[float], cut: int | None = None) -> float:
    """Mean of what is left without the `cut` lowest and highest values (20 % each, unless told)."""
    return fmean(_without_ends(values, cut))


def squared_error(values: Sequence[float], cut: int | None = None) -> float:
    """Squared standard error of the trimmed mean, from winsorized values (Yuen 1974). 0 where it cannot be known."""
    kept = _without_ends(values, cut)
    if len(kept) < 2:
        return 0.0
    ends = (len(values) - len(kept)) // 2
    winsorized = [kept[0]] * ends + kept + [kept[-1]] * ends
    return variance(winsorized) * (len(values) - 1) / (len(kept) * (len(kept) - 1))


def _without_ends(values: Sequence[float], cut: int | None) -> list[float]:
    ends = int(TRIM * len(values)) if cut is None else cut
    return sorted(values)[ends : len(values) - ends]


@cache
def t_quantile(tail: float, freedom: int) -> float:
    """The t that Student's distribution exceeds with probability `tail` (< 0.5), by bisection on the exact CDF."""
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_within(middle, freedom) < 1 - 2 * tail else (low, middle)
    return math.tan(low) * math.sqrt(freedom)


def _t_within(angle: float, freedom: int) -> float:
    """P(|T| < tan(angle) sqrt(freedom)): Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    cosine = math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for i in range(2 + odd, freedom, 2):
        term *= cosine * cosine * (i - 1) / i
        total += term
    return 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total


def _settled(speed_up: SpeedUp, margin: float, *, early: bool, decisive: float) -> bool:
    """Whether more samples would be wasted: decided already, or without prospect of "faster"."""
    if early:
        large = max(speed_up.ratio, 1 / speed_up.ratio) >= decisive
        return large and speed_up.verdict != "indistinguishable"
    return speed_up.verdict != "indistinguishable" or speed_up.ratio < 1 + margin


def _exp(value: float) -> float:
    """Finite and positive, so that it can be written as JSON and turned over."""
    return math.exp(max(-300.0, min(300.0, value)))
