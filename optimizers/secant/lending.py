"""The way to the models of the editor, for an engine that is an editor's child process: lines out, lines in.

A request goes out as one line and its answer comes in as another, matched by id (`models.lent` has both). What is not
wanted any more is withdrawn; when nothing can come in any more, all that was asked has failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from secant.models.lent import LentFailure, LentRequest, LentText, Withdraw, answer

_GONE = LentFailure(kind="connection", message="whoever lent the model has gone")


class _Waiting(NamedTuple):
    """A request under way, in the loop that asked."""

    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[LentText | LentFailure]

    def settle(self, found: LentText | LentFailure) -> None:
        """Hand the answer over, from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits
            self.loop.call_soon_threadsafe(self._set, found)

    def _set(self, found: LentText | LentFailure) -> None:
        if not self.answer.done():
            self.answer.set_result(found)


class LineLender:
    """Implements `models.editor.Lender`. Asked from one event loop, answered from the thread that reads stdin."""

    def __init__(self, send: Callable[[Mapping[str, Any]], None]) -> None:
        """`send` writes one line; from any thread."""
        self._send = send
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[str, _Waiting] = {}
        self._closed = False

    async def complete(self, request: LentRequest) -> LentText | LentFailure:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(loop, loop.create_future())
        with self._lock:
            if self._closed:
                return _GONE
            identity = str(next(self._numbers))
            self._waiting[identity] = waiting
        self._send({"complete": {"id": identity, **request.wire()}})
        try:
            return await waiting.answer
        except asyncio.CancelledError:
            self._send({"withdraw": Withdraw(id=identity).wire()})
            raise
        finally:
            with self._lock:
                self._waiting.pop(identity, None)

    def take(self, message: Mapping[str, Any]) -> None:
        """Take in a line that is an answer. Any other, and an answer that nobody waits for, is left alone."""
        found = message.get("completed")
        if not isinstance(found, dict):
            return
        fields = cast("dict[str, Any]", found)
        with self._lock:
            waiting = self._waiting.pop(str(fields.get("id")), None)
        if waiting is not None:
            waiting.settle(answer(fields))

    def close(self) -> None:
        """Nothing comes in any more."""
        with self._lock:
            self._closed = True
            left = list(self._waiting.values())
            self._waiting.clear()
        for waiting in left:
            waiting.settle(_GONE)
