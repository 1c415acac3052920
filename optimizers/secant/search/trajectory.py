"""Everything that a run evaluated and kept, with the views that optimizers ask for.

Implements `optimizer.Trajectory`. Candidates that a rule made and the first gate turned down are not here (there are
tens of thousands of them); those that a model wrote are, rejected or not.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence

from secant.optimizer import TrajectoryEntry
from secant.types import Artifact, Evaluation, Proposal


def pooled(evaluations: Sequence[Evaluation]) -> tuple[Evaluation, ...]:
    """Evaluations of one artifact, those on further cases of the same stage joined to the first."""
    if len(evaluations) < 2:
        return tuple(evaluations)
    joined: list[Evaluation] = []
    for evaluation in evaluations:
        known = {r.case_id for r in evaluation.results}
        for place, earlier in enumerate(joined):
            same = (earlier.stage, earlier.split) == (evaluation.stage, evaluation.split)
            if same and known and earlier.results and known.isdisjoint(r.case_id for r in earlier.results):
                joined[place] = _joined(earlier, evaluation)
                break
        else:
            joined.append(evaluation)
    return tuple(joined)


def _joined(first: Evaluation, second: Evaluation) -> Evaluation:
    return Evaluation(
        artifact_id=first.artifact_id,
        stage=first.stage,
        split=first.split,
        results=first.results + second.results,
        complete=first.complete and second.complete,
        speed=second.speed or first.speed,
        note=second.note or first.note,
        rejected=first.rejected or second.rejected,
    )


def representative(evaluations: Sequence[Evaluation]) -> Evaluation:
    """The one evaluation that speaks for an artifact: the one on most cases, the later of equals, with its speed.

    One on select cases comes before any on fit cases, however many those are: it is what artifacts are ranked by. A
    rejection by any stage stays a rejection. Raises ValueError where there is none.
    """
    if not evaluations:
        raise ValueError("the artifact was not evaluated")
    widest = max(reversed(evaluations), key=lambda e: (e.n > 0 and e.split != "fit", e.n))
    speed = next((e.speed for e in reversed(evaluations) if e.speed is not None), None)
    rejection = next((e for e in evaluations if e.rejected), None)
    note = rejection.note if rejection is not None else widest.note
    return widest.model_copy(update={"speed": speed, "rejected": rejection is not None, "note": note})


def speed_ratio(evaluation: Evaluation) -> float:
    """How much faster, as far as it may be said: 1 unless the verdict is `faster`."""
    speed = evaluation.speed
    return speed.ratio if speed is not None and speed.verdict == "faster" else 1.0


class RunTrajectory:
    """The trajectory of one run, filled by the driver."""

    def __init__(self) -> None:
        self._entries: list[TrajectoryEntry] = []
        self._place: dict[str, int] = {}
        self._evaluations: dict[str, tuple[Evaluation, ...]] = {}
        self._accepted: set[str] = set()
        self._ranked: list[tuple[float, float, int]] = []
        self._fronts: dict[str, tuple[float, list[str]]] = {}

    def add(self, step: int, proposal: Proposal, evaluations: Sequence[Evaluation], *, survived: bool) -> None:
        """One evaluated candidate. Only survivors of their plan are ranked: others were not measured alike."""
        identity = proposal.artifact.id
        if identity in self._place:
            raise ValueError(f"{identity} is in the trajectory already")
        place = len(self._entries)
        evaluation = representative(evaluations)
        self._entries.append(TrajectoryEntry(step, proposal, evaluation, False))
        self._place[identity] = place
        self._evaluations[identity] = tuple(evaluations)
        if survived and not evaluation.rejected:
            bisect.insort(self._ranked, (-evaluation.mean, -speed_ratio(evaluation), place))
            self._enter_fronts(identity, evaluation)

    def accept(self, artifact_ids: Iterable[str]) -> None:
        for identity in artifact_ids:
            place = self._place.get(identity)
            if place is not None and identity not in self._accepted:
                self._accepted.add(identity)
                self._entries[place] = self._entries[place]._replace(accepted=True)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, artifact_id: str) -> bool:
        return artifact_id in self._place

    def entry(self, artifact_id: str) -> TrajectoryEntry:
        """Raises KeyError for an artifact that is not kept."""
        return self._entries[self._place[artifact_id]]

    def artifact(self, artifact_id: str) -> Artifact:
        return self.entry(artifact_id).proposal.artifact

    def evaluations(self, artifact_id: str) -> Sequence[Evaluation]:
        return self._evaluations.get(artifact_id, ())

    def last(self, count: int) -> Sequence[TrajectoryEntry]:
        return self._entries[-count:] if count > 0 else []

    def top(self, count: int) -> Sequence[TrajectoryEntry]:
        return [self._entries[place] for _, _, place in self._ranked[: max(0, count)]]

    def lineage(self, artifact_id: str) -> Sequence[TrajectoryEntry]:
        line: list[TrajectoryEntry] = []
        place = self._place.get(artifact_id)
        while place is not None:
            entry = self._entries[place]
            line.append(entry)
            parents = entry.proposal.parents
            older = self._place.get(parents[0]) if parents else None
            place = older if older is not None and older < place else None
        return line[::-1]

    def rejected(self, count: int) -> Sequence[TrajectoryEntry]:
        """The latest that were not accepted, oldest first."""
        found: list[TrajectoryEntry] = []
        for entry in reversed(self._entries):
            if len(found) >= count:
                break
            if not entry.accepted:
                found.append(entry)
        return found[::-1]

    def best_per_case(self) -> Mapping[str, tuple[str, ...]]:
        return {case: tuple(ids) for case, (_, ids) in self._fronts.items()}

    def _enter_fronts(self, identity: str, evaluation: Evaluation) -> None:
        for result in evaluation.results:
            best = self._fronts.get(result.case_id)
            if best is None or result.score > best[0]:
                self._fronts[result.case_id] = (result.score, [identity])
            elif result.score == best[0]:
                best[1].append(identity)
