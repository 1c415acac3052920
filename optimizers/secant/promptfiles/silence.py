"""When the model does not answer, or the metric fails: that is no score of 0, and a run says so. What was paid is kept,
and it can go on later.

Values in, errors out; nobody is asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.errors import BadRequest
from secant.models.contract import ModelUnavailable
from secant.types import CaseResult, ErrorKind, Evaluation, Usage

_FAULTS: tuple[ErrorKind, ...] = ("crash", "timeout")
"""Of the metric: a prompt does not crash."""


def unanswered(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Those for which no answer came at all."""
    return [r for r in results if r.error == "model"]


def answered(evaluation: Evaluation, other: Evaluation) -> Evaluation:
    """Without the cases that got no answer on either side: what was never said proves nothing."""
    silent = {r.case_id for e in (evaluation, other) for r in unanswered(e.results)}
    kept = tuple(r for r in evaluation.results if r.case_id not in silent)
    return evaluation.model_copy(update={"results": kept})


def require_scores(results: Sequence[CaseResult], metric: str) -> None:
    """Raises ModelUnavailable where not one case got an answer, BadRequest where the metric failed on every one."""
    if not results or any(r.score for r in results):
        return
    first = f"the first: {results[0].feedback or 'it says nothing'}"
    if len(unanswered(results)) == len(results):
        raise ModelUnavailable(
            f"no case has a score, for want of an answer; {first}",
            hint="Is it the right model, at the right address? `secant models` says what is configured and reachable.",
        )
    if all(r.error in _FAULTS for r in results):
        raise BadRequest(
            f"the metric {metric} failed on every case, so there is no score; {first}",
            hint="Repair it, or name another one (--metric). Answers that were paid for are not asked for again.",
        )


def require_most(before: Evaluation, after: Evaluation) -> None:
    """Raises ModelUnavailable where the held-out cases got so few answers that they would be spent for nothing."""
    asked, paired = after.n, answered(after, before).n
    if 2 * paired < asked:
        first = unanswered([*after.results, *before.results])[0]
        raise ModelUnavailable(
            f"{asked - paired} of the {asked} held-out cases got no answer from the model; the first: {first.feedback}"
        )


def go_on(unavailable: ModelUnavailable, usage: Mapping[str, Usage], run: str) -> ModelUnavailable:
    """The same error, with the way to go on where something was paid already."""
    if not any(spent.calls for spent in usage.values()):
        return unavailable
    more = f"What was paid for is kept. Once the model answers, go on with it: secant resume {run}"
    return ModelUnavailable(unavailable.message, hint=f"{unavailable.hint}\n{more}".strip(), where=unavailable.where)
