"""The worker's modes: `warm` collects once and swaps code, `fresh` imports the project anew in every child, `cold` is
one plain run of pytest; `check` runs what judges a text that is no function, and needs no pytest."""

from __future__ import annotations

import os
import sys

from . import isolation
from .protocol import Channel, Request


def serve(requests: int, responses: int, mode: str) -> None:
    """Answer the engine until it closes its end of the pipe."""
    channel = Channel(requests, responses)
    request = channel.receive()
    if request is None:
        return
    if mode == "cold":
        from . import cold  # noqa: PLC0415 because a mode loads only what it needs, as below

        channel.close()
        cold.run(request)
        return
    if mode == "check":
        from .check import Check  # noqa: PLC0415

        _settle(request)
        Check(channel, request).main()
        return
    try:
        import pytest  # noqa: PLC0415 because it may be missing, which is an answer
    except ImportError as error:
        channel.send(request, error="no_pytest", message="%s: %s" % (sys.executable, error))
        return
    # Before the namespaces, in which this folder is read-only: there its bytecode could not be kept for the next start.
    if mode == "warm":
        from .warm import Warm as Mode  # noqa: PLC0415
    else:
        from .fresh import Fresh as Mode  # noqa: PLC0415
    _settle(request)
    Mode(channel, request).main(pytest)


def _settle(request: Request) -> None:
    """Before anything of the user's is run."""
    if request["namespaces"]:
        isolation.enter_namespaces(request["writable"])
    isolation.die_with_parent()  # not before: entering a namespace revokes it
    _leave_terminal()


def _leave_terminal() -> None:
    """Standard input is nobody's: a test that reads it sees its end, as under pytest."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
