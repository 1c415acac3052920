"""The progress of a run in the editor: begun by the server, cancellable, at most five reports a second.

Says what it is given. What cancelling means is up to whoever opened it.
"""

from __future__ import annotations

from typing import Protocol

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.progress import Progress

from secant_server.throttle import Throttle, Timer

_INTERVAL = 0.2


class Bar(Protocol):
    """Where a run is."""

    async def open(self, title: str) -> None: ...

    def report(self, message: str, fraction: float | None) -> None: ...

    def close(self, message: str) -> None:
        """Say the last words. Closing again is harmless."""
        ...


class Hidden:
    """For an editor that shows no progress."""

    async def open(self, title: str) -> None:
        pass

    def report(self, message: str, fraction: float | None) -> None:
        pass

    def close(self, message: str) -> None:
        pass


class Shown:
    """A progress item of the editor."""

    def __init__(self, progress: Progress, token: str, timer: Timer) -> None:
        self._progress = progress
        self._token = token
        self._throttle = Throttle(_INTERVAL, self._say, timer)
        self._message = ""
        self._percentage = 0
        self._open = self._closed = False

    async def open(self, title: str) -> None:
        """Ask the editor for the item. A run does not wait for the answer, and goes on where it is a refusal."""
        try:
            await self._progress.create_async(self._token)  # pyright: ignore[reportUnknownMemberType]
        except JsonRpcException:
            return
        self._progress.begin(self._token, lsp.WorkDoneProgressBegin(title=title, cancellable=True, percentage=0))
        self._open = True
        if self._closed:  # the run was over before the editor answered
            self._end()

    def report(self, message: str, fraction: float | None) -> None:
        self._message = message
        if fraction is not None:
            self._percentage = max(self._percentage, min(100, int(100 * fraction)))
        if self._open and not self._closed:
            self._throttle()

    def close(self, message: str) -> None:
        if not self._closed:
            self._closed = True
            self._throttle.cancel()
            self._message = message
            if self._open:
                self._end()

    def _say(self) -> None:
        report = lsp.WorkDoneProgressReport(message=self._message, percentage=self._percentage)
        self._progress.report(self._token, report)

    def _end(self) -> None:
        self._progress.end(self._token, lsp.WorkDoneProgressEnd(message=self._message))
        self._progress.tokens.pop(self._token, None)  # pyright: ignore[reportUnknownMemberType]
