"""One event loop in a thread of its own, for a caller that is not asynchronous. Knows nothing of models."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_LULL_SECONDS = 0.002
"""Answers that come closer together than this are one burst."""
_SHARE = 2
"""Where those that landed are more than those aloft divided by this, whoever waits is woken in any case."""


class Flight(Generic[T]):
    """Coroutines under way, each with a number. Each lands once: with its value, its exception, or cancelled.

    Both threads take turns at one interpreter lock, so whoever waits is woken for many at a time: it would only hold up
    the loop, which has the next requests to send.
    """

    def __init__(self, background: Background) -> None:
        self._background = background
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready: deque[tuple[int, Coroutine[Any, Any, T]]] = deque()
        """Sent, not started yet."""
        self._told = False
        """The loop knows that there are some."""
        self._tasks: dict[int, asyncio.Task[T]] = {}
        self._landed: list[tuple[int, asyncio.Task[T]]] = []
        self._count = 0
        """How many have landed."""
        self._watching = False
        """Somebody will look whether there is a lull."""
        self._handed: queue.SimpleQueue[list[tuple[int, asyncio.Task[T]]]] = queue.SimpleQueue()
        self._taken: deque[tuple[int, asyncio.Task[T]]] = deque()

    def send(self, number: int, coroutine: Coroutine[Any, Any, T]) -> None:
        """Start one more. The first of a background starts its thread."""
        self._loop = self._background.loop()
        self._ready.append((number, coroutine))
        if not self._told:
            self._told = True
            self._loop.call_soon_threadsafe(self._start)

    def next(self, timeout: float) -> tuple[int, asyncio.Task[T]] | None:
        """The next that landed, in the order of landing; None where none did within `timeout` seconds."""
        if not self._taken:
            try:
                self._taken.extend(self._handed.get(timeout=timeout))
            except queue.Empty:
                return None
        return self._taken.popleft()

    def cancel(self) -> None:
        """Ask all that are aloft to come down. They land as any other."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cancel)

    # In the loop's thread

    def _start(self) -> None:
        assert self._loop is not None
        self._told = False  # before looking: what is sent from here on is told of again
        while self._ready:
            number, coroutine = self._ready.popleft()
            task = self._loop.create_task(coroutine)
            self._tasks[number] = task
            task.add_done_callback(partial(self._land, number))

    def _land(self, number: int, task: asyncio.Task[T]) -> None:
        del self._tasks[number]
        self._landed.append((number, task))
        self._count += 1
        if _SHARE * len(self._landed) >= len(self._tasks):
            self._hand_over()
        elif not self._watching:
            self._watch()

    def _watch(self) -> None:
        assert self._loop is not None
        self._watching = True
        self._loop.call_later(_LULL_SECONDS, self._look, self._count)

    def _look(self, before: int) -> None:
        """Hand over where nothing landed meanwhile."""
        self._watching = False
        if self._landed and self._count > before:
            self._watch()
        elif self._landed:
            self._hand_over()

    def _hand_over(self) -> None:
        self._handed.put(self._landed)
        self._landed = []

    def _cancel(self) -> None:
        for task in tuple(self._tasks.values()):
            task.cancel()


class Background:
    """The loop. Its thread is started with the first flight and ends with `close`; it never keeps a process alive."""

    def __init__(self, name: str = "secant-models") -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float) -> T:
        """Wait for one. Raises TimeoutError; what it raises is raised."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop()).result(timeout)

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self, *, patience: float = 5.0) -> None:
        """Cancel what is left and end the thread. Closing again is harmless."""
        with self._lock:
            loop, thread, self._closed = self._loop, self._thread, True
        if loop is None or thread is None or not thread.is_alive():
            return
        loop.call_soon_threadsafe(_wind_up, loop)
        thread.join(patience)

    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop. Raises RuntimeError after `close`."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the models of this run are closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


def _wind_up(loop: asyncio.AbstractEventLoop) -> None:
    """Let what is cancelled clean up behind itself, then stop."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    ending = loop.create_task(_ended(left))
    ending.add_done_callback(lambda _: loop.stop())


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
