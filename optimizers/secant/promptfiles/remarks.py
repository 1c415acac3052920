"""What is said aloud before a search: how the cases are divided, and what is odd about the first scores.

Values in, notices out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secant.events import Notice
from secant.promptfiles.evaldata.rows import Splits
from secant.promptfiles.scoring import LEAST
from secant.promptfiles.silence import require_scores, unanswered
from secant.promptfiles.splits import every
from secant.types import Evaluation


def about_cases(messages: Sequence[str], splits: Splits) -> Iterator[Notice]:
    """What reading and dividing them said, and how many there are of each kind."""
    for message in messages:
        yield Notice(level="warning", message=message)
    fit, select, report = len(splits["fit"]), len(splits["select"]), len(splits["report"])
    if report < LEAST:
        different = len(list(every(splits)))
        which = f"Only {report} of {different}" if report else f"None of {different}"
        yield Notice(
            level="warning",
            message=f"{which} cases can be held out: no gain will be claimed.",
            hint=f"With {LEAST} held-out cases and more, a paired test decides.",
        )
    shared = "the same " if fit and splits["fit"] == splits["select"] else ""
    yield Notice(
        message=f"Cases: {fit} to learn from, {shared}{select} to select by, {report} held out for the report."
    )


def about_baseline(baseline: Evaluation, metric: str) -> Iterator[Notice]:
    """Doubts where cases got no answer, or where none passes. Raises what `require_scores` raises."""
    require_scores(baseline.results, metric)
    silent = unanswered(baseline.results)
    if silent:
        message = f"{len(silent)} of {baseline.n} cases got no answer and count as 0. The first: {silent[0].feedback}"
        yield Notice(level="warning", message=message)
    if not any(r.score for r in baseline.results):
        yield Notice(
            level="warning",
            message=f"Every case fails. The first: {baseline.results[0].feedback or 'no feedback'}",
            hint="If the answers look right, the metric may not fit: name another (--metric).",
        )
