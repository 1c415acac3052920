"""What happened in a run, read once from its events: the facts that its report is made of.

Knows the events and no format of output. Works for a run that is over, under way, interrupted or damaged at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import ValidationError

from secant.events import (
    Baseline,
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    Forecast,
    Improved,
    ModelCalled,
    Notice,
    Proposed,
    RunStarted,
    Survived,
    TargetFound,
    TestsFound,
    Updated,
)
from secant.judging import Judges, judges_of
from secant.types import Evolution, Proposal, SpeedUp, Usage
from secant_server.plots import Measure, Point, Trajectory

_TESTED = ("screen", "tests", "cases")
_TURNED_DOWN = {
    "screen": "failed a test",
    "tests": "failed a test",
    "cases": "did not pass everything",
    "behaviour": "behaved otherwise than the original",
    "speed": "not faster",
}
_UNTRIED = {
    "unparsable": "not Python",
    "duplicate": "tried already",
    "constraint": "broke a constraint",
    "noop": "no change",
    "rejected": "dismissed by you in an earlier run",
}


@dataclass
class Candidate:
    """One candidate, and how far it came."""

    id: str
    rationale: str = ""
    status: str = "ok"
    at: int = 0
    """Its place in the order of evaluation, from 1; 0 where it was not evaluated."""
    stage: str = ""
    """The last one it entered."""
    passed: int = 0
    total: int = 0
    """Tests, in the widest evaluation of it."""
    mean: float = 0.0
    """Its score there."""
    whole: bool = False
    """All of those tests ran."""
    speed: SpeedUp | None = None
    note: str = ""
    severity: str = ""
    """Of the worst mistake that a critique found: `none`, `minor`, `serious` or `fatal`."""
    text: str = ""
    """What was optimized, where it survived."""
    survived: bool = False
    improved: bool = False
    confirmed: Confirmed | None = None

    @property
    def measured(self) -> SpeedUp | None:
        """Its speed: that of the confirmation, which measured longer, or of the search."""
        return (self.confirmed.speedup if self.confirmed else None) or self.speed

    @property
    def fate(self) -> str:
        """What became of it, in a few words."""
        if self.confirmed is not None:
            return "confirmed" if self.confirmed.ok else "did not hold when verified"
        if self.survived:
            return "judged" if self.severity else "passed every stage"
        if not self.at:
            return "not tried" if self.status == "ok" else _UNTRIED.get(self.status, self.status)
        return _TURNED_DOWN.get(self.stage, f"turned down ({self.stage})")

    def take(self, event: Evaluated) -> None:
        """One stage's result."""
        self.stage = event.stage
        if event.stage in _TESTED and event.total >= self.total:
            self.passed, self.total, self.whole, self.mean = event.passed, event.total, event.complete, event.mean
        evaluation = event.evaluation
        if evaluation is not None:
            self.speed = evaluation.speed or self.speed
            self.note = evaluation.note or self.note
            traces = [r.trace for r in evaluation.results if isinstance(r.trace, dict)]
            self.severity = next((str(t["severity"]) for t in traces if "severity" in t), self.severity)


