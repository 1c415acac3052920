"""The trajectory of a run as a small picture: the best so far, what passed every stage, what was turned down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from secant_server import sentences
from secant_server.svg import COLOURS, head, line, round_steps, text

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 88, 40, 60
_INNER_WIDTH, _INNER_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM


class Point(NamedTuple):
    """A value that was reached when so many candidates had been evaluated."""

    at: int
    value: float


Measure = Literal["tests", "checks", "speed", "score"]
"""Tests or checks passed, the ratio to the original's speed, or a prompt's share of what its cases could give."""
_UNITS: dict[Measure, str] = {"speed": "x", "score": " %"}


class Trajectory(NamedTuple):
    """What is drawn."""

    measure: Measure
    candidates: int
    """Evaluated up to now."""
    original: float
    best: Sequence[Point] = ()
    """Every new best, in order."""
    survivors: Sequence[Point] = ()
    """Candidates that passed every stage."""
    turned_down: Sequence[int] = ()
    """When the others were evaluated."""
    most: float | None = None
    """The highest value that there can be: the number of tests."""

    @property
    def named(self) -> str:
        """What is measured, in words."""
        return f"{self.measure} passed" if self.measure in ("tests", "checks") else self.measure


def plot(trajectory: Trajectory) -> str:
    """The picture as SVG."""
    axes = _Axes(trajectory)
    described = describe(trajectory)
    body = [
        *head(_WIDTH, _HEIGHT, described),
        *_grid(axes),
        *_rug(axes, trajectory.turned_down),
        *_steps(axes, trajectory),
        *_dots(axes, trajectory.survivors),
        *_legend(trajectory),
        "</svg>",
    ]
    return "\n".join(body)


def describe(trajectory: Trajectory) -> str:
    """The picture in words, for who cannot see it."""
    end = trajectory.best[-1] if trajectory.best else None
    start = value_text(trajectory, trajectory.original)
    reached = f"{value_text(trajectory, end.value)} after {end.at:,}" if end else "nothing better"
    over = sentences.counted(trajectory.candidates, "candidate")
    return f"Best so far ({trajectory.named}) over {over}: from {start} to {reached}"


def value_text(trajectory: Trajectory, value: float) -> str:
    """`9` tests, `2.3x`, `72 %`."""
    match trajectory.measure:
        case "speed":
            return f"{value:.3g}x"
        case "score":
            return sentences.percent(value)
        case "tests" | "checks":
            return f"{value:g}"


class _Axes:
    """From candidates and values to pixels, and where the ticks are."""

    def __init__(self, trajectory: Trajectory) -> None:
        self._last = max(1, trajectory.candidates)
        self._logarithmic = trajectory.measure == "speed"
        self._factor = 100 if trajectory.measure == "score" else 1
        self.label = "speed, original = 1x" if self._logarithmic else trajectory.named
        self.suffix = _UNITS.get(trajectory.measure, "")
        values = [trajectory.original, *(point.value for point in (*trajectory.best, *trajectory.survivors))]
        self._low, self._high = self._range(values, trajectory.most)

    def _range(self, values: Sequence[float], most: float | None) -> tuple[float, float]:
        if not self._logarithmic:
            return 0.0, max(1.0, *values, most or 0.0)
        known = [value for value in values if value > 0 and math.isfinite(value)]
        return min([*known, 1.0]) / 1.1, max([*known, 1.0]) * 1.15

    def x(self, at: float) -> float:
        return _LEFT + _INNER_WIDTH * min(at, self._last) / self._last

    def y(self, value: float) -> float:
        if self._logarithmic:
            share = math.log(max(value, self._low) / self._low) / math.log(self._high / self._low)
        else:
            share = (value - self._low) / (self._high - self._low)
        return _TOP + _INNER_HEIGHT * (1 - min(1.0, share))

    def tick(self, value: float) -> str:
        return f"{self._factor * value:g}{self.suffix}"

    def x_ticks(self) -> list[int]:
        return round_steps(self._last, 6)

    def y_ticks(self) -> list[float]:
        if not self._logarithmic:
            return [tick / self._factor for tick in _up_to(round(self._factor * self._high), 5)]
        return _ratios(self._low, self._high)


def _up_to(last: int, most: int) -> list[int]:
    """The same, and `last` itself in the place of a round number too close to it: all tests is what is aimed at."""
    steps = round_steps(last, most)
    width = steps[1] - steps[0] if len(steps) > 1 else 1
    return [step for step in steps if last - step > width / 2 or not step] + ([last] if last else [])


def _ratios(low: float, high: float) -> list[float]:
    """Round ratios within the bounds, at most seven: 1, 2, 5, 10 or fewer of a wide range, more of a narrow one."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    scales: Sequence[Sequence[float]] = ((1, 1.2, 1.4, 1.6, 1.8, 2, 3, 4, 6, 8), (1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1,))
    found: list[float] = []
    for scale in scales:
        every = (factor * 10.0**decade for decade in decades for factor in scale)
        found = [ratio for ratio in every if low <= ratio <= high]
        if len(found) <= 7:
            return found
    return found[:: math.ceil(len(found) / 7)]


