"""One event loop in a thread of its own, for a caller that is not asynchronous. Knows nothing of models."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Flight(Generic[T]):
    """Coroutines under way, each with a number. Each lands once: with its value, its exception, or cancelled."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._landed: queue.SimpleQueue[tuple[int, asyncio.Task[T]]] = queue.SimpleQueue()
        self._tasks: dict[int, asyncio.Task[T]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, number: int, coroutine: Coroutine[Any, Any, T]) -> None:
        """Start one more. The first of a background starts its thread."""
        self._loop = self._background.loop()
        self._loop.call_soon_threadsafe(self._start, number, coroutine)

    def _start(self, number: int, coroutine: Coroutine[Any, Any, T]) -> None:
        assert self._loop is not None
        task = self._loop.create_task(coroutine)
        self._tasks[number] = task
        task.add_done_callback(lambda done: self._land(number, done))

    def _land(self, number: int, task: asyncio.Task[T]) -> None:
        del self._tasks[number]
        self._landed.put((number, task))

    def next(self, timeout: float) -> tuple[int, asyncio.Task[T]] | None:
        """The next that landed, in the order of landing; None where none did within `timeout` seconds."""
        try:
            return self._landed.get(timeout=timeout)
        except queue.Empty:
            return None

    def cancel(self) -> None:
        """Ask all that are aloft to come down. They land as any other."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cancel)

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
