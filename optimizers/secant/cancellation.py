"""The wish to stop, passed down: set by a signal handler or a client, read by the driver between evaluations.

Knows nothing of what is stopped, and ends nothing by itself.
"""

from __future__ import annotations

import threading


class Cancellation:
    """A request to stop. The first asks for an orderly end (best so far, confirmed), a second for the end at once."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._insisted = threading.Event()
        self._reason = ""

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

    @property
    def reason(self) -> str:
        return self._reason
