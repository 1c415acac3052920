"""The line that moves while a run works: time, budget used, phase, candidates tried, best so far."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Column
from rich.text import Text

from secant.cancellation import Cancellation
from secant.cli.stopping import ENDING, STOPPING
from secant.cli.terminal import clean, counted
from secant.events import Progress
from secant.spending import in_short

_PHASES: Mapping[str, str] = {
    "baseline": "measuring the original",
    "initialize": "reading the function",
    "propose": "writing candidates",
    "screen": "trying candidates",
    "tests": "running all tests",
    "behaviour": "comparing with the original",
    "speed": "timing",
    "extract": "choosing the best",
    "confirm": "confirming",
}


class Bar:
    """Drawn from `start` to `stop`; what the console prints meanwhile appears above it."""

    def __init__(self, console: Console, cancellation: Cancellation) -> None:
        self._drawn = RichProgress(
            SpinnerColumn(),
            TimeElapsedColumn(),
            BarColumn(bar_width=12),
            _Words(cancellation),
            console=console,
            transient=True,
        )
        self._best = ""
        self._task = self._drawn.add_task("starting", total=None)

    def start(self) -> None:
        self._drawn.start()

    def stop(self) -> None:
        self._drawn.stop()

    def update(self, event: Progress) -> None:
        """The bar is the part of the budget that is used: nobody knows how long a search will take."""
        parts = [clean(event.message) or _PHASES.get(event.phase, event.phase)]
        if event.evaluations:
            parts.append(counted(event.evaluations, "candidate"))
        if event.usage:
            parts.append(in_short(event.usage))
        self._best = event.best or self._best  # who waits for a model's answer does not know it
        if self._best:
            parts.append(f"best {self._best}")
        self._drawn.update(
            self._task,
            description=", ".join(parts),
            total=None if event.fraction is None else 1.0,
            completed=event.fraction or 0.0,
        )


class _Words(ProgressColumn):
    """What goes on; once the wish to stop was heard, that it was: the run may take a moment to get round to it."""

    max_refresh = None

    def __init__(self, cancellation: Cancellation) -> None:
        super().__init__(table_column=Column(no_wrap=True, overflow="ellipsis"))
        self._cancellation = cancellation

    def render(self, task: Task) -> Text:
        if self._cancellation.cancelled:
            return Text(ENDING if self._cancellation.urgent else STOPPING, style="yellow")
        return Text(task.description)
