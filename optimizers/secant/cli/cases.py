"""The cases of an evaluation, a line each: what failed and why, where it stands, what passed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from rich.text import Text

from secant.cli.terminal import clean
from secant.prompting.measure import first_line
from secant.types import CaseResult, Evaluation

_MOST = 200
_WIDTH = 160


def cases(evaluation: Evaluation, places: Mapping[str, str]) -> Iterator[Text]:
    """Every case in the order of the data, at most 200 of them; of more those that fail come first."""
    results = list(evaluation.results)
    if len(results) > _MOST:
        results.sort(key=lambda r: r.score)
    for result in results[:_MOST]:
        yield _line(result, places.get(result.case_id, ""))
    if len(results) > _MOST:
        rest = sum(r.score >= 1 for r in results[_MOST:])
        yield Text(f"           and {len(results) - _MOST} more, {rest} of them passed (--json has all)", style="dim")


def _line(result: CaseResult, place: str) -> Text:
    passed = result.score >= 1
    mark, style = ("✓", "green") if passed else ("✗", "red")
    text = Text.assemble((f"{mark} ", style), f"{clean(result.case_id)}")
    if 0 < result.score < 1:
        text.append(f"  {result.score:.2f}")
    if place:
        path, _, line = place.rpartition(":")
        text.append(f"  {clean(os.path.relpath(path))}:{line}", style="dim")
    if not passed and result.feedback:
        text.append(f"  {clean(first_line(result.feedback, _WIDTH))}")
    return text
