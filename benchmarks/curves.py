"""What a run's journal says of how far it was after so many calls to its model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks._support import Frozen
from secant.events import Baseline, Evaluated, Event, ModelCalled, Proposed
from secant.types import Proposal


class Point(Frozen):
    """A version of the function and the number of calls with which it was there."""

    calls: int
    passed: int
    total: int

    @property
    def share(self) -> float:
        return self.passed / self.total if self.total else 0.0


class Course(NamedTuple):
    """A whole run."""

    points: tuple[Point, ...]
    """The original at 0 calls, then every version that was measured."""
    best: str | None
    """The text of the first version that passed most of the visible tests; None where none passed more than the
    original."""
    calls: int
    prompt_tokens: int
    completion_tokens: int

    def after(self, calls: int) -> float:
        """The best share of visible tests that passed with so many calls."""
        return max(point.share for point in self.points if point.calls <= calls)

    def area(self, calls: int) -> float:
        """The mean of that after each of the first calls: a run that is solved early has a large one."""
        return sum(self.after(number) for number in range(1, calls + 1)) / calls


def course(events: Iterable[Event]) -> Course:
    """Read it from the events of a journal. Several answers of one call count one after the other."""
    told = list(events)
    answered = _answered(told)
    paid = [event.call.usage for event in told if isinstance(event, ModelCalled)]
    proposals: dict[str, Proposal] = {}
    points: list[Point] = []
    best, most = None, 0
    for event in told:
        match event:
            case Baseline():
                points.append(Point(calls=0, passed=event.passed, total=event.total))
                most = event.passed
            case Proposed():
                proposals |= _whole(event)
            case Evaluated() if event.artifact in proposals:
                proposal = proposals[event.artifact]
                calls = answered.get(proposal.response_id or "", sum(usage.calls for usage in paid))
                points.append(Point(calls=calls, passed=event.passed, total=points[0].total))
                if event.passed > most:
                    best, most = proposal.artifact.text, event.passed
            case _:
                pass
    return Course(
        points=tuple(points),
        best=best,
        calls=sum(usage.calls for usage in paid),
        prompt_tokens=sum(usage.prompt_tokens for usage in paid),
        completion_tokens=sum(usage.completion_tokens for usage in paid),
    )


def _answered(events: Sequence[Event]) -> dict[str, int]:
    """The number of calls with which each answer was there, by the answer's name in a proposal."""
    found: dict[str, int] = {}
    calls = 0
    for event in events:
        if isinstance(event, ModelCalled):
            name = event.call.key.rpartition("-")[2][:16]
            found.update({f"{name}.{number}": calls + number + 1 for number in range(len(event.call.texts))})
            calls += event.call.usage.calls
    return found


def _whole(event: Proposed) -> dict[str, Proposal]:
    """The proposals of a step that can be measured, by artifact."""
    items = [item for item in event.items if item.status == "ok" and item.proposal is not None]
    return {item.id: Proposal.model_validate(item.proposal) for item in items}
