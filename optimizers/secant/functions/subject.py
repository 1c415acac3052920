"""The subject of a run: which function, in which project, judged in whose interpreter. Found without running a test."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from secant.config import OptimizeRequest
from secant.errors import NotOptimizable
from secant.events import TargetFound
from secant.functions.buffers import Buffers
from secant.functions.interpreter import Interpreter, find_interpreter
from secant.functions.locate import LocatedFunction, locate
from secant.functions.project import Project, absolute, find_project
from secant.functions.target import parse_target


class Subject(NamedTuple):
    """What is known before anything is run."""

    located: LocatedFunction
    project: Project
    interpreter: Interpreter
    buffers: Buffers = Buffers()

    @property
    def root(self) -> Path:
        """The project's folder as pytest names it: without symbolic links."""
        return Path(os.path.realpath(self.project.root))

    @property
    def target(self) -> Path:
        """The function's file, without symbolic links; one that is itself a link out of the project stays in its place,
        where a copy of the project has the candidate.
        """
        real = Path(os.path.realpath(self.located.path))
        if real.is_relative_to(self.root):
            return real
        return Path(os.path.realpath(self.located.path.parent)) / self.located.path.name

    def found(self) -> TargetFound:
        """The event that says so."""
        located = self.located
        return TargetFound(
            path=str(located.path),
            name=located.qualname,
            first_line=located.first_line,
            last_line=located.last_line,
            digest=located.file.digest,
            text=located.text,
            description=f"{located.kind} {located.qualname}{located.signature}, judged with "
            f"{self.interpreter.path} ({self.interpreter.found})",
        )


def find_subject(request: OptimizeRequest, environment: Mapping[str, str]) -> Subject:
    """Locate function, project and interpreter. Raises BadRequest in its many kinds; starts no test."""
    target = parse_target(request.target)
    path = absolute(request.folder / target.path)
    buffers = Buffers(request.buffers)
    located = locate(buffers.read(path), target.model_copy(update={"path": path}))
    project = find_project(path)
    interpreter = find_interpreter(
        project, python=request.python, environment=environment, running=Path(sys.executable)
    )
    subject = Subject(located, project, interpreter, buffers)
    _require_inside(subject)
    return subject


def _require_inside(subject: Subject) -> None:
    """A copy of the project must have a place of its own for the file: through a link it would be the user's own."""
    if not subject.target.is_relative_to(subject.root):
        raise NotOptimizable(
            f"by a link the file lies in {subject.target.parent}, outside of the project {subject.root}",
            hint=f"Name it where it is: {subject.target}",
            where=str(subject.located.path),
        )
