"""What happens often is said rarely: at once and once more at the end of an interval, or when it has come to rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """An event loop, as far as it keeps time."""

    def time(self) -> float: ...

    def call_at(self, when: float, callback: Callable[[], object], /) -> Cancellable: ...


class Cancellable(Protocol):
    def cancel(self) -> None: ...


class Throttle:
    """Does something at most once per interval, and never leaves the last call undone."""

    def __init__(self, interval: float, act: Callable[[], None], timer: Timer) -> None:
        self._interval = interval
        self._act = act
        self._timer = timer
        self._due = float("-inf")
        self._waiting: Cancellable | None = None

    def __call__(self) -> None:
        if self._waiting is None:
            if self._timer.time() >= self._due:
                self._now()
            else:
                self._waiting = self._timer.call_at(self._due, self._now)

    def cancel(self) -> None:
        """Forget what waits."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _now(self) -> None:
        self._waiting = None
        self._due = self._timer.time() + self._interval
        self._act()


class Pause:
    """Does something once nothing was said for a while."""

    def __init__(self, seconds: float, act: Callable[[], None], timer: Timer) -> None:
        self._seconds = seconds
        self._act = act
        self._timer = timer
        self._waiting: Cancellable | None = None

    def __call__(self) -> None:
        self.cancel()
        self._waiting = self._timer.call_at(self._timer.time() + self._seconds, self._now)

    def cancel(self) -> None:
        """Forget what waits."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _now(self) -> None:
        self._waiting = None
        self._act()
