"""What the engine does with a run of kind `solution`: conduct it to its last event, and apply its result later.

The engine journals, resumes and tells failures as for functions; it calls these where the kinds differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from secant.cancellation import Cancellation
from secant.config import SolveRequest
from secant.errors import SecantError
from secant.events import Finished, Notice, RunStarted, TargetFound, TestCount
from secant.history import History
from secant.journal import Recorder
from secant.optimizer import Optimizer
from secant.solutions.document import apply
from secant.solutions.paper import KIND, Paper, as_measured
from secant.solutions.solving import GOAL, Models, Solving, Stopped


def started(request: SolveRequest, *, resumed: bool) -> RunStarted:
    """The first event of a session."""
    return RunStarted(
        secant=version("secant"),
        kind=KIND,
        target=request.target,
        optimizer=request.optimizer,
        seed=request.seed,
        request=request.model_dump(mode="json"),
        resumed=resumed,
    )


def finished(
    request: SolveRequest,
    paper: Paper,
    optimizer: Optimizer,
    models: Models,
    *,
    recorder: Recorder,
    cancellation: Cancellation,
    history: History,
    environment: Mapping[str, str],
) -> Finished:
    """The run behind its first event; the last one, not yet recorded. Raises SecantError."""
    solving = Solving(
        request,
        paper,
        optimizer,
        models,
        recorder=recorder,
        cancellation=cancellation,
        history=history,
        environment=environment,
    )
    try:
        found = solving.run()
    except Stopped as stopped:
        none = TestCount(passed=0, total=0)
        return Finished(outcome="stopped", goal=GOAL, tests=none, reason=stopped.message, stopped=True)
    return _applied(paper, found, recorder) if request.apply and found.outcome == "improved" else found


def apply_result(found: TargetFound, source: str) -> Path:
    """Write a finished run's solution, or an alternative's, into the file that it was found for; its path.

    Raises FileChanged where the file is not the one that was measured, WriteRefused where it may not be written.
    """
    document = as_measured(found)
    apply(document, source, found.digest)
    return document.path


def _applied(paper: Paper, found: Finished, recorder: Recorder) -> Finished:
    """Write the winner; where the file changed meanwhile the result is kept and the reason said."""
    try:
        apply(paper.document, found.source, paper.document.file.digest)
    except SecantError as error:
        hint = f"Nothing was written. The result is kept: secant show {recorder.run}"
        recorder.record(Notice(level="warning", message=str(error), hint=hint))
        return found
    return found.model_copy(update={"applied": True})
