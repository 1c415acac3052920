"""A connection's life as an editor tells it, from `initialized` to `shutdown`: its session, and what waits for an end.

It does not know which requests there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Generator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pygls.lsp.server import LanguageServer

from secant_server.client import client_of

if TYPE_CHECKING:
    from secant_server.session import Session


class Life:
    """Of one server with one editor."""

    def __init__(self, server: LanguageServer, engine: Sequence[str], grace: float | None) -> None:
        """`engine` is the command that starts an engine, `grace` the seconds that a stopped one has to end."""
        self._server = server
        self._engine = engine
        self._grace = grace
        self._answering: dict[asyncio.Task[Any], asyncio.Future[Any]] = {}

    @cached_property
    def session(self) -> Session:
        # Loaded here: the reply to `initialize` does not wait for it.
        from secant_server.engine import COMMAND  # noqa: PLC0415
        from secant_server.runs import GRACE_SECONDS  # noqa: PLC0415
        from secant_server.session import Session  # noqa: PLC0415

        grace = GRACE_SECONDS if self._grace is None else self._grace
        return Session(self._server, client_of(self._server.client_capabilities), self._engine or COMMAND, grace)

    def begin(self) -> None:
        """The editor is ready."""
        self.session.editor.begin()
        gc.freeze()  # what has been loaded stays: walking through all of it would hold up an answer for 20 ms

    async def end(self) -> None:
        """Nothing is left when this returns: no process, no question, no command without its answer.

        pygls cancels what is pending at shutdown while it walks through it, which fails where anything is.
        """
        for work in list(self._answering.values()):
            work.cancel()
        if self._answering:
            await asyncio.wait(list(self._answering))
        if "session" in self.__dict__:
            await self.session.close()

    @contextlib.contextmanager
    def answering(self, task: asyncio.Task[Any], work: asyncio.Future[Any]) -> Generator[None]:
        """A command waits for its work."""
        self._answering[task] = work
        try:
            yield
        finally:
            del self._answering[task]
