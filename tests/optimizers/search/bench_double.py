"""A bench for the allocators' tests: arms of known quality, every pull written down, a stop after so many answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from secant.optimizer import Stage
from secant.search.bench import Verdict
from secant.types import Artifact, CaseResult, Evaluation, Part, Proposal


def arms(count: int) -> list[Proposal]:
    return [Proposal(artifact=Artifact(parts=(Part(name="f", text=f"arm {n}"),))) for n in range(count)]


class DoubleBench:
    """`quality[arm id]` is the share of cases that an arm passes, spread evenly by a seeded draw per case."""

    def __init__(
        self, quality: Mapping[str, float], cases: int = 50, *, seed: int = 0, stop_after: int | None = None
    ) -> None:
        self.rng = random.Random(seed)
        self.pulls: list[tuple[str, str, str]] = []
        self.told: list[str] = []
        self.answers = 0
        self.incumbent_evaluation: Evaluation | None = None
        self.bulk: list[bool] = []
        self._quality = quality
        self._cases = [f"case{n}" for n in range(cases)]
        self._stop_after = stop_after

    @property
    def stopped(self) -> bool:
        return self._stop_after is not None and self.answers >= self._stop_after

    def cases(self, stage: Stage) -> Sequence[str]:
        return self._cases[: stage.size]

    def incumbent(self, stage: Stage, case_ids: Sequence[str]) -> Evaluation | None:
        return self.incumbent_evaluation

    def measure(
        self,
        candidates: Sequence[Proposal],
        stage: Stage,
        case_ids: Sequence[str],
        admits: Callable[[Evaluation], bool],
        *,
        bulk: bool = False,
    ) -> Iterator[Verdict]:
        self.bulk.append(bulk)
        for candidate in candidates:
            if self.stopped:
                return
            self.answers += 1
            identity = candidate.artifact.id
            self.pulls += [(identity, stage.name, case) for case in case_ids]
            results = tuple(CaseResult(case_id=c, score=self._score(identity, c)) for c in case_ids)
            evaluation = Evaluation(artifact_id=identity, stage=stage.name, results=results)
            yield Verdict(candidate, evaluation, admits(evaluation))

    def survived(self, proposal: Proposal, evaluations: Sequence[Evaluation]) -> None:
        self.told.append(proposal.artifact.id)

    def _score(self, identity: str, case: str) -> float:
        return float(random.Random(case).random() < self._quality[identity])
