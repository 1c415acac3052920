"""The scripted task of the benchmarks with models: Roman numerals without the six subtractive pairs.

A model that knows one more pair with each new version needs six versions, and each passes more tests than the one
before. No edit by rule reaches the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

PAIRS = ((4, "IV"), (9, "IX"), (40, "XL"), (90, "XC"), (400, "CD"), (900, "CM"))
PLAIN = ((1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (5, "V"), (1, "I"))
TARGET = "roman.py::to_roman"
TESTS = """import pytest
from roman import to_roman

CASES = [
    (1, "I"), (3, "III"), (8, "VIII"), (27, "XXVII"), (1066, "MLXVI"), (2021, "MMXXI"),
    (4, "IV"), (9, "IX"), (40, "XL"), (90, "XC"), (400, "CD"), (900, "CM"), (1994, "MCMXCIV"),
]


@pytest.mark.parametrize("number, text", CASES)
def test_roman(number, text):
    assert to_roman(number) == text
"""


def version(pairs: Iterable[tuple[int, str]]) -> str:
    """The function with some of the pairs."""
    values = sorted({*PLAIN, *pairs}, reverse=True)
    table = ", ".join(f'({value}, "{letters}")' for value, letters in values)
    return (
        "def to_roman(number):\n"
        '    """The Roman numeral of a whole number from 1 to 3999."""\n'
        f"    values = [{table}]\n"
        '    text = ""\n'
        "    for value, letters in values:\n"
        "        while number >= value:\n"
        "            text += letters\n"
        "            number -= value\n"
        "    return text\n"
    )


WRONG, RIGHT = version(()), version(PAIRS)


def ladder() -> Sequence[str]:
    """Six versions, the last right: what a path of steps goes along."""
    return [version(PAIRS[: count + 1]) for count in range(len(PAIRS))]


def draws(count: int) -> Sequence[str]:
    """So many different versions that are not right, then the right one: what independent samples meet."""
    wrong = [version(some) for size in range(1, len(PAIRS)) for some in combinations(PAIRS, size)]
    return [*wrong[:count], RIGHT]


def write_project(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    (folder / "roman.py").write_text(WRONG, encoding="utf-8")
    (folder / "test_roman.py").write_text(TESTS, encoding="utf-8")
    return folder
