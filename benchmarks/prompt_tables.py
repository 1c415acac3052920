"""Tables of runs on prompts: each optimizer on the held-out cases, every two of them, and all tasks together.

Values in, tables out. What a run ends with is the new version where it offered one, and else the prompt there was.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks._support import Table
from benchmarks.prompt_runs import Measured
from benchmarks.prompt_task import Task
from secant.search.acceptance import sign_test
from secant.search.intervals import of_difference, of_score
from secant.types import CaseResult, Usage

Scores = Mapping[str, float]
ALPHA = 0.05


def before(rows: Sequence[Measured]) -> Scores | None:
    """The held-out cases with the prompt there was, from the first run that came to them."""
    return next((row.before for row in rows if row.before is not None), None)


def ends(rows: Sequence[Measured]) -> Mapping[str, Scores]:
    """What each run ends with on the held-out cases. A run that offers nothing ends with what there was."""
    seed = before(rows)
    found = {row.optimizer: row.tried if row.outcome == "improved" else row.before or seed for row in rows}
    return {name: scores for name, scores in found.items() if scores is not None}


def by_optimizer(rows: Sequence[Measured], task: Task) -> Table:
    """One line for each."""
    columns = (
        "optimizer",
        "outcome",
        "before",
        "after",
        "95 %",
        "difference, 95 %",
        "p",
        "fixed",
        "broken",
        *(f"after {look}" for look in task.looks),
        "steps",
        "versions",
        "calls",
        "tokens",
        "words",
    )
    scores, seed = ends(rows), before(rows)
    title = (
        f"`{task.name}`, equal budgets of prompt optimizers: at most {task.most_calls} calls, {len(seed or {})} "
        "held-out cases. After so many calls: the best so far on the cases that choose. Calls and tokens: of the "
        "prompt itself + of the optimizer"
    )
    lines = tuple(_line(row, scores.get(row.optimizer), seed, task.looks) for row in rows)
    return Table(title=title, columns=columns, rows=lines)


def _line(row: Measured, after: Scores | None, seed: Scores | None, looks: Sequence[int]) -> tuple[str, ...]:
    old, new = row.before or seed, after
    program, optimizer = row.usage.get("program", Usage()), row.usage.get("optimizer", Usage())
    held = ("-",) * 7
    if old is not None and new is not None:
        won, lost = _won(new, old)
        held = (
            _share(old),
            _share(new),
            _interval(new),
            _told(row) if new == row.tried else _difference(new, old),
            f"{sign_test(won, lost):.4f}",
            str(won),
            str(lost),
        )
    return (
        row.optimizer,
        _outcome(row),
        *held,
        *(_after(row, look) for look in looks),
        str(row.steps),
        str(row.versions),
        f"{program.calls} + {optimizer.calls}",
        f"{_tokens(program)} + {_tokens(optimizer)}",
        f"{row.words_before} → {row.words_after}",
    )


def _outcome(row: Measured) -> str:
    """What the run says of what it offers; of what was turned down for the held-out cases, how it did there."""
    if row.outcome == "improved" and row.score is not None and not row.score.claimed:
        return "candidate"
    if row.outcome == "improved" or row.tried is None or row.before is None:
        return row.outcome
    return f"{row.outcome} ({_share(row.before)} → {_share(row.tried)} did not hold)"


def unsearched(rows: Sequence[Measured], task: Task) -> Sequence[Table]:
    """The prompt there was beside its baselines, in the run's own words; none where that was not recorded."""
    told = [_split(sentence) for row in rows for sentence in row.evidence]
    lines = tuple((name, said.rstrip(".")) for name, said in told)
    unseen = sum(case["split"] != "fit" for case in task.cases())
    title = (
        f"`{task.name}`, without a search: the seed prompt run otherwise, against itself on the {unseen} cases that no "
        "baseline was shown"
    )
    return [Table(title=title, columns=("baseline", "score, difference"), rows=lines)] if lines else []


def _split(sentence: str) -> tuple[str, str]:
    """`cot, 1 call a case: 61 % (...)`; the first sentence is that of the prompt itself."""
    before, itself, reached = sentence.partition("the prompt itself reaches ")
    name, _, said = sentence.partition(": ")
    return ("the prompt itself", reached) if itself and before else (name, said)


