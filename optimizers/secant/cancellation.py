"""The wish to stop, passed down: set by a signal handler or a client, read by the driver between evaluations.

Knows nothing of what is stopped, and ends nothing by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from secant.errors import SecantError


class Interrupted(Exception):  # noqa: N818 - an outcome
    """What was waited for is not waited for any more: the run is to end, and can do without it."""


class Stopped(SecantError):  # noqa: N818 - an outcome
    """The user ended the run before there was a result to tell."""


class Cancellation:
    """A request to stop. The first asks for an orderly end (best so far, confirmed), a second for the end at once."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._insisted = threading.Event()
        self._reason = ""
        self._dispensable = False

    def cancel(self, reason: str = "cancelled") -> None:
        """Ask to stop; asking again insists. Safe in a signal handler and from any thread."""
        if self._asked.is_set():
            self._insisted.set()
            return
        self._reason = reason
        self._asked.set()

    @property
    def cancelled(self) -> bool:
        return self._asked.is_set()

    @property
    def urgent(self) -> bool:
        """True after a second request: nothing more is run, not even the confirmation of the best."""
        return self._insisted.is_set()

    @contextmanager
    def dispensable(self) -> Generator[None]:
        """What is done meanwhile (one more evaluation) is left where it is at the first request: see `check`."""
        self._dispensable = True
        try:
            yield
        finally:
            self._dispensable = False

    def check(self) -> None:
        """For whoever waits long. Raises Interrupted where the end was asked for and nobody needs the answer then."""
        if self._dispensable and self.cancelled:
            raise Interrupted(self._reason)

    @property
    def reason(self) -> str:
        return self._reason
