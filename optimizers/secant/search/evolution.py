"""The evolution report: how a value and the responses to it changed from step to step, in measured numbers.

What HessianGrad / REVOLVE (arXiv 2412.03092, equations 2 to 4) describe in words and never compute. For two consecutive
records x_{t-1}, x_t and the cases that both were measured on:

    step size        D_t  = word distance(x_t, x_{t-1}) / words(x_{t-1})
    score change     dS_t = mean of s_t(c) - s_{t-1}(c), paired; with the cases fixed and broken
    response change  R_t  = 1 - mean similarity(out_t(c), out_{t-1}(c))
    sensitivity      K_t  = |dS_t| / max(D_t, eps)           their equation (3), made numeric
    bend             C_t  = dS_t - dS_{t-1}                  the discrete second difference, their equation (4)

Differences: the paper's "similarity" of responses is a quotient of losses that grows with change, and its released
code computes none of this; here responses are compared themselves. Two signs oppose each other only where neither
change is 0. A new value that is close to the value it was made from has not returned anywhere. Where x_{t-1} was
rejected on other cases than those of x_t, x_t is compared with the value it was made from.

Pure functions of values: nothing is evaluated, nothing is asked of a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, JsonValue

from secant.search.similarity import changed_share, similarity
from secant.types import CaseResult, Evaluation, Evolution, Frozen, Regime


class EvolutionSettings(Frozen):
    """The thresholds of the report."""

    epsilon: float = Field(default=0.02, gt=0)
    """Smallest step size that a sensitivity is divided by."""
    still: float = 0.05
    """Responses that changed less than this have not changed."""
    still_steps: int = Field(default=2, ge=1)
    """So many steps without change are stagnation."""
    still_speed: float = 0.02
    """Where speed is the score: a smaller change in the share of time saved is none."""
    alike: float = 0.02
    """Two values that differ in a smaller share of their words are the same value."""
    flips: int = Field(default=2, ge=1)
    """So many cases that flipped back are an oscillation."""


class Point(Frozen):
    """One measured value of a lineage: a record of the trajectory."""

    artifact: str
    text: str
    step: int = 0
    parent: str = ""
    """The value it was made from."""
    accepted: bool = False
    results: tuple[CaseResult, ...] = ()
    saved: float | None = None
    """Share of the original's time that it saves, at most 1, where speed was measured."""
    refused: str = ""
    """Why something other than a case turned it down (it behaves differently)."""


class Transition(Frozen):
    """What changed from one record to the next. None: the two were measured on no common case."""

    step: int
    artifact: str
    before: str
    """The id of the record that it is compared with."""
    accepted: bool
    n: int
    """Common cases."""
    step_size: float
    score_change: float | None = None
    fixed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    response_change: float | None = None
    sensitivity: float | None = None
    bend: float | None = None
    by_speed: bool = False
    """The score is the share of time saved."""


class EvolutionReport(Frozen):
    """The transitions of a lineage in order, and what the latest of them mean together."""

    transitions: tuple[Transition, ...] = ()
    regime: Regime | None = None
    """None while there is only one record."""
    flipped: tuple[str, ...] = ()
    """Cases whose last change was undone by the latest step."""
    returned: bool = False
    """The latest value is the one before the previous, nearly."""


def point(
    evaluations: Sequence[Evaluation],
    *,
    artifact: str,
    text: str,
    step: int = 0,
    parent: str = "",
    accepted: bool = False,
) -> Point:
    """The record of an artifact from everything that was measured of it; of two results of a case the later counts."""
    results = {result.case_id: result for e in evaluations if e.speed is None for result in e.results}
    speed = next((e.speed for e in reversed(evaluations) if e.speed is not None), None)
    refused = next((e.note or "rejected" for e in evaluations if e.rejected and e.speed is None), "")
    return Point(
        artifact=artifact,
        text=text,
        step=step,
        parent=parent,
        accepted=accepted,
        results=tuple(results.values()),
        saved=None if speed is None else max(-1.0, 1 - 1 / max(speed.ratio, 1e-9)),
        refused=refused,
    )


def response(result: CaseResult) -> JsonValue:
    """What the artifact answered on a case: its output, or else how the case ended and what was said about it."""
    if result.output is not None:
        return result.output
    return f"{'passed' if result.score >= 1 else 'failed'} {result.error} {result.feedback}"


