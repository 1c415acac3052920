"""The face of a run in a terminal: tells each event once, with a moving line below where that can be drawn."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.text import Text

from secant.cancellation import Cancellation
from secant.cli import cases, opening, result
from secant.cli.failure import tell
from secant.cli.progress import Bar
from secant.cli.terminal import clean, is_live, warn
from secant.cli.words import Words
from secant.config import EvalRequest
from secant.events import (
    Baseline,
    Confirmed,
    Evaluated,
    Event,
    Failed,
    Finished,
    Forecast,
    Improved,
    Notice,
    Progress,
    RunStarted,
    TargetFound,
    TestsFound,
)
from secant.judging import judges_of


class Story:
    """A listener. Used as a context, so that the terminal is left as it was found."""

    def __init__(self, console: Console, cancellation: Cancellation) -> None:
        self._console = console
        self._bar = Bar(self._console, cancellation) if is_live(self._console) else None
        self._path = Path()
        self._words = Words("tests")
        self._scoring = False
        """Cases are told one by one, since nothing else comes of the run."""
        self._places: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def say(self, message: str) -> None:
        """For a signal handler: the moving line says it by itself."""
        if self._bar is None:
            warn(message)

    def __call__(self, event: Event, /) -> None:
        match event:
            case RunStarted():
                self._words = Words(judges_of(event.kind, event.request))
                self._scoring = event.kind == EvalRequest.kind
                self._begin()
            case TargetFound():
                self._path = Path(event.path)
                self._print(opening.target(event, self._words))
            case TestsFound():
                self._places = {test.id: test.place for test in event.tests if test.place}
                self._print(opening.tests(event, self._words))
            case Baseline():
                self._print(*([] if self._scoring else [opening.baseline(event, self._words, self._places)]))
            case Forecast() | Notice():
                self._print(opening.forecast(event) if isinstance(event, Forecast) else _notice(event))
            case Progress():
                self._move(event)
            case Improved() if self._bar is None:
                self._print(Text(f"Better     {result.standing(event, self._words)}"))
            case Evaluated() if self._scoring:
                self._print(*cases.cases(event.evaluation, self._places) if event.evaluation else ())
            case Confirmed(ok=False):
                self._print(Text(f"Dropped    a candidate that did not hold: {clean(event.reason)}", style="dim"))
            case Finished():
                self._end()
                self._print(*result.result(event, self._path, self._words))
            case Failed():
                self._end()
                tell(event)
            case _:
                pass

    def _begin(self) -> None:
        if self._bar is not None:
            self._bar.start()

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _move(self, event: Progress) -> None:
        if self._bar is not None:
            self._bar.update(event)
        elif event.phase == "confirm":
            self._print(Text(f"Confirm    the best are verified {self._words.confirmed}"))

    def _print(self, *parts: RenderableType) -> None:
        for part in parts:
            self._console.print(part, soft_wrap=isinstance(part, Text))


def _notice(event: Notice) -> Text:
    label = Text("Warning    ", style="bold yellow") if event.level == "warning" else Text("Note       ", style="bold")
    label.append(clean(event.message), style="not bold")
    for line in clean(event.hint).splitlines():
        label.append(f"\n           {line}", style="not bold dim")
    return label