def pairs(scores: Mapping[str, Scores], where: str) -> Table:
    """Every two on the same held-out cases; the last column keeps the level over all of them (Holm)."""
    lines: list[tuple[str, ...]] = []
    shown = _shown([_p(scores[a], scores[b]) for a, b in itertools.combinations(scores, 2)])
    for (one, other), holds in zip(itertools.combinations(scores, 2), shown, strict=True):
        won, lost = _won(scores[one], scores[other])
        lines.append(
            (
                f"{one} : {other}",
                f"{won} : {lost}",
                _difference(scores[one], scores[other]),
                f"{sign_test(won, lost):.4f}",
                "yes" if holds else "no",
            )
        )
    columns = ("pair", "cases won : lost", "difference, 95 %", "p", "a difference is shown")
    title = f"`{where}`, every two of them: {sum(shown)} of {len(shown)} pairs differ beyond noise (Holm, 5 %)"
    return Table(title=title, columns=columns, rows=tuple(lines))


def overall(rows: Mapping[Task, Sequence[Measured]]) -> Sequence[Table]:
    """The held-out cases of several tasks together, for the optimizers that came to their end on each of them."""
    found = {task.name: ends(each) for task, each in rows.items()}
    if len(found) < 2:
        return []
    names = [name for name in next(iter(found.values())) if all(name in scores for scores in found.values())]
    if not names:
        return []
    seed = _joined({task.name: before(each) or {} for task, each in rows.items()})
    joined = {name: _joined({task: scores[name] for task, scores in found.items()}) for name in names}
    columns = ("optimizer", *found, "together", "95 %", "difference, 95 %", "fixed", "broken")
    lines = tuple(
        (
            name,
            *(_share(scores[name]) for scores in found.values()),
            _share(joined[name]),
            _interval(joined[name]),
            _difference(joined[name], seed),
            *map(str, _won(joined[name], seed)),
        )
        for name in names
    )
    where = " + ".join(found)
    title = f"`{where}`, together: {len(seed)} held-out cases, each counted once; {_share(seed)} with the seed prompts"
    return [Table(title=title, columns=columns, rows=lines), pairs(joined, where)]


def _joined(scores: Mapping[str, Scores]) -> Scores:
    """The cases of all tasks, each named after its own."""
    return {f"{task}.{case}": score for task, each in scores.items() for case, score in each.items()}


def totals(rows: Sequence[Measured]) -> dict[str, Any]:
    """For whoever computes with them."""
    scores = ends(rows)
    pairwise = [_p(scores[a], scores[b]) for a, b in itertools.combinations(scores, 2)]
    return {
        "held out": len(before(rows) or {}),
        "before": _mean(before(rows)),
        "after": {name: _mean(each) for name, each in scores.items()},
        "calls": {row.optimizer: sum(usage.calls for usage in row.usage.values()) for row in rows},
        "pairs": len(pairwise),
        "pairs that differ": sum(_shown(pairwise)),
    }


def _shown(p_values: Sequence[float]) -> Sequence[bool]:
    """Holm's procedure: which of several comparisons hold together at the level ALPHA."""
    shown = [False] * len(p_values)
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[place] * (len(p_values) - rank) >= ALPHA:
            break
        shown[place] = True
    return shown


def _p(one: Scores, other: Scores) -> float:
    return sign_test(*_won(one, other))


def _won(new: Scores, old: Scores) -> tuple[int, int]:
    """Cases on which each is ahead."""
    shared = new.keys() & old.keys()
    return sum(new[case] > old[case] for case in shared), sum(new[case] < old[case] for case in shared)


def _told(row: Measured) -> str:
    """The difference as the run itself tells it: its interval says no more than its test."""
    told = row.score
    if told is None or told.after is None:
        return "-"
    return f"{100 * (told.after - told.before):+.0f} ({100 * told.low:+.0f} to {100 * told.high:+.0f})"


def _difference(new: Scores, old: Scores) -> str:
    """In points, with its interval."""
    low, high = of_difference(_results(new), _results(old))
    shared = sorted(new.keys() & old.keys())
    points = 100 * sum(new[case] - old[case] for case in shared) / len(shared)
    return f"{points:+.0f} ({100 * low:+.0f} to {100 * high:+.0f})"


def _interval(scores: Scores) -> str:
    return "{:.0f} to {:.0f}".format(*(100 * end for end in of_score(_results(scores))))


def _results(scores: Scores) -> Sequence[CaseResult]:
    return [CaseResult(case_id=case, score=score) for case, score in scores.items()]


def _after(row: Measured, calls: int) -> str:
    best = max((score for made, score in row.course if made <= calls), default=None)
    return "-" if best is None else f"{100 * best:.0f} %"


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens


def _mean(scores: Scores | None) -> float | None:
    return sum(scores.values()) / len(scores) if scores else None


def _share(scores: Scores) -> str:
    return f"{100 * (_mean(scores) or 0.0):.0f} %"
