"""The server as pygls knows it: what it is called, how it reads and writes.

What an editor sees of Secant is in the session, which is made once the editor is ready (see `life`).
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, BinaryIO

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.io_ import StdinAsyncReader, run_async
from pygls.lsp.server import LanguageServer

from secant_server import features
from secant_server.incoming import incoming, watchable
from secant_server.life import Life
from secant_server.outgoing import Outgoing
from secant_server.protocol import Protocol


class Server(LanguageServer):
    """One process, one editor."""

    def __init__(self, engine: Sequence[str] = (), grace: float | None = None) -> None:
        """`engine` is the command that starts an engine, `grace` the seconds that a stopped one has to end."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "secant", version("secant"), protocol_cls=Protocol
        )
        logging.getLogger("pygls").setLevel(logging.ERROR)  # anything less writes whole messages to the editor's log
        for name in ("io_", "protocol.json_rpc"):
            logging.getLogger(f"pygls.{name}").addFilter(_is_ours)
        self.life = Life(self, engine, grace)
        features.register(self, self.life)

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

    def report_server_error(self, error: Exception, source: Any) -> None:
        """To the log: a fault of ours is nothing that a person should have to click away."""
        text = f"{type(error).__name__}: {error}"
        self.window_log_message(lsp.LogMessageParams(type=lsp.MessageType.Error, message=text))


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether it is about a fault of ours. One of the editor's is answered and told in a line, without a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    theirs = str(record.msg).startswith(("Unable to deserialize message", "Unable to handle message"))
    return not theirs and (isinstance(error, JsonRpcInternalError) or not isinstance(error, JsonRpcException))
