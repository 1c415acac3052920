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
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from secant_server import features
from secant_server.incoming import incoming, watchable
from secant_server.life import Life
from secant_server.protocol import Protocol


class Server(LanguageServer):
    """One process, one editor."""

    def __init__(self, engine: Sequence[str] = (), grace: float | None = None) -> None:
        """`engine` is the command that starts an engine, `grace` the seconds that a stopped one has to end."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "secant", version("secant"), protocol_cls=Protocol
        )
        logging.getLogger("pygls").setLevel(logging.ERROR)  # anything less writes whole messages to the editor's log
        self.life = Life(self, engine, grace)
        features.register(self, self.life)

    def start_io(self, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None) -> None:
        """Serve one editor until it leaves."""
        reader, writer = stdin or sys.stdin.buffer, stdout or sys.stdout.buffer
        if not watchable(reader, writer):
            super().start_io(reader, writer)
            return
        self.protocol.set_writer(StdoutWriter(writer))
        try:
            asyncio.run(self._served(reader))
        except BrokenPipeError:
            pass  # the editor is gone: there is nobody to tell
        finally:
            self.shutdown()

    async def _served(self, reader: BinaryIO) -> None:
        self._stop_event = threading.Event()
        messages = await incoming(reader)
        await run_async(self._stop_event, messages, self.protocol, error_handler=self.report_server_error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """To the log: a fault of ours is nothing that a person should have to click away."""
        text = f"{type(error).__name__}: {error}"
        self.window_log_message(lsp.LogMessageParams(type=lsp.MessageType.Error, message=text))
