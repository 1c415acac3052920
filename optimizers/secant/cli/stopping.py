"""Ctrl-C and SIGTERM: the first asks for an orderly end that keeps the best so far, the second ends at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from secant.cancellation import Cancellation

STOPPING = "stopping, keeping the best so far; press again to end now"
ENDING = "ending now"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(cancellation: Cancellation, say: Callable[[str], None]) -> Generator[None]:
    """Signals go to `cancellation` meanwhile. A third gives up waiting: KeyboardInterrupt."""

    def stop(number: int, _frame: FrameType | None) -> None:
        if cancellation.urgent:
            raise KeyboardInterrupt
        say(ENDING if cancellation.cancelled else STOPPING)
        cancellation.cancel("stopped by the user" if number == signal.SIGINT else "terminated")

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
