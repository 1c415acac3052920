"""The part of a run's page that is about a prompt's score: before and after, which cases changed sides, what it cost.

Numbers that others measured, as Markdown. Says of a difference no more than its verdict does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from secant.events import Score
from secant.spending import dollars
from secant_server import sentences
from secant_server.markdown import code, prose, table
from secant_server.scores import Miss

_MOST_NAMED = 40
_MOST_MISSES = 50

Link = Callable[[str], str]
"""A case by its id, as Markdown that leads to its row."""


def sheet(score: Score, usd: float | None, link: Link) -> str:
    """The score with its interval, and beside it the new one where two were compared. `usd`: what the run has cost."""
    if score.after is None:
        head = ("", "measured")
        rows = [("score", _interval(score.before, score.before_low, score.before_high))]
        rows += [(name, f"{count:,}") for name, count, _ in _sizes(score) if count]
    else:
        head = ("", "before", "after", "difference")
        before = _interval(score.before, score.before_low, score.before_high)
        after = _interval(score.after, score.after_low, score.after_high)
        points = f"{_points(score.after - score.before)} points ({_points(score.low)} to {_points(score.high)})"
        rows = [("score", before, after, points)]
        rows += [(name, f"{old:,}", f"{new:,}", f"{new - old:+,}") for name, old, new in _sizes(score)]
    return "\n\n".join(["## Score", table(head, rows), *_remarks(score, usd, link)])


def missed(misses: Sequence[Miss], link: Link, *, compared: bool) -> str:
    """The cases that the prompt there was fails, each with why. `compared`: there is another one since."""
    if not misses:
        return ""
    rows = [[link(miss.case), prose(sentences.one_line(miss.feedback, 300))] for miss in misses[:_MOST_MISSES]]
    more = len(misses) - _MOST_MISSES
    rest = f"\n\n{sentences.counted(more, 'more case')} not shown." if more > 0 else ""
    title = "Cases that failed before" if compared else "Failing cases"
    return f"## {title}\n\n{table(('case', 'why'), rows)}{rest}"


def _remarks(score: Score, usd: float | None, link: Link) -> Iterator[str]:
    seen = {"report": "held-out cases, which the search has not seen", "select": "cases"}.get(score.split, "cases")
    yield f"On {score.n:,} {seen}, by {code(score.metric)}. Intervals: 95 %."
    if score.after is None:
        if score.verdict:
            yield f"{prose(score.verdict[:1].upper() + score.verdict[1:])}."
        return
    yield f"Fixed: {_named(score.fixed, link)}. Broken: {_named(score.broken, link)}."
    gained = 100 * (score.after - score.before)
    if usd and gained > 0:
        yield f"It cost {dollars(usd)}: {dollars(usd / gained)} for each percentage point."


def _sizes(score: Score) -> Iterator[tuple[str, int, int]]:
    yield "words", score.words_before, score.words_after
    yield "tokens, about", score.tokens_before, score.tokens_after


def _named(cases: Sequence[str], link: Link) -> str:
    if not cases:
        return "none"
    more = f" and {len(cases) - _MOST_NAMED:,} more" if len(cases) > _MOST_NAMED else ""
    return f"{', '.join(link(case) for case in cases[:_MOST_NAMED])}{more}"


def _interval(share: float, low: float, high: float) -> str:
    return f"{sentences.percent(share)} ({100 * low:.0f} to {100 * high:.0f} %)"


def _points(difference: float) -> str:
    return f"{100 * difference:+.0f}".replace("-", "−")
