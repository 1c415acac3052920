"""Windows of a fake editor on a small project, each with a server of its own and engines that the test plays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types as lsp

from secant_server.server import Server
from tests.server.editor import Editor
from tests.server.loopback import client_capabilities
from tests.server.puppet import Engines

SOURCE = """import os  # 😋


def total(xs):
    t = 0
    for x in xs:
        t += x
    return t


class Basket:
    items = ()

    def count(self):
        n = 0
        for _ in self.items:
            n += 1
        return n
"""
TOTAL = "def total(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t\n"
BETTER = "def total(xs):\n    return sum(xs)\n"
OTHER = "def total(xs):\n    return sum(x for x in xs)\n"
COUNT = "    def count(self):\n        return len(self.items)\n"


def code(**extras: bool) -> lsp.ClientCapabilities:
    """VS Code with Secant's extension."""
    capabilities = client_capabilities("visual_studio_code")
    capabilities.experimental = {"secant": {"review": True, "state": True, **extras}}
    return capabilities


class Window:
    """An editor, its server, the engines that the server starts, and the project that it has open."""

    def __init__(self, editor: Editor, engines: Engines, root: Path) -> None:
        self.editor = editor
        self.engines = engines
        self.root = root
        self.path = root / "shop.py"
        self.uri = self.path.as_uri()

    @property
    def text(self) -> str:
        return self.editor.buffers[self.uri].text

    async def proposed(self, source: str = BETTER, *alternatives: str, line: int = 3) -> str:
        """Run on a function to its end; the id of the proposal."""
        run = await self.editor.optimize(self.uri, line)
        engine = await self.engines.next()
        engine.begin()
        engine.improved(source, *alternatives)
        if self.editor.server.life.session.editor.client.progress:
            await self.editor.ended(run)
        else:
            await self.editor.question()
        return engine.run


Opening = Callable[..., Coroutine[Any, Any, Window]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (root / "shop.py").write_text(SOURCE, encoding="utf-8")
    return root


@pytest_asyncio.fixture
async def opening(project: Path) -> AsyncIterator[Opening]:
    """Opens windows: of VS Code on the project, unless something else is said."""
    async with AsyncExitStack() as stack:

        async def open_window(
            capabilities: lsp.ClientCapabilities | None = None,
            *folders: Path,
            settings: object = None,
            grace: float = 0.7,
            command: tuple[str, ...] = (),
        ) -> Window:
            engines = Engines()
            await engines.open()
            stack.push_async_callback(engines.close)
            editor = Editor(Server(command or engines.command, grace))
            editor.settings = settings
            await editor.start(capabilities or code(), *(folders or (project,)))
            stack.push_async_callback(editor.leave)
            window = Window(editor, engines, project)
            editor.open(window.path)
            return window

        yield open_window


@pytest_asyncio.fixture
async def window(opening: Opening) -> Window:
    """VS Code with Secant's extension, on the project, with its file open."""
    return await opening()
