"""What the server sends, until nobody reads it any more.

pygls reports what it cannot send to the editor, which cannot be sent either, and so on without end. After `exit` runs
are still told their end, and an editor that dies may close one stream before the other: both say nothing, here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import BinaryIO


class Outgoing:
    """The stream to the editor, as pygls writes one."""

    def __init__(self, stream: BinaryIO, gone: Callable[[], object]) -> None:
        """`gone` is called when the editor has closed its end."""
        self._stream = stream
        self._gone = gone

    def write(self, data: bytes) -> None:
        """Send it. Nothing where the stream is closed."""
        if self._stream.closed:
            return
        try:
            self._stream.write(data)
            self._stream.flush()
        except BrokenPipeError:
            self.close()
            self._gone()

    def close(self) -> None:
        """Send nothing from now on. Closing again is harmless."""
        with contextlib.suppress(BrokenPipeError):  # what is left in its buffer
            self._stream.close()
