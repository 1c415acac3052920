"""Prompts as kinds of artifacts: the doors through which the engine comes in, one to refine and one to score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from secant.config import EvalRequest, Models, PromptRequest, RefineRequest
from secant.errors import BadRequest
from secant.events import TargetFound
from secant.kinds import Surroundings
from secant.optimizer import Optimizer
from secant.promptfiles.evaluating import Evaluating
from secant.promptfiles.parameters import with_parameters
from secant.promptfiles.refining import Refining
from secant.promptfiles.subject import PromptSubject, apply_result, find_prompt, require_same


class _Door:
    """What both have in common."""

    def subject(self, request: PromptRequest, environment: Mapping[str, str]) -> PromptSubject:
        return find_prompt(request)

    def models(self, request: PromptRequest, subject: PromptSubject) -> Models | None:
        return with_parameters(request.models, subject.document)

    def require_same(self, subject: PromptSubject, found: TargetFound, run: str) -> None:
        require_same(subject, found, run)


class Prompts(_Door):
    """Implements `kinds.ArtifactKind`."""

    def search(
        self, request: RefineRequest, subject: PromptSubject, optimizer: Optimizer | None, around: Surroundings
    ) -> Refining:
        assert optimizer is not None  # every request names one
        return Refining(request, subject, optimizer, around)

    def apply(self, found: TargetFound, source: str) -> Path:
        return apply_result(found, source)


class Evaluations(_Door):
    """Implements `kinds.ArtifactKind`."""

    def search(
        self, request: EvalRequest, subject: PromptSubject, optimizer: Optimizer | None, around: Surroundings
    ) -> Evaluating:
        return Evaluating(request, subject, around)

    def apply(self, found: TargetFound, source: str) -> Path:
        raise BadRequest("an evaluation has no result to apply", hint=f"Improve the prompt: secant refine {found.path}")
