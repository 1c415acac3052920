"""The server as a process: its stdout is the protocol and nothing else, and it leaves no process behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.server.conftest import BETTER, Opening
from tests.server.puppet import Engines, Puppet

pytestmark = pytest.mark.asyncio

SERVER = """
import os, sys
from secant_server.stdio import claim
wire = claim()
print("printed by the server")
os.write(1, b"written by the server\\n")
os.system("echo said by a child")
from secant_server.server import Server
Server(sys.argv[1:]).start_io(*wire)
"""


class Wire:
    """A server's process, seen byte by byte."""

    def __init__(self, process: asyncio.subprocess.Process, engines: Engines) -> None:
        self.process = process
        self.engines = engines
        self._number = 0

    async def message(self) -> dict[str, Any]:
        """The next frame. Anything else on the wire fails the test."""
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            head = await self.process.stdout.readuntil(b"\r\n\r\n")
            fields = dict(line.split(b": ", 1) for line in head.removesuffix(b"\r\n\r\n").split(b"\r\n"))
            assert set(fields) <= {b"Content-Length", b"Content-Type"}
            return json.loads(await self.process.stdout.readexactly(int(fields[b"Content-Length"])))

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is wanted; requests on the way are answered with null."""
        while not wanted(message := await self.message()):
            if "id" in message and "method" in message:
                self.send(id=message["id"], result=None)
        return message

    async def request(self, method: str, params: object) -> Any:
        self._number += 1
        number = self._number
        self.send(id=number, method=method, params=params)
        return (await self.until(lambda m: m.get("id") == number and "method" not in m)).get("result")

    def send(self, **message: object) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def running(self, project: Path, capabilities: Mapping[str, object] | None = None) -> Puppet:
        """A run under way; its engine."""
        folder = {"uri": project.as_uri(), "name": "project"}
        asked: Mapping[str, object] = {"capabilities": dict(capabilities or {}), "processId": None}
        await self.request("initialize", {**asked, "workspaceFolders": [folder]})
        self.send(method="initialized", params={})
        where = {"uri": (project / "shop.py").as_uri(), "position": {"line": 3, "character": 0}}
        answer = await self.request("workspace/executeCommand", {"command": "secant.optimize", "arguments": [where]})
        assert answer["run"]
        return await self.engines.next()


Starting = Callable[[], Awaitable[Wire]]


@pytest_asyncio.fixture
async def starting() -> AsyncIterator[Starting]:
    async with AsyncExitStack() as stack:

        async def start() -> Wire:
            engines = Engines()
            await engines.open()
            stack.push_async_callback(engines.close)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                SERVER,
                *engines.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )

            async def end() -> None:
                if process.returncode is None:
                    process.kill()
                await process.communicate()

            stack.push_async_callback(end)
            return Wire(process, engines)

        yield start


async def gone(engine: Puppet) -> None:
    """The engine's process has ended: its end of the socket is closed."""
    while await engine.heard() is not None:
        pass


async def test_stdout_carries_frames_only(starting: Starting, project: Path) -> None:
    wire = await starting()
    engine = await wire.running(project)
    engine.line("printed by a test of the user")
    engine.line("!say a warning of the user's code")
    engine.begin()
    engine.improved(BETTER)
    question = await wire.until(lambda m: m.get("method") == "window/showMessageRequest")
    assert question["params"]["message"] == "total: 2.3x faster · 14/14 tests"
    await wire.request("shutdown", None)
    wire.send(method="exit")
    rest, errors = await wire.process.communicate()
    assert rest == b""
    assert wire.process.returncode == 0
    assert errors.splitlines() == [b"printed by the server", b"written by the server", b"said by a child"]


async def test_exit_without_shutdown_leaves_no_engine(starting: Starting, project: Path) -> None:
    wire = await starting()
    engine = await wire.running(project, {"window": {"workDoneProgress": True}})
    engine.begin()
    await wire.until(lambda m: m.get("method") == "$/progress")
    wire.send(method="exit")
    await gone(engine)
    _, errors = await wire.process.communicate()
    assert wire.process.returncode == 1
    assert b"Traceback" not in errors, "its progress ends too, and nobody is there to be told"


async def test_an_editor_that_dies_takes_everything_with_it(starting: Starting, project: Path) -> None:
    wire = await starting()
    engine = await wire.running(project)
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    await gone(engine)
    assert await wire.process.wait() == 0


async def test_a_server_that_is_killed_takes_its_engine_with_it(starting: Starting, project: Path) -> None:
    wire = await starting()
    engine = await wire.running(project)
    wire.process.kill()
    await gone(engine)


async def test_shutdown_waits_until_the_engine_has_gone(starting: Starting, project: Path) -> None:
    wire = await starting()
    engine = await wire.running(project)
    engine.line(f"!say {os.getpid()}")
    await wire.request("shutdown", None)
    await gone(engine)
    wire.send(method="exit")
    assert await wire.process.wait() == 0


async def test_an_engine_has_a_process_group_of_its_own(opening: Opening) -> None:
    """What reaches the server's terminal or group does not reach a run, and what kills a run does not reach us."""
    window = await opening()
    await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    (running,) = window.editor.server.life.session.runs.engines
    assert os.getpgid(running.pid) == running.pid == os.getsid(running.pid)
    assert running.pid != os.getpgid(0)
    engine.begin()
    os.kill(running.pid, signal.SIGTERM)
    await window.editor.message("killed by SIGTERM")
