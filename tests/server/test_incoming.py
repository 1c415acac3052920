"""Messages of the editor: read in the event loop where the stream allows, and in turn with everything else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from secant_server.incoming import incoming, watchable


def test_pipes_and_sockets_can_be_watched(tmp_path: Path) -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as reader, os.fdopen(write, "wb"), (tmp_path / "out").open("wb") as writer:
        assert watchable(reader, writer)
    one, other = socket.socketpair()
    with one, other, one.makefile("rb", buffering=0) as reader, (tmp_path / "out").open("wb") as writer:
        assert watchable(reader, writer)


def test_a_file_and_one_end_for_both_ways_cannot(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_bytes(b"")
    one, other = socket.socketpair()
    with path.open("rb") as reader, (tmp_path / "out").open("wb") as writer:
        assert not watchable(reader, writer)
    with one, other, one.makefile("rb") as reader, one.makefile("wb") as writer:
        assert not watchable(reader, writer)


@pytest.mark.asyncio
async def test_what_is_read_and_what_ends_too_soon() -> None:
    read, write = os.pipe()
    with os.fdopen(write, "wb", buffering=0) as writer:
        writer.write(b"Content-Length: 3\r\n\r\nabcContent-Length: 9\r\n\r\nabc")
        messages = await incoming(os.fdopen(read, "rb"))
        assert [await messages.readline() for _ in range(2)] == [b"Content-Length: 3\r\n", b"\r\n"]
        assert await messages.readexactly(3) == b"abc"
        assert [await messages.readline() for _ in range(2)] == [b"Content-Length: 9\r\n", b"\r\n"]
    assert await messages.readexactly(9) == b""
    assert await messages.readline() == b""


@pytest.mark.asyncio
@pytest.mark.parametrize("head", [b"content-length: 3\r\n", b"Content-Length:3\r\n", b"CONTENT-LENGTH : 3 \r\n"])
async def test_a_length_as_http_may_spell_it(head: bytes) -> None:
    read, write = os.pipe()
    with os.fdopen(write, "wb", buffering=0) as writer:
        writer.write(head)
        messages = await incoming(os.fdopen(read, "rb"))
        assert await messages.readline() == b"Content-Length: 3\r\n"


@pytest.mark.asyncio
async def test_messages_that_came_at_once_leave_a_turn_to_others() -> None:
    read, write = os.pipe()
    turns: list[str] = []

    async def other() -> None:
        turns.append("other")

    with os.fdopen(write, "wb", buffering=0) as writer:
        writer.write(b"abcabc")
        messages = await incoming(os.fdopen(read, "rb"))
        for _ in range(2):
            task = asyncio.create_task(other())
            assert await messages.readexactly(3) == b"abc"
            turns.append("message")
            await task
    assert turns == ["other", "message", "other", "message"]


def test_a_session_is_read_from_a_file_too(tmp_path: Path) -> None:
    """What no event loop can watch is read as pygls does."""
    session = tmp_path / "session"
    messages = (
        {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    )
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    session.write_bytes(b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies))
    with session.open("rb") as stdin:
        command = (sys.executable, "-m", "secant_server")
        done = subprocess.run(command, stdin=stdin, capture_output=True, check=False, cwd=tmp_path)
    assert b'"serverInfo"' in done.stdout
    assert done.returncode == 0
