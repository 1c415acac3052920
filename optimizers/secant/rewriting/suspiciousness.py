"""Spectrum-based fault localization: which lines of a function are suspect, from which tests ran them.

Numbers in, numbers out: this module knows neither syntax nor tests nor edits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from math import sqrt

ERROR_WEIGHT = 1.0
"""Added to the lines where a failing test raised, before normalising: as much as a perfect Ochiai score."""
FLOOR = 0.05
"""The least that a covered line gets: the oracle is the tests, localization only orders the work."""


def ochiai(
    covered_lines: Mapping[str, Iterable[int]], failed: Collection[str], error_lines: Iterable[int] = ()
) -> dict[int, float]:
    """Suspiciousness in (0, 1] of every covered line and of every error line; the most suspect line has 1.

    Ochiai's coefficient: `failed(line) / sqrt(all failed * (failed(line) + passed(line)))`, as in Abreu, Zoeteweij and
    van Gemund (2007). `covered_lines` maps a test to the lines it ran, `failed` names the tests that fail. Where
    coverage tells nothing (no test, or no failing one) every line counts the same.
    """
    failing: Counter[int] = Counter()
    running: Counter[int] = Counter()
    known_failures = 0
    for test, lines in covered_lines.items():
        distinct = set(lines)
        running.update(distinct)
        if test in failed:
            known_failures += 1
            failing.update(distinct)
    raw = {line: failing[line] / sqrt(known_failures * total) if known_failures else 1.0
           for line, total in running.items()}  # fmt: skip
    for line in set(error_lines):
        raw[line] = raw.get(line, 0.0) + ERROR_WEIGHT
    highest = max(raw.values(), default=0.0)
    return {line: max(FLOOR, raw[line] / highest) if highest else 1.0 for line in sorted(raw)}
