"""The server as pygls knows it: its life from `initialize` to `exit`.

What an editor sees of Secant is in the session, which is made once the editor is ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
import threading
from collections.abc import Generator, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, BinaryIO

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.io_ import StdinAsyncReader, run_async
from pygls.lsp.server import LanguageServer

from secant_server import features
from secant_server.client import client_of
from secant_server.incoming import incoming, watchable
from secant_server.outgoing import Outgoing
from secant_server.protocol import Protocol

if TYPE_CHECKING:
    from secant_server.session import Session


class Server(LanguageServer):
    """One process, one editor."""

    def __init__(self, engine: Sequence[str] = (), grace: float | None = None) -> None:
        """`engine` is the command that starts an engine, `grace` the seconds that a stopped one has to end."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "secant", version("secant"), protocol_cls=Protocol
        )
        self._engine = engine
        self._grace = grace
        self._answering: dict[asyncio.Task[Any], asyncio.Future[Any]] = {}
        logging.getLogger("pygls").setLevel(logging.ERROR)  # anything less writes whole messages to the editor's log
        for name in ("io_", "protocol.json_rpc"):
            logging.getLogger(f"pygls.{name}").addFilter(_is_ours)
        features.register(self)

    @cached_property
    def session(self) -> Session:
        # Loaded here: the reply to `initialize` does not wait for it.
        from secant_server.engine import COMMAND  # noqa: PLC0415
        from secant_server.runs import GRACE_SECONDS  # noqa: PLC0415
        from secant_server.session import Session  # noqa: PLC0415

        grace = GRACE_SECONDS if self._grace is None else self._grace
        return Session(self, client_of(self.client_capabilities), self._engine or COMMAND, grace)

    def start_io(self, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None) -> None:
        """Serve one editor until it leaves."""
        try:
            asyncio.run(self._served(stdin or sys.stdin.buffer, stdout or sys.stdout.buffer))
        finally:
            self.shutdown()

    async def _served(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._stop_event = threading.Event()
        if watchable(reader, writer):
            messages = await incoming(reader)
            gone = messages.end
        else:
            messages = StdinAsyncReader(reader, self.thread_pool)
            gone = self._stop_event.set
        self.protocol.set_writer(Outgoing(writer, gone))
        await run_async(self._stop_event, messages, self.protocol, error_handler=self.report_server_error)

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

    def report_server_error(self, error: Exception, source: Any) -> None:
        """To the log: a fault of ours is nothing that a person should have to click away."""
        text = f"{type(error).__name__}: {error}"
        self.window_log_message(lsp.LogMessageParams(type=lsp.MessageType.Error, message=text))


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether it is about a fault of ours. One of the editor's is answered and told in a line, without a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    theirs = str(record.msg).startswith(("Unable to deserialize message", "Unable to handle message"))
    return not theirs and (isinstance(error, JsonRpcInternalError) or not isinstance(error, JsonRpcException))
