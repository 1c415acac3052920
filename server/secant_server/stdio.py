"""The wire to the editor: stdin and stdout, kept private.

One stray `print` between two messages ends a session in some editors. So the two descriptors of the protocol are taken
away first: whatever anybody prints in this process or in a child goes to stderr, which editors show as a log.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO, NamedTuple

_SWITCH_SECONDS = 0.001
"""How long a thread that reads journals may keep the answer to a keystroke waiting, each time it needs the turn."""


class Wire(NamedTuple):
    """The streams that carry the protocol, and nothing else."""

    reader: BinaryIO
    writer: BinaryIO


def claim() -> Wire:
    """Take stdin and stdout away from everybody else in this process: they get the null device and stderr."""
    wire = Wire(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return wire


def serve() -> None:
    """Serve one editor until it leaves."""
    wire = claim()
    sys.setswitchinterval(_SWITCH_SECONDS)
    from secant_server.server import Server  # noqa: PLC0415 - what an import prints must not reach the editor either

    Server().start_io(wire.reader, wire.writer)
