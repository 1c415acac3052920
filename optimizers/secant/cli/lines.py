"""The face of `--json`: one event per line on stdout, flushed at once, and nothing else there."""

from __future__ import annotations

import sys

from secant.cli.terminal import warn
from secant.events import Event, dump


class Lines:
    """Writes UTF-8 whatever the terminal's encoding is: it is JSON."""

    def __init__(self) -> None:
        self._out = sys.stdout.buffer

    def __call__(self, event: Event, /) -> None:
        self._out.write(dump(event).encode() + b"\n")
        self._out.flush()

    def say(self, message: str) -> None:
        warn(message)
