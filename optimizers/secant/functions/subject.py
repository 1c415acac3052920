"""The subject of a run: which function, in which project, judged in whose interpreter. Found without running a test."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from secant.config import OptimizeRequest
from secant.events import TargetFound
from secant.functions.interpreter import Interpreter, find_interpreter
from secant.functions.locate import LocatedFunction, locate
from secant.functions.project import Project, absolute, find_project
from secant.functions.target import parse_target
from secant.functions.textfile import read_text_file


class Subject(NamedTuple):
    """What is known before anything is run."""

    located: LocatedFunction
    project: Project
    interpreter: Interpreter

    @property
    def root(self) -> Path:
        """The project's folder as pytest names it: without symbolic links."""
        return Path(os.path.realpath(self.project.root))

    @property
    def target(self) -> Path:
        """The function's file, without symbolic links."""
        return Path(os.path.realpath(self.located.path))

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
    located = locate(read_text_file(path), target.model_copy(update={"path": path}))
    project = find_project(path)
    interpreter = find_interpreter(
        project, python=request.python, environment=environment, running=Path(sys.executable)
    )
    return Subject(located, project, interpreter)
