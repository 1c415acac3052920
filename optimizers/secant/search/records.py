"""The records of a path: one evaluated version for each step, rejected ones too, and the window of them that is shown.

REVOLVE's released code keeps values only, never the first, and lists the current one as past. Here x_0 is in, the
current value is out, and rejections are marked. Where a step had several proposals its best stands for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from secant.optimizer import Context, TrajectoryEntry
from secant.search.evolution import Point, point
from secant.search.trajectory import speed_ratio
from secant.types import Evaluation, Proposal


class Record(NamedTuple):
    """One version."""

    number: int
    """0 is the version that the path began with."""
    step: int
    proposal: Proposal
    evaluation: Evaluation
    accepted: bool

    @property
    def id(self) -> str:
        return self.proposal.artifact.id


def records(ctx: Context, origins: Sequence[str], after: int, accepted: Collection[str] = ()) -> tuple[Record, ...]:
    """The versions that the path began with, then one for each step behind `after`, in order.

    `accepted` are those that this step accepts, which the trajectory does not know yet.
    """
    entries = [
        e._replace(accepted=True) if e.proposal.artifact.id in accepted else e
        for e in ctx.trajectory.last(len(ctx.trajectory))
    ]
    begun = {e.proposal.artifact.id: e for e in entries if e.proposal.artifact.id in origins}
    chosen = [begun[origin] for origin in origins if origin in begun]
    steps: dict[int, TrajectoryEntry] = {}
    for entry in entries:
        if entry.step > after and entry.proposal.artifact.id not in begun:
            known = steps.get(entry.step)
            steps[entry.step] = entry if known is None or standing(entry) > standing(known) else known
    chosen += [steps[step] for step in sorted(steps)]
    return tuple(Record(n, e.step, e.proposal, e.evaluation, e.accepted) for n, e in enumerate(chosen))


def standing(entry: TrajectoryEntry) -> tuple[bool, bool, float, float]:
    """Comparable: the larger is better."""
    evaluation = entry.evaluation
    return entry.accepted, not evaluation.rejected, evaluation.mean, speed_ratio(evaluation)


def window(of: Sequence[Record], current: str, size: int) -> tuple[Record, ...]:
    """At most `size` past versions in order: x_0, the best, and the latest. The current one is not among them."""
    past = [r for r in of if r.id != current]
    wanted = [*past[:1], *sorted(past, key=_merit, reverse=True)[:1], *reversed(past)]
    chosen = list(dict.fromkeys(r.number for r in wanted))[: max(0, size)]
    return tuple(r for r in past if r.number in chosen)


def _merit(record: Record) -> tuple[bool, float, float, int]:
    evaluation = record.evaluation
    return not evaluation.rejected, evaluation.mean, speed_ratio(evaluation), -record.number


def path_point(ctx: Context, record: Record) -> Point:
    """A record as the evolution report wants it, with what this step's probe measured of it."""
    artifact = record.proposal.artifact
    probe = ctx.probes.get(record.id)
    measured = ctx.trajectory.evaluations(record.id)
    return point(
        measured if probe is None else [*measured, probe],
        artifact=record.id,
        text="\n".join(part.text for part in artifact.parts),
        step=record.step,
        parent=record.proposal.parents[0] if record.proposal.parents else "",
        accepted=record.accepted,
    )
