"""The score of a prompt as a section of a run's page: before and after, what was fixed and broken, what still fails.

Markdown from values; says nothing that no event says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from secant.events import Score
from secant.prompting.measure import first_line
from secant.types import CaseResult, Evaluation

_MOST = 30
_SPLITS = {"report": "held-out cases, read once", "select": "cases that the search has seen"}


def scorecard(score: Score) -> str:
    """The table of one comparison, or of one evaluation where there is nothing to compare with."""
    rows = [
        _row("score", score.before, score.after),
        f"| 95 % | {_interval(score.before_low, score.before_high)} | "
        + (_interval(score.after_low, score.after_high) if score.after is not None else "")
        + " |",
        f"| words | {score.words_before} | {score.words_after or ''} |",
        f"| tokens, about | {score.tokens_before} | {score.tokens_after or ''} |",
    ]
    head = f"## Score by {score.metric}\n\nOn {score.n} {_SPLITS.get(score.split, 'cases')}.\n\n|  | before | after |\n"
    lines = [head + "| --- | --- | --- |\n" + "\n".join(rows)]
    if score.after is not None:
        lines.append(
            f"{score.verdict[:1].upper()}{score.verdict[1:]}. The 95 % interval of the difference: "
            f"{100 * score.low:+.0f} to {100 * score.high:+.0f} points."
        )
        lines.append(f"Fixed: {_names(score.fixed)}. Broken: {_names(score.broken)}.")
    return "\n\n".join(lines)


def failing(evaluation: Evaluation, places: Mapping[str, str]) -> str:
    """The cases that fail before anything was changed, each with its place and why."""
    failed = [r for r in evaluation.results if r.score < 1]
    if not failed:
        return ""
    more = f"\n- and {len(failed) - _MOST} more" if len(failed) > _MOST else ""
    return "Failing before:\n\n" + "\n".join(_failed(r, places) for r in failed[:_MOST]) + more


def _failed(result: CaseResult, places: Mapping[str, str]) -> str:
    path, _, line = places.get(result.case_id, "").rpartition(":")
    place = f" ({Path(path).name}:{line})" if path else ""
    return f"- `{result.case_id}`{place}: {first_line(result.feedback) or 'no feedback'}"


def _row(name: str, before: float, after: float | None) -> str:
    return f"| {name} | {100 * before:.1f} % | {'' if after is None else f'{100 * after:.1f} %'} |"


def _interval(low: float, high: float) -> str:
    return f"{100 * low:.0f} to {100 * high:.0f}"


def _names(cases: Sequence[str]) -> str:
    if not cases:
        return "none"
    more = f" and {len(cases) - _MOST} more" if len(cases) > _MOST else ""
    return ", ".join(f"`{case}`" for case in cases[:_MOST]) + more
