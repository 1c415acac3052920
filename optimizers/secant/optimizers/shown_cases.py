"""Which fit cases a request of GPO, OPRO or APE shows. Only the fit split is ever shown.

The papers draw them at random. A rule that no shown case follows cannot be found, so the cases that the prompt to be
bettered gets wrong come first here (OPRO's released code has something like it as an option), and among them every
expected answer once before any comes twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from secant.optimizer import Context
from secant.optimizers.generation_spec import Exemplars
from secant.prompting.exemplars import shown
from secant.types import Case, CaseResult


def chosen(ctx: Context, settings: Exemplars, results: Mapping[str, CaseResult]) -> Sequence[Case]:
    """Cases without an expected answer only where there are no others. `results` are what is known of the prompt that
    is to be bettered; without any, failing cases are drawn as all are.
    """
    fit = ctx.cases.get("fit", ())
    known = [case for case in fit if case.expected is not None] or list(fit)
    if settings.choice == "constant":
        return known[: settings.count]
    if settings.choice == "wrong":
        wrong = _wrong(ctx)
        return sorted(known, key=lambda case: -wrong[case.id])[: settings.count]
    if settings.choice == "random":
        return ctx.rng.sample(known, min(settings.count, len(known)))
    drawn = ctx.rng.sample(known, len(known))
    if settings.choice == "failing":
        return _failing(drawn, settings, results)
    return _spread(drawn)[: settings.count]


def _failing(drawn: Sequence[Case], settings: Exemplars, results: Mapping[str, CaseResult]) -> Sequence[Case]:
    """Wrong ones, then right ones, then those of which nothing is known."""
    tried = [case for case in drawn if case.id in results]
    wrong = _spread([case for case in tried if results[case.id].score < 1])
    right = _spread([case for case in tried if results[case.id].score >= 1])
    places = settings.count - min(settings.right, len(right))
    others = _spread([case for case in drawn if case.id not in results])
    return [*wrong[:places], *right, *others][: settings.count]


def _spread(cases: Sequence[Case]) -> list[Case]:
    """In an order in which every expected answer comes once before any comes twice."""
    times: Counter[str] = Counter()
    turns: list[tuple[int, int]] = []
    for place, case in enumerate(cases):
        answer = shown(case.expected)
        turns.append((times[answer], place))
        times[answer] += 1
    return [cases[place] for _, place in sorted(turns)]


def _wrong(ctx: Context) -> Counter[str]:
    """How often earlier prompts got each case wrong."""
    entries = ctx.trajectory.last(len(ctx.trajectory))
    measured = [e for entry in entries for e in ctx.trajectory.evaluations(entry.proposal.artifact.id)]
    return Counter(r.case_id for e in measured for r in e.results if r.score < 1)


def answers(ctx: Context, most: int) -> Sequence[str]:
    """The expected answers of all fit cases where they are names from a fixed set, each in a line, sorted; else none.

    They are that where each comes twice on the mean, there are no more than `most`, and each has a letter: numbers that
    come again are a result and no choice.
    """
    found = Counter(shown(case.expected) for case in ctx.cases.get("fit", ()) if case.expected is not None)
    if len(found) > most or 2 * len(found) > found.total():
        return []
    return sorted(found) if all("\n" not in each and any(map(str.isalpha, each)) for each in found) else []
