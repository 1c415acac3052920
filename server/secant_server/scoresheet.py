"""The part of a run's page that is about a prompt's score: before and after, which cases changed sides, what it cost.

Numbers that others measured, as Markdown. Says of a difference no more than its verdict does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from urllib.parse import quote

from secant.events import Event, Finished, Score
from secant.spending import dollars, total
from secant_server import sentences
from secant_server.chronicle import Chronicle
from secant_server.markdown import code, prose, table
from secant_server.scores import Miss, measured, place_of

_MOST_NAMED = 40
_MOST_MISSES = 50

Link = Callable[[str], str]
"""A case by its id, as Markdown that leads to its row."""


class Links:
    """Cases by their ids, each as a link to its row where that can be reached."""

    def __init__(self, run: Chronicle, base: PurePath | None) -> None:
        """`base` is the folder that a link beginning with a slash leads into."""
        self._tests = {test.id: test for test in (run.tests.tests if run.tests is not None else ())}
        self._base = base

    def __call__(self, case: str) -> str:
        place = place_of(self._tests[case]) if case in self._tests else None
        if place is None or self._base is None or not place.path.is_relative_to(self._base):
            return code(case)
        path = quote(place.path.relative_to(self._base).as_posix())
        return f"[{code(case)}](/{path}#L{place.line + 1})"


def of_run(run: Chronicle, told: Sequence[Event], base: PurePath | None) -> str:
    """All of it for a run; empty where that is not about a prompt."""
    if run.judges != "cases":
        return ""
    link = Links(run, base)
    score = run.end.score if isinstance(run.end, Finished) else None
    before = next(iter(measured(told)), None)
    found = [sheet(score, total(run.usage).usd, link)] if score is not None else []
    if before is not None and before.misses:
        found.append(missed(before.misses, link, compared=run.best is not None))
    return "\n\n".join(found)


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