def transition(new: Point, old: Point, previous: Transition | None, settings: EvolutionSettings) -> Transition:
    """The numbers of one step; `previous` is the transition before it."""
    size = changed_share(new.text, old.text)
    if new.saved is not None and old.saved is not None:
        change: float | None = new.saved - old.saved
        responses: float | None = min(1.0, abs(new.saved - old.saved))
        pairs = _common(new, old)
    else:
        pairs = _common(new, old)
        change = _mean([a.score - b.score for a, b in pairs])
        responses = _mean([1 - similarity(response(a), response(b)) for a, b in pairs])
    before = previous.score_change if previous is not None else None
    return Transition(
        step=new.step,
        artifact=new.artifact,
        before=old.artifact,
        accepted=new.accepted,
        n=len(pairs),
        step_size=size,
        score_change=change,
        fixed=tuple(a.case_id for a, b in pairs if a.score > b.score),
        broken=tuple(a.case_id for a, b in pairs if a.score < b.score),
        response_change=responses,
        sensitivity=None if change is None else abs(change) / max(size, settings.epsilon),
        bend=None if change is None or before is None else change - before,
        by_speed=new.saved is not None and old.saved is not None,
    )


def evolution(points: Sequence[Point], settings: EvolutionSettings | None = None) -> EvolutionReport:
    """The report of a whole lineage, x_0 first."""
    settings = settings or EvolutionSettings()
    found: list[Transition] = []
    for number, new in enumerate(points[1:], 1):
        found.append(transition(new, points[number - 1], found[-1] if found else None, settings))
    return reported(found, {p.artifact: p for p in points}, settings)


def reported(
    transitions: Sequence[Transition], points: Mapping[str, Point], settings: EvolutionSettings
) -> EvolutionReport:
    """The regime at the last of the transitions. `points` are the records by id; those of the last three steps do."""
    if not transitions:
        return EvolutionReport()
    flipped, returned = _flipped(transitions), _returned(transitions, points, settings)
    last = transitions[-1]
    regime: Regime = "progressing"
    if _stagnates(transitions, settings):
        regime = "stagnating"
    elif _opposed(transitions) or returned or len(flipped) >= settings.flips:
        regime = "oscillating"
    elif len(last.broken) > len(last.fixed) or (last.by_speed and (last.score_change or 0) <= -settings.still_speed):
        regime = "regressing"
    return EvolutionReport(transitions=tuple(transitions), regime=regime, flipped=flipped, returned=returned)


def latest(report: EvolutionReport) -> Evolution | None:
    """The last transition of a report, for a reader of the run; None where there is none."""
    if not report.transitions:
        return None
    last = report.transitions[-1]
    return Evolution(
        step_size=last.step_size,
        score_change=last.score_change,
        response_change=last.response_change,
        sensitivity=last.sensitivity,
        bend=last.bend,
        fixed=len(last.fixed),
        broken=len(last.broken),
        accepted=last.accepted,
        by_speed=last.by_speed,
        regime=report.regime,
    )


def _stagnates(transitions: Sequence[Transition], settings: EvolutionSettings) -> bool:
    latest = transitions[-settings.still_steps :]
    return len(latest) == settings.still_steps and all(_still(t, settings) for t in latest)


def _still(step: Transition, settings: EvolutionSettings) -> bool:
    if step.response_change is None or step.score_change is None:
        return False
    least = settings.still_speed if step.by_speed else 1 / step.n
    return step.response_change < settings.still and abs(step.score_change) < least


def _opposed(transitions: Sequence[Transition]) -> bool:
    """The last two changes of the score have opposite signs."""
    if len(transitions) < 2:
        return False
    one, two = (t.score_change or 0.0 for t in transitions[-2:])
    return one * two < 0


def _returned(transitions: Sequence[Transition], points: Mapping[str, Point], settings: EvolutionSettings) -> bool:
    if len(transitions) < 2:
        return False
    new, old = points.get(transitions[-1].artifact), points.get(transitions[-2].before)
    if new is None or old is None:
        return False
    share = changed_share(new.text, old.text)
    return share == 0 if new.parent == old.artifact else share <= settings.alike


def _flipped(transitions: Sequence[Transition]) -> tuple[str, ...]:
    if len(transitions) < 2:
        return ()
    before, last = transitions[-2:]
    back = (set(last.fixed) & set(before.broken)) | (set(last.broken) & set(before.fixed))
    return tuple(case for case in (*last.fixed, *last.broken) if case in back)


def _common(new: Point, old: Point) -> list[tuple[CaseResult, CaseResult]]:
    """The results of the cases that both have; a refusal by something else than a case counts as one more case."""
    earlier = {r.case_id: r for r in old.results}
    pairs = [(r, earlier[r.case_id]) for r in new.results if r.case_id in earlier]
    if new.refused or old.refused:
        pairs.append((_refusal(new), _refusal(old)))
    return pairs


def _refusal(of: Point) -> CaseResult:
    return CaseResult(case_id="further checks", score=0.0 if of.refused else 1.0, feedback=of.refused)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
