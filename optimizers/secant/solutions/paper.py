"""What a run is about: the document, its checks, the project they stand in. Found without running or asking."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from secant.config import SolveRequest
from secant.errors import BadRequest, FileChanged
from secant.events import FoundTest, TargetFound, TestsFound
from secant.functions.project import Project, absolute, find_project
from secant.solutions.answer import AnswerPattern
from secant.solutions.checks import Check, requested_checks
from secant.solutions.critic import CASE
from secant.solutions.document import Document, apply, read_document
from secant.types import Kind

KIND: Kind = "solution"
_CRITIQUE = "no check was given: the model's own critique, which is weak evidence"


class Paper(NamedTuple):
    """A problem with its solution, and what judges it."""

    document: Document
    checks: tuple[Check, ...]
    pattern: AnswerPattern
    project: Project

    @property
    def root(self) -> Path:
        """Where the runs on it are kept."""
        return Path(os.path.realpath(self.project.root))

    def found(self) -> TargetFound:
        """The event that names it. Its lines are those of the solution, or that of the heading where there is none."""
        document = self.document
        there = document.first_line <= document.last_line
        end = document.last_line if there or document.heading is None else document.heading.last_line
        judged = f"judged by {len(self.checks)} check{'s'[: len(self.checks) != 1]}" if self.checks else _CRITIQUE
        return TargetFound(
            path=str(document.path),
            name=document.selected,
            first_line=document.first_line if there else end,
            last_line=end,
            digest=document.file.digest,
            text=document.solution,
            given=document.given,
            description=f"a problem of {len(document.problem.split())} words, "
            f"{'with a solution' if document.solution else 'with no solution yet'}, {judged}",
        )

    def evidence(self) -> TestsFound:
        """The event that says what judges."""
        if not self.checks:
            return TestsFound(tests=(FoundTest(id=CASE, why=_CRITIQUE),))
        return TestsFound(tests=tuple(FoundTest(id=c.id, why=c.what) for c in self.checks))


def find_paper(request: SolveRequest) -> Paper:
    """Raises BadRequest in its many kinds."""
    path = absolute(request.folder / request.target)
    buffers = {os.path.realpath(name): text for name, text in request.buffers.items()}
    document = read_document(path, request.select, unsaved=buffers.get(os.path.realpath(path)))
    pattern = AnswerPattern(request.answer, seconds=request.check_seconds)
    return Paper(document, requested_checks(request), pattern, find_project(path))


def require_readable(paper: Paper) -> None:
    """Raises BadRequest where the answer in the given solution cannot be looked for in the time that a check has."""
    trouble = paper.pattern.trouble(paper.document.solution)
    if trouble:
        raise BadRequest(
            f"the answer in the solution there is cannot be read: {trouble}",
            hint="An expression that repeats a repetition, like (a+)+, takes for ever on some texts: write it without. "
            "More time: --check-seconds.",
            where=f"--answer {paper.pattern.expression}",
        )


def require_same(paper: Paper, found: TargetFound, run: str) -> None:
    """Raises FileChanged where the file is not the one that an earlier session of the run began with."""
    if found.digest != paper.document.file.digest:
        raise FileChanged(
            f"{found.path} is not what run {run} began with any more",
            hint=f"Start a new run: secant solve {found.path}",
        )


def as_measured(found: TargetFound) -> Document:
    """The document of a finished run, to apply its result to. Raises FileChanged where the file is another now."""
    document = read_document(Path(found.path), found.name)
    if document.file.digest != found.digest:
        raise FileChanged(
            "the file is not what was measured any more",
            hint="Nothing was written. Solve it again.",
            where=found.path,
        )
    return document


def apply_result(found: TargetFound, source: str) -> Path:
    """Write a finished run's solution, or an alternative's, into the file that it was found for; its path.

    Raises FileChanged where the file is not the one that was measured, WriteRefused where it may not be written.
    """
    document = as_measured(found)
    apply(document, source, found.digest)
    return document.path