class Chronicle:
    """A run as its events tell it."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.started: RunStarted | None = None
        self.target: TargetFound | None = None
        self.tests: TestsFound | None = None
        self.baseline: Baseline | None = None
        self.end: Finished | Failed | None = None
        self.candidates: dict[str, Candidate] = {}
        self.improved: list[tuple[int, Improved]] = []
        """Each new best, with its place in the order of evaluation."""
        self.notices: list[Notice] = []
        self.forecast: Forecast | None = None
        self._called: dict[str, Usage] = {}
        self._evolved: dict[int, Evolution] = {}
        self.evaluated = 0
        """Candidates, not evaluations: each goes through several stages."""
        self.evaluations = 0
        self.before: Evaluated | None = None
        """The original on its cases."""
        self._seed = ""
        """The original, which may be evaluated beside its candidates and is none of them."""
        self.first_time = self.last_time = 0.0
        for event in events:
            self._take(event)

    @property
    def judges(self) -> Judges:
        return judges_of(self.started.kind, self.started.request) if self.started else "tests"

    @property
    def goal(self) -> str:
        """`fix`, `faster`, or empty where it is not known yet."""
        return self.baseline.goal if self.baseline else ""

    @property
    def best(self) -> Improved | None:
        return self.improved[-1][1] if self.improved else None

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What models cost, by level: as the end tells it, or what their calls have cost up to now."""
        return self.end.usage if isinstance(self.end, Finished) else self._called

    @property
    def models(self) -> Sequence[str]:
        """The models that the request names."""
        levels = _fields(_fields(self.started.request if self.started else {}).get("models")).get("levels")
        named = [_fields(level).get("model") for level in _fields(levels).values()]
        return list(dict.fromkeys(name for name in named if isinstance(name, str)))

    @property
    def evolution(self) -> Sequence[tuple[int, Evolution]]:
        """The steps in which a model's path was measured, in order."""
        return sorted(self._evolved.items())

    @property
    def best_text(self) -> str:
        """What is optimized as the best so far has it; empty where there is none."""
        return self.candidates[self.best.artifact].text if self.best else ""

    def ranked(self) -> Sequence[Candidate]:
        """All that were evaluated, the best first: confirmed, new bests, survivors, then those that came furthest."""
        tried = [candidate for candidate in self.candidates.values() if candidate.at]
        return sorted(tried, key=_rank)

    def fates(self) -> Sequence[tuple[str, int]]:
        """How many candidates each fate met, the most frequent first."""
        return Counter(candidate.fate for candidate in self.candidates.values()).most_common()

    def trajectory(self) -> Trajectory | None:
        """What can be drawn; None while nothing was evaluated, and for critiques, which are no measure."""
        if self.baseline is None or not self.evaluated or self.judges == "critique":
            return None
        tried = [candidate for candidate in self.candidates.values() if candidate.at]
        survivors = (Point(c.at, value) for c in tried if c.survived and (value := self._value(c)) is not None)
        best = (Point(at, v) for at, e in self.improved if (v := self._reached(e)) is not None)
        measure, original, most = self._scale(self.baseline)
        return Trajectory(
            measure=measure,
            candidates=self.evaluated,
            original=original,
            best=tuple(best),
            survivors=tuple(survivors),
            turned_down=tuple(c.at for c in tried if not c.survived),
            most=most,
        )

    def _scale(self, baseline: Baseline) -> tuple[Measure, float, float | None]:
        """What is drawn, what of it the original has, and the most that there can be."""
        match self.judges:
            case "cases":
                return "score", self.before.mean if self.before is not None else 0.0, 1.0
            case "tests" if self.goal == "faster":
                return "speed", 1.0, None
            case "tests":
                return "tests", baseline.passed, baseline.total
            case "checks" | "critique":
                return "checks", baseline.passed, baseline.total

    def _reached(self, best: Improved) -> float | None:
        if self.judges == "cases":
            return self.candidates[best.artifact].mean
        return self._height(best.passed, best.speedup)

    def _value(self, candidate: Candidate) -> float | None:
        return candidate.mean if self.judges == "cases" else self._height(candidate.passed, candidate.speed)

    def _height(self, passed: int, speed: SpeedUp | None) -> float | None:
        if self.goal != "faster":
            return float(passed)
        return speed.ratio if speed is not None else None

    def _take(self, event: Event) -> None:
        self.first_time = self.first_time or event.time
        self.last_time = max(self.last_time, event.time)
        match event:
            case RunStarted():
                self.started = self.started or event
                self.end = None
            case TargetFound():
                self.target = event
            case TestsFound():
                self.tests = event
            case Baseline():
                self.baseline = event
            case Notice():
                self.notices.append(event)
            case Finished() | Failed():
                self.end = event
            case Forecast():
                self.forecast = event
            case ModelCalled(call=call):
                self._called[call.level] = self._called.get(call.level, Usage()) + call.usage
            case Updated(step=step, evolution=Evolution() as evolution):
                self._evolved[step] = evolution
            case _:
                self._take_search(event)

    def _take_search(self, event: Event) -> None:
        match event:
            case Proposed():
                self._take_proposed(event)
            case Evaluated(stage="baseline"):
                self._seed, self.before = event.artifact, event
            case Evaluated(artifact=self._seed):
                self.evaluations += 1
            case Evaluated():
                self.evaluations += 1
                candidate = self._candidate(event.artifact)
                if not candidate.at:
                    self.evaluated += 1
                    candidate.at = self.evaluated
                candidate.take(event)
            case Survived():
                self._take_survivor(event)
            case Improved():
                candidate = self._candidate(event.artifact)
                candidate.improved = True
                # Told at the end of a step, in which many were evaluated: the curve still never turns back.
                reached = self.improved[-1][0] if self.improved else 0
                self.improved.append((max(reached, candidate.at), event))
            case Confirmed():
                self._candidate(event.artifact).confirmed = event
            case _:
                pass

    def _take_proposed(self, event: Proposed) -> None:
        """A duplicate has the id of the candidate that it repeats, whose own status stands."""
        for item in event.items:
            candidate = self.candidates.setdefault(item.id, Candidate(item.id, item.rationale, item.status))
            candidate.rationale = candidate.rationale or item.rationale

    def _take_survivor(self, event: Survived) -> None:
        try:
            proposal = Proposal.model_validate(event.proposal)
        except ValidationError:  # written by a later version: a report without this dot is better than none
            return
        candidate = self._candidate(proposal.artifact.id)
        candidate.survived = True
        candidate.text = proposal.artifact.parts[0].text
        candidate.rationale = candidate.rationale or proposal.rationale

    def _candidate(self, identity: str) -> Candidate:
        return self.candidates.setdefault(identity, Candidate(identity))


def _fields(value: object) -> Mapping[str, object]:
    """An object of JSON; an empty one for whatever is none."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _rank(candidate: Candidate) -> tuple[bool, bool, bool, float, float, int]:
    held = candidate.confirmed is not None and candidate.confirmed.ok
    share = candidate.passed / candidate.total if candidate.total else 0.0
    ratio = candidate.measured.ratio if candidate.measured is not None else 0.0
    return (not held, not candidate.improved, not candidate.survived, -ratio, -share, candidate.at)
