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


def scorecard(score: Score, *, searched: bool = True) -> str:
    """The table of one comparison, or of one evaluation where there is nothing to compare with. `searched`: by a run
    that looked for a better version, and chose by cases.
    """
    after = score.after is not None
    rows = [
        _row("score", _percent(score.before), _percent(score.after or 0.0) if after else None),
        _row(
            "95 %",
            _interval(score.before_low, score.before_high),
            _interval(score.after_low, score.after_high) if after else None,
        ),
        _row("words", score.words_before, score.words_after if after else None),
        _row("tokens, about", score.tokens_before, score.tokens_after if after else None),
    ]
    cases = f"case{'s' * (score.n != 1)}"
    which = _SPLITS.get(score.split, cases) if searched else cases
    head = "|  | before | after |\n| --- | --- | --- |\n" if after else "|  |  |\n| --- | --- |\n"
    lines = [f"## Score by {score.metric}\n\nOn {score.n} {which}.\n\n{head}" + "\n".join(rows)]
    if after:
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


def _row(name: str, before: object, after: object | None) -> str:
    return f"| {name} | {before} |" + ("" if after is None else f" {after} |")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _interval(low: float, high: float) -> str:
    return f"{100 * low:.0f} to {100 * high:.0f}"


def _names(cases: Sequence[str]) -> str:
    if not cases:
        return "none"
    more = f" and {len(cases) - _MOST} more" if len(cases) > _MOST else ""
    return ", ".join(f"`{case}`" for case in cases[:_MOST]) + more
