"""Numbers in texts: signs, decimals, thousands, fractions, percent, formulas. What is no number is None, never 0.

The published metric (TextGrad and REVOLVE, evaluation/prompt_optimization.py) takes the digits of the last word that
has one: the sign is lost, 12.5 becomes 12, and an answer without a number is 0, which matches where 0 is expected.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from pydantic import JsonValue

_WHOLE = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,60})"
_NUMBER = re.compile(
    rf"""(?<![\w.])(?P<sign>(?:(?<![\d)\w])|(?<=\s))[+-])?(?:(?:[$€£¥]|\\\$)\s?)?
    (?:\\[dt]?frac\{{(?P<over>\d{{1,60}})\}}\{{(?P<under>\d{{1,60}})\}}
      |(?:(?P<mixed>\d{{1,9}})[ ])?(?P<top>\d{{1,60}})\s?/\s?(?P<bottom>\d{{1,60}})(?![\d/])
      |(?P<number>{_WHOLE}(?:\.\d{{1,60}})?|\.\d{{1,60}})(?!\d)(?:[eE](?P<power>[+-]?\d{{1,3}})(?!\d))?)
    (?P<percent>\s?\\?%)?""",
    re.VERBOSE,
)
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " "})


class Number(NamedTuple):
    """A number as it stands in a text."""

    value: Fraction
    percent: bool
    text: str


def last_number(text: str) -> Number | None:
    """The last number of a text."""
    found = None
    for match in _NUMBER.finditer(text.translate(_MINUS)):
        found = _number(match) or found
    return found


def number_of(value: JsonValue) -> Number | None:
    """The number that an expected answer is, or has last: behind `####` where it has that, as GSM8K does."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Number(Fraction(str(value)), False, str(value))
    if isinstance(value, str):
        return last_number(value.rpartition("####")[2])
    return None


def equal(expected: Number, got: Number, tolerance: float) -> bool:
    """Whether two numbers are the same within an absolute tolerance. `25 %` is 25, and where only one of the two has
    the sign it is 0.25 as well.
    """
    within = max(Fraction(str(tolerance)), abs(expected.value) * Fraction(1, 10**9))
    readings = [got.value]
    if got.percent != expected.percent:
        readings.append(got.value / 100 if got.percent else got.value * 100)
    return any(abs(expected.value - reading) <= within for reading in readings)


def _number(match: re.Match[str]) -> Number | None:
    sign = -1 if (match["sign"] or "").startswith("-") else 1
    if match["number"]:
        value = Fraction(match["number"].replace(",", "")) * Fraction(10) ** int(match["power"] or 0)
    else:
        below = int(match["under"] or match["bottom"])
        if not below:
            return None
        value = int(match["mixed"] or 0) + Fraction(int(match["over"] or match["top"]), below)
    return Number(sign * value, bool(match["percent"]), match[0].strip())
