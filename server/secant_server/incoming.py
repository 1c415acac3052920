"""What the editor sends, read in the event loop itself.

pygls reads stdin in a thread: three or four changes of thread for one message, each of which waits its turn on a busy
machine. Where the stream is one that an event loop can watch, there is none.
"""

from __future__ import annotations

import asyncio
import os
import re
import stat
import sys
from typing import BinaryIO

_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
"""A field of HTTP: in any case, with or without blanks. Without the length the rest of a session could not be read."""
_BUFFER = 1 << 20
"""How much is read ahead, in bytes. A message may be longer."""


class Incoming:
    """The stream of messages, as pygls reads one."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream

    async def readline(self) -> bytes:
        """A line of a message's head, as pygls spells it; nothing at the end."""
        line = await self._stream.readline()
        found = _LENGTH.fullmatch(line)
        return b"Content-Length: %s\r\n" % found[1] if found is not None else line

    def end(self) -> None:
        """Read no more: the editor has gone."""
        self._stream.feed_eof()

    async def readexactly(self, n: int) -> bytes:
        """A message's body; nothing where the stream ends before it does."""
        await asyncio.sleep(0)  # what the messages before this one began gets its turn, however many have come
        try:
            return await self._stream.readexactly(n)
        except asyncio.IncompleteReadError:
            return b""


def watchable(reader: BinaryIO, writer: BinaryIO) -> bool:
    """Whether an event loop can wait for the stream, without a change to how `writer` writes."""
    if sys.platform == "win32":
        return False
    mode = os.fstat(reader.fileno()).st_mode
    # One open file for both (a terminal, a socket of inetd) would not block on writing either, and lose what is sent.
    both = os.path.sameopenfile(reader.fileno(), writer.fileno())
    return not both and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))


async def incoming(reader: BinaryIO) -> Incoming:
    """Begin to read. The stream does not block from now on."""
    stream = asyncio.StreamReader(limit=_BUFFER)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), reader)
    return Incoming(stream)