# --- what is drawn


def _grid(axes: _Axes) -> Iterator[str]:
    bottom, right = _TOP + _INNER_HEIGHT, _LEFT + _INNER_WIDTH
    for value in axes.y_ticks():
        y = axes.y(value)
        yield line(_LEFT, y, right, y, COLOURS["axis"], opacity=0.3)
        yield text(_LEFT - 8, y + 4, axes.tick(value), "end")
    for at in axes.x_ticks():
        yield text(axes.x(at), bottom + 24, f"{at:,}", "middle")
    yield line(_LEFT, bottom, right, bottom, COLOURS["axis"])
    yield line(_LEFT, _TOP, _LEFT, bottom, COLOURS["axis"])
    yield text(_LEFT + _INNER_WIDTH / 2, _HEIGHT - 12, "candidates evaluated", "middle")
    middle = _TOP + _INNER_HEIGHT / 2
    yield text(16, middle, axes.label, "middle", f' transform="rotate(-90 16 {middle:g})"')


def _rug(axes: _Axes, turned_down: Iterable[int]) -> Iterator[str]:
    """A short stroke beneath the axis for each, and one for those that fall on the same pixel."""
    bottom = _TOP + _INNER_HEIGHT
    columns = sorted({round(axes.x(at)) for at in turned_down})
    strokes = "".join(f"M{x} {bottom + 2}v7" for x in columns)
    if strokes:
        yield f'<path d="{strokes}" stroke="{COLOURS["turned down"]}" stroke-width="1" opacity="0.8"/>'


def _steps(axes: _Axes, trajectory: Trajectory) -> Iterator[str]:
    path = f"M{_LEFT} {axes.y(trajectory.original):.1f}"
    for point in trajectory.best:
        path += f"H{axes.x(point.at):.1f}V{axes.y(point.value):.1f}"
    right = _LEFT + _INNER_WIDTH
    yield (
        f'<path d="{path}H{right}" fill="none" stroke="{COLOURS["best"]}" stroke-width="2.5" stroke-linejoin="round"/>'
    )
    last = trajectory.best[-1].value if trajectory.best else trajectory.original
    of_all = f"/{trajectory.most:g}" if trajectory.most and trajectory.measure != "score" else ""
    label = f"{value_text(trajectory, last)}{of_all}"
    yield text(right + 8, axes.y(last) + 5, label, "start", f' font-weight="bold" fill="{COLOURS["best"]}"')


def _dots(axes: _Axes, survivors: Iterable[Point]) -> Iterator[str]:
    places = sorted({(round(axes.x(p.at), 1), round(axes.y(p.value), 1)) for p in survivors})
    for x, y in places:
        yield f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="{COLOURS["survivor"]}"/>'


def _legend(trajectory: Trajectory) -> Iterator[str]:
    x, y = _LEFT, 18
    yield line(x, y - 4, x + 22, y - 4, COLOURS["best"], width=2.5)
    yield text(x + 30, y, "best so far", "start")
    if trajectory.survivors:
        yield f'<circle cx="{x + 130}" cy="{y - 4}" r="4" fill="{COLOURS["survivor"]}"/>'
        yield text(x + 141, y, "passed every stage", "start")
    if trajectory.turned_down:
        yield f'<path d="M{x + 292} {y - 8}v8" stroke="{COLOURS["turned down"]}"/>'
        yield text(x + 301, y, "turned down", "start")
