"""The kinds of artifacts by name: what a run of each needs. Like the registry, but of rooms: it alone names them all.

A kind is imported when it is asked for, so that a run on a function loads nothing of prompts.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from secant.cancellation import Cancellation
from secant.config import Models, RunRequest
from secant.errors import BadRequest
from secant.events import TargetFound
from secant.framing import Search
from secant.history import History
from secant.journal import Recorder
from secant.modelling import Opener
from secant.optimizer import Optimizer


class Subject(Protocol):
    """What a run is about, found without running or asking anything."""

    @property
    def root(self) -> Path:
        """Where the runs on it are kept."""
        ...


class Surroundings(NamedTuple):
    """What a search gets besides its request and its subject."""

    models: Opener
    recorder: Recorder
    cancellation: Cancellation
    history: History
    environment: Mapping[str, str]


class ArtifactKind(Protocol):
    """One kind."""

    def subject(self, request: Any, environment: Mapping[str, str]) -> Subject:
        """What the request is about. Raises BadRequest in its many kinds."""
        ...

    def models(self, request: Any, subject: Any) -> Models | None:
        """The request's models, with what the subject itself says of them."""
        ...

    def search(self, request: Any, subject: Any, optimizer: Optimizer | None, around: Surroundings) -> Search:
        """The run, ready to begin."""
        ...

    def require_same(self, subject: Any, found: TargetFound, run: str) -> None:
        """Raises FileChanged where the file is not the one that an earlier session of the run began with."""
        ...

    def apply(self, found: TargetFound, source: str) -> Path:
        """Write a result into the file that it was measured in; its path. Raises FileChanged, WriteRefused."""
        ...


_KINDS: Mapping[str, str] = {
    "function": "secant.functions.kind:Functions",
    "solution": "secant.solutions.kind:Solutions",
    "prompt": "secant.promptfiles.kind:Prompts",
    "evaluation": "secant.promptfiles.kind:Evaluations",
}


def kind_named(name: str) -> ArtifactKind:
    """Raises BadRequest for a kind that this version does not know."""
    if name not in _KINDS:
        raise BadRequest(
            f"this run is about a kind of text that this version of Secant does not know ({name})",
            hint="Look at it with the version that made it.",
        )
    module, _, attribute = _KINDS[name].partition(":")
    return getattr(importlib.import_module(module), attribute)()


def kind_of(request: RunRequest) -> ArtifactKind:
    return kind_named(request.kind)
