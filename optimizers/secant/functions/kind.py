"""Functions as a kind of artifact: the door through which the engine comes in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from secant.config import Models, OptimizeRequest
from secant.errors import FileChanged
from secant.events import TargetFound
from secant.functions.locate import locate
from secant.functions.optimization import FunctionOptimization
from secant.functions.subject import Subject, find_subject
from secant.functions.target import Target
from secant.functions.textfile import read_text_file
from secant.functions.writeback import apply
from secant.kinds import Surroundings
from secant.optimizer import Optimizer


class Functions:
    """Implements `kinds.ArtifactKind`."""

    def subject(self, request: OptimizeRequest, environment: Mapping[str, str]) -> Subject:
        return find_subject(request, environment)

    def models(self, request: OptimizeRequest, subject: Subject) -> Models | None:
        return request.models

    def search(
        self, request: OptimizeRequest, subject: Subject, optimizer: Optimizer | None, around: Surroundings
    ) -> FunctionOptimization:
        assert optimizer is not None  # every request names one
        return FunctionOptimization(request, subject, optimizer, around)

    def require_same(self, subject: Subject, found: TargetFound, run: str) -> None:
        if found.digest != subject.located.file.digest:
            raise FileChanged(
                f"{found.path} is not what run {run} measured any more",
                hint="Start a new run: secant optimize " + f"{found.path}::{found.name}",
            )

    def apply(self, found: TargetFound, source: str) -> Path:
        path = Path(found.path)
        file = read_text_file(path)
        if file.digest != found.digest:
            raise FileChanged(
                "the file is not what was measured any more", hint="Nothing was written. Run again.", where=str(path)
            )
        apply(locate(file, Target(path=path, line=found.first_line)), source, found.digest)
        return path
