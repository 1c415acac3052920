"""One run in the foreground: events go to a face, signals to its cancellation, and there always is a last event."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from secant.cancellation import Cancellation
from secant.cli.failure import described, unexpected
from secant.cli.lines import Lines
from secant.cli.stopping import stoppable
from secant.cli.story import Story
from secant.cli.terminal import output_console
from secant.config import RunRequest
from secant.engine import optimize
from secant.errors import SecantError
from secant.events import Event, Failed
from secant.journal import Listener, Recorder

Conduct = Callable[[Sequence[Listener], Cancellation], int]


def conduct(run: Conduct, *, json: bool) -> int:
    """Conduct a run to its end; the exit code."""
    cancellation = Cancellation()
    place = _Place()
    with ExitStack() as stack:
        face = Lines() if json else stack.enter_context(Story(output_console(), cancellation))
        stack.enter_context(stoppable(cancellation, face.say))
        try:
            return run([place, face], cancellation)
        except BrokenPipeError:
            _forget_stdout()
            return 1
        except (SecantError, OSError) as error:
            return place.failed(described(error), face)
        except KeyboardInterrupt:
            return place.failed(Failed(message="the run was ended at once", exit_code=1), face)
        except Exception as error:  # noqa: BLE001  # because even a bug of ours must leave a last event behind
            return place.failed(unexpected(error), face)


def run(request: RunRequest, *, json: bool) -> int:
    """Conduct a new run; the exit code."""
    return conduct(lambda listeners, cancellation: optimize(request, listeners, cancellation, os.environ), json=json)


class _Place:
    """How far the events have come, so that one from here fits behind them."""

    def __init__(self) -> None:
        self._run = ""
        self._seq = 0

    def __call__(self, event: Event, /) -> None:
        self._run, self._seq = event.run, event.seq

    def failed(self, failed: Failed, face: Listener) -> int:
        Recorder(self._run, None, [face], seq=self._seq).record(failed)
        return failed.exit_code


def _forget_stdout() -> None:
    """Whoever read stdout has gone: what Python flushes at its end goes nowhere, without a word."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
