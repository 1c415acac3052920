"""Solutions as a kind of artifact: the door through which the engine comes in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from secant.config import Models, SolveRequest
from secant.events import TargetFound
from secant.kinds import Surroundings
from secant.optimizer import Optimizer
from secant.solutions.paper import Paper, apply_result, find_paper, require_same
from secant.solutions.solving import Solving


class Solutions:
    """Implements `kinds.ArtifactKind`."""

    def subject(self, request: SolveRequest, environment: Mapping[str, str]) -> Paper:
        return find_paper(request)

    def models(self, request: SolveRequest, subject: Paper) -> Models | None:
        return request.models

    def search(
        self, request: SolveRequest, subject: Paper, optimizer: Optimizer | None, around: Surroundings
    ) -> Solving:
        assert optimizer is not None  # every request names one
        return Solving(request, subject, optimizer, around)

    def require_same(self, subject: Paper, found: TargetFound, run: str) -> None:
        require_same(subject, found, run)

    def apply(self, found: TargetFound, source: str) -> Path:
        return apply_result(found, source)
