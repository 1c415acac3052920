"""The line that moves while a run works: phase, budget used, candidates tried, best so far, time."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from secant.cancellation import Cancellation
from secant.cli.stopping import ENDING, STOPPING
from secant.cli.terminal import clean, counted
from secant.events import Progress

_PHASES: Mapping[str, str] = {
    "baseline": "measuring the original",
    "initialize": "reading the function",
    "propose": "writing candidates",
    "screen": "trying candidates",
    "tests": "running all tests",
    "behaviour": "comparing with the original",
    "speed": "timing",
    "extract": "choosing the best",
    "confirm": "confirming in a fresh pytest",
}


class Bar:
    """Drawn from `start` to `stop`; what the console prints meanwhile appears above it."""

    def __init__(self, console: Console, cancellation: Cancellation) -> None:
        self._drawn = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=16),
            TextColumn("{task.fields[tried]}", markup=False),
            TimeElapsedColumn(),
            _Stopping(cancellation),
            console=console,
            transient=True,
        )
        self._task = self._drawn.add_task("starting", total=None, tried="")

    def start(self) -> None:
        self._drawn.start()

    def stop(self) -> None:
        self._drawn.stop()

    def update(self, event: Progress) -> None:
        """The bar is the part of the budget that is used: nobody knows how long a search will take."""
        best = f", best {event.best}" if event.best else ""
        self._drawn.update(
            self._task,
            description=clean(event.message) or _PHASES.get(event.phase, event.phase),
            total=None if event.fraction is None else 1.0,
            completed=event.fraction or 0.0,
            tried=f"{counted(event.evaluations, 'candidate')}{best}" if event.evaluations or best else "",
        )


class _Stopping(ProgressColumn):
    """Says that the wish to stop was heard, before the run has got round to it."""

    max_refresh = None

    def __init__(self, cancellation: Cancellation) -> None:
        super().__init__()
        self._cancellation = cancellation

    def render(self, task: Task) -> Text:
        if not self._cancellation.cancelled:
            return Text()
        return Text(ENDING if self._cancellation.urgent else STOPPING, style="yellow")
