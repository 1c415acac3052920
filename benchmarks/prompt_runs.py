"""One run on a prompt in this process, and what its events say of it. Nothing of the engine is reached into."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks._support import Frozen
from secant import engine
from secant.cancellation import Cancellation
from secant.config import RunRequest
from secant.events import Baseline, Confirmed, Evaluated, Event, Failed, Finished, ModelCalled, Score, Updated
from secant.types import CaseResult, Usage


class Measured(Frozen):
    """One optimizer's run, from its events."""

    optimizer: str
    outcome: str
    reason: str
    steps: int
    versions: int
    """New versions that were measured."""
    course: tuple[tuple[int, float], ...]
    """Calls that were made and the best score on all select cases then."""
    before: Mapping[str, float] | None
    """Held-out cases with the prompt there was, None where the run did not come to them."""
    tried: Mapping[str, float] | None
    """The same cases with the best version that was found, also where it was turned down for them."""
    usage: Mapping[str, Usage]
    words_before: int
    words_after: int
    """Of what the run ends with."""
    text: str
    """What the run ends with; empty where that is the prompt there was."""
    score: Score | None
    """As the run itself tells it."""
    evidence: tuple[str, ...]
    """What it says in sentences with an interval."""


def events(request: RunRequest, listener: Callable[[Event], None] = lambda event: None) -> Sequence[Event]:
    """All events of a run in this process; `listener` gets each as it comes."""
    told: list[Event] = []
    engine.optimize(request, [told.append, listener], Cancellation(), os.environ)
    return told


def measured(optimizer: str, told: Sequence[Event]) -> Measured:
    """What the events of a run say."""
    last = told[-1]
    if isinstance(last, Failed):
        last = Finished.model_validate({**_NOTHING, "reason": f"{last.message} {last.where}\n{last.hint}"})
    assert isinstance(last, Finished)
    score, improved = last.score, last.outcome == "improved"
    tried = next((_scores(e.evaluation.results) for e in told if isinstance(e, Confirmed) and e.evaluation), None)
    held = tried is not None and score is not None and score.split == "report" and score.after is not None
    before = _before(tried, score.fixed, score.broken) if tried and held and score else None
    return Measured(
        optimizer=optimizer,
        outcome=last.outcome,
        reason=last.reason,
        steps=sum(isinstance(e, Updated) and e.step > 0 for e in told),
        versions=len({e.artifact for e in told if isinstance(e, Evaluated)} - _seed(told)),
        course=tuple(_course(told)),
        before=before,
        tried=tried if held else None,
        usage=last.usage,
        words_before=score.words_before if score else 0,
        words_after=(score.words_after if improved else score.words_before) if score else 0,
        text=last.source if improved else "",
        score=score,
        evidence=tuple(sentence for sentence in last.evidence if "95 %" in sentence),
    )


_NOTHING: Mapping[str, Any] = {
    "run": "", "seq": 0, "time": 0, "outcome": "failed", "goal": "", "tests": {"passed": 0, "total": 0},
}  # fmt: skip


def _scores(results: Sequence[CaseResult]) -> Mapping[str, float]:
    return {result.case_id: result.score for result in results}


def _before(after: Mapping[str, float], fixed: Sequence[str], broken: Sequence[str]) -> Mapping[str, float]:
    """What the old prompt scored, where the new one and the differences are known: each answer is right or wrong."""
    return {case: float((score >= 1 and case not in fixed) or case in broken) for case, score in after.items()}


def _seed(told: Sequence[Event]) -> set[str]:
    return {e.artifact for e in told if isinstance(e, Evaluated) and e.stage == "baseline"}


def _course(told: Sequence[Event]) -> Sequence[tuple[int, float]]:
    """The calls at which the best score on all select cases rose, and to what."""
    calls, rises = 0, list[tuple[int, float]]()
    total = next((e.total for e in told if isinstance(e, Baseline)), 0)
    for event in told:
        if isinstance(event, ModelCalled):
            calls += event.call.usage.calls
        if isinstance(event, Evaluated) and event.total == total and _on_select(event):
            score = event.passed / total
            if not rises or score > rises[-1][1]:
                rises.append((calls, score))
    return rises


def _on_select(event: Evaluated) -> bool:
    return event.stage == "baseline" or (event.evaluation is not None and event.evaluation.split == "select")
