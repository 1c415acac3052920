"""How the versions of a model moved from step to step, as a picture: five measurements above each other, and what they
mean together. What was not measured leaves a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from secant.types import Evolution, Regime
from secant_server import sentences
from secant_server.svg import COLOURS, head, line, text

_WIDTH = 720
_LEFT, _RIGHT, _TOP = 150, 64, 44
_ROW, _GAP = 46, 14
_INNER_WIDTH = _WIDTH - _LEFT - _RIGHT
_REGIMES: dict[Regime, str] = {
    "progressing": COLOURS["best"],
    "stagnating": COLOURS["turned down"],
    "oscillating": COLOURS["survivor"],
    "regressing": COLOURS["survivor"],
}
_MOST_WORDS = 6
"""So many regimes have room for their words; of more only the first letters are drawn."""
_MOST_TICKS = 20


class Step(NamedTuple):
    """What one step of a run measured."""

    number: int
    evolution: Evolution


class _Measure(NamedTuple):
    name: str
    field: str
    signed: bool = False

    def value(self, evolution: Evolution) -> float | None:
        return getattr(evolution, self.field)


_MEASURES: Sequence[_Measure] = (
    _Measure("text changed", "step_size"),
    _Measure("score change", "score_change", signed=True),
    _Measure("response change", "response_change"),
    _Measure("sensitivity", "sensitivity"),
    _Measure("second difference", "bend", signed=True),
)
_STRIP = _TOP + len(_MEASURES) * (_ROW + _GAP)
_HEIGHT = _STRIP + 72


def curves(steps: Sequence[Step]) -> str:
    """The picture as SVG. There is at least one step."""
    places = [_x(number, len(steps)) for number in range(len(steps))]
    body = [*head(_WIDTH, _HEIGHT, describe(steps)), *_legend()]
    for number, measure in enumerate(_MEASURES):
        body.extend(_row(measure, _TOP + number * (_ROW + _GAP), steps, places))
    return "\n".join([*body, *_strip(steps, places), "</svg>"])


def describe(steps: Sequence[Step]) -> str:
    """The picture in words, for who cannot see it."""
    regimes = ", ".join(f"{s.number} {s.evolution.regime}" for s in steps if s.evolution.regime is not None)
    return f"How the versions moved over {sentences.counted(len(steps), 'step')} of a model: {regimes or 'unknown'}"


HEAD = ("step", "text", "score", "responses", "sensitivity", "second difference", "cases", "regime")


def row(step: Step) -> Sequence[str]:
    """The numbers of a step, under `HEAD`; nothing for what was not measured."""
    found = step.evolution
    cases = f"{found.fixed:,} fixed, {found.broken:,} broken" if found.fixed or found.broken else ""
    fate = "" if found.accepted else " (turned down)"
    numbers = (_number(measure, measure.value(found)) for measure in _MEASURES)
    return [f"{step.number}{fate}", *numbers, cases, found.regime or ""]


def _number(measure: _Measure, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:+.2f}" if measure.signed else f"{value:.2f}"


# --- what is drawn


def _x(number: int, count: int) -> float:
    """Steps in equal columns, whatever their numbers: rules may have had the turns between."""
    return _LEFT + _INNER_WIDTH * (number + 0.5) / count


def _row(measure: _Measure, top: float, steps: Sequence[Step], places: Sequence[float]) -> Iterator[str]:
    values = [measure.value(step.evolution) for step in steps]
    most = max([abs(v) for v in values if v is not None], default=0.0) or 1.0
    low = -most if measure.signed else 0.0

    def y(value: float) -> float:
        return top + _ROW * (1 - (value - low) / (most - low))

    right = _LEFT + _INNER_WIDTH
    yield line(_LEFT, y(0), right, y(0), COLOURS["axis"], opacity=0.5)
    yield text(_LEFT - 12, top + _ROW / 2 + 4, measure.name, "end")
    yield text(right + 8, top + 9, f"{most:+.2g}" if measure.signed else f"{most:.2g}", "start")
    points = list(zip(places, values, strict=True))
    for (x1, one), (x2, two) in pairwise(points):
        if one is not None and two is not None:
            yield line(x1, y(one), x2, y(two), COLOURS["best"], width=2)
    for (x, value), step in zip(points, steps, strict=True):
        if value is not None:
            yield _dot(x, y(value), accepted=step.evolution.accepted)


def _dot(x: float, y: float, *, accepted: bool) -> str:
    """Filled for a version that became the current one."""
    inside = COLOURS["best"] if accepted else "none"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{inside}" stroke="{COLOURS["best"]}" stroke-width="1.5"/>'


def _strip(steps: Sequence[Step], places: Sequence[float]) -> Iterator[str]:
    """The regimes and the numbers of the steps; neither needs its colour to be understood."""
    width = _INNER_WIDTH / len(steps)
    yield text(_LEFT - 12, _STRIP + 15, "regime", "end")
    for x, step in zip(places, steps, strict=True):
        regime = step.evolution.regime
        if regime is not None:
            left, size = x - 0.47 * width, 0.94 * width
            yield (
                f'<rect x="{left:.1f}" y="{_STRIP}" width="{size:.1f}" height="22" rx="3"'
                f' fill="{_REGIMES[regime]}" opacity="0.25"/>'
            )
            yield text(x, _STRIP + 15, regime if len(steps) <= _MOST_WORDS else regime[0], "middle")
    every = -(-len(steps) // _MOST_TICKS)
    for x, step in list(zip(places, steps, strict=True))[::every]:
        yield text(x, _STRIP + 42, f"{step.number:,}", "middle")
    letters = ", ".join(f"{regime[0]} {regime}" for regime in _REGIMES)
    label = "step" if len(steps) <= _MOST_WORDS else f"step ({letters})"
    yield text(_LEFT + _INNER_WIDTH / 2, _STRIP + 64, label, "middle")


def _legend() -> Iterator[str]:
    yield _dot(_LEFT + 4, 14, accepted=True)
    yield text(_LEFT + 16, 18, "became the current version", "start")
    yield _dot(_LEFT + 224, 14, accepted=False)
    yield text(_LEFT + 236, 18, "turned down", "start")
