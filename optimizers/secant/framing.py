"""The frame around a search, whatever is searched for: the run's first event, and what it comes to as the last one.

Journals nothing but what it is asked to say, and knows no kind of artifact.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Protocol

from secant.budget import Spent
from secant.cancellation import Stopped
from secant.config import RunRequest
from secant.errors import SecantError
from secant.events import Finished, Notice, RunStarted, TestCount
from secant.journal import Recorder


class Search(Protocol):
    """A run on one artifact, ready to begin."""

    @property
    def goal(self) -> str:
        """What it is to reach, in words."""
        ...

    @property
    def spent(self) -> Spent:
        """What it has used up to now."""
        ...

    def run(self) -> Finished:
        """Search, confirm, and say what came out. Raises SecantError, and Stopped."""
        ...

    def write(self, source: str) -> object:
        """Put a text in the place of the one that was measured. Raises SecantError where that is not there any more."""
        ...


def started(request: RunRequest, *, resumed: bool) -> RunStarted:
    """The first event of a session."""
    return RunStarted(
        secant=version("secant"),
        kind=request.kind,
        target=request.target,
        optimizer=request.chosen_optimizer,
        seed=request.seed,
        request=request.model_dump(mode="json"),
        resumed=resumed,
    )


def finished(search: Search, recorder: Recorder, *, apply: bool) -> Finished:
    """The last event, not yet recorded; with `apply` the winner is written. Raises SecantError."""
    try:
        found = search.run()
    except Stopped as stopped:
        spent = search.spent
        return Finished(
            outcome="stopped",
            goal=search.goal,
            tests=TestCount(passed=0, total=0),
            evaluations=spent.evaluations,
            seconds=spent.seconds,
            usage=spent.usage,
            reason=stopped.message,
            stopped=True,
        )
    return _written(search, found, recorder) if apply and found.outcome == "improved" else found


def _written(search: Search, found: Finished, recorder: Recorder) -> Finished:
    """Write the winner; where the file changed meanwhile, or no gain is claimed for it, the result is kept and the
    reason said.
    """
    if found.score is not None and not found.score.claimed:
        recorder.record(
            Notice(
                level="warning",
                message=f"It was not applied, because no gain is claimed: {found.score.verdict}",
                hint=f"Apply it all the same: secant apply {recorder.run}",
            )
        )
        return found
    try:
        search.write(found.source)
    except SecantError as error:
        hint = f"Nothing was written. The result is kept: secant show {recorder.run}"
        place = f" ({error.where})" if error.where else ""
        recorder.record(Notice(level="warning", message=f"It was not applied: {error.message}{place}", hint=hint))
        return found.model_copy(update={"refused": error.message})
    return found.model_copy(update={"applied": True})
