"""The language server as an editor starts it: start-up beside a bare pygls server, answers during a run, cancelling.

Everything is measured from the client's side of a real pipe, on a copy of `examples/` with a file of 5,000 lines added.
Nothing of the server is reached into.

    python -m benchmarks.language_server [--limit N] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import BaseLanguageClient

from benchmarks import _support
from benchmarks._support import ROOT, Frozen, Table, median, number, quantile

BARE = "from pygls.lsp.server import LanguageServer; LanguageServer('bare', '1').start_io()"
"""What any server on pygls costs before it can do anything."""
SECANT = ("-m", "secant_server")
GOAL_START, GOAL_MB, GOAL_ANSWER_MS, GOAL_CANCEL_MS = 1.25, 60.0, 20.0, 150.0
LINES = 5_000
STARTS, ANSWERS, CANCELS = 15, 300, 10


class Start(Frozen):
    """One server from its start to the reply to `initialize`."""

    server: str
    seconds: float
    resident_mb: float


class Answer(Frozen):
    """One request during a run."""

    request: str
    milliseconds: float


class Stop(Frozen):
    """One run that was cancelled by its progress."""

    milliseconds: float
    left_after_one_second: int
    """Processes of the run that were still there."""


# ---- the client ------------------------------------------------------------------------------------------------------


class Client(BaseLanguageClient):
    """An editor reduced to its wire: keeps the progress that it is told."""

    def __init__(self) -> None:
        super().__init__("benchmark", "1")
        self.told: asyncio.Queue[lsp.ProgressParams] = asyncio.Queue()

    @property
    def pid(self) -> int:
        assert self._server is not None
        return self._server.pid


def connected() -> Client:
    client = Client()
    client.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)(_nothing)
    client.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(_nothing)
    client.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)(_nothing)
    client.feature(lsp.WORKSPACE_CONFIGURATION)(lambda params: [None for _ in params.items])
    client.feature(lsp.PROGRESS)(lambda params: client.told.put_nowait(params))  # noqa: PLW0108 - no bound method
    for ignored in (lsp.WINDOW_LOG_MESSAGE, lsp.WINDOW_SHOW_MESSAGE, lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS):
        client.feature(ignored)(_nothing)
    return client


def _nothing(_params: Any) -> None:
    return None


CAPABILITIES = lsp.ClientCapabilities(
    window=lsp.WindowClientCapabilities(work_done_progress=True),
    workspace=lsp.WorkspaceClientCapabilities(
        configuration=True,
        workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True),
        code_lens=lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True),
    ),
    text_document=lsp.TextDocumentClientCapabilities(
        code_action=lsp.CodeActionClientCapabilities(
            resolve_support=lsp.ClientCodeActionResolveOptions(properties=["edit"])
        ),
        hover=lsp.HoverClientCapabilities(content_format=[lsp.MarkupKind.Markdown]),
    ),
)


@contextlib.asynccontextmanager
async def serving(folder: Path, *arguments: str) -> AsyncIterator[tuple[Client, Start]]:
    """A server for a folder, initialized; asked to end afterwards."""
    client, began = connected(), time.perf_counter()
    await client.start_io(sys.executable, *arguments, cwd=folder)
    uri = folder.as_uri()
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=CAPABILITIES,
            process_id=os.getpid(),
            workspace_folders=[lsp.WorkspaceFolder(uri=uri, name="examples")],
        )
    )
    start = Start(server=arguments[0], seconds=time.perf_counter() - began, resident_mb=resident_mb(client.pid))
    client.initialized(lsp.InitializedParams())
    try:
        yield client, start
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()


def resident_mb(pid: int) -> float:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def descendants(pid: int) -> set[int]:
    """Processes that `pid` started, and theirs. Those that lost their parent are not seen: ask before the end."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text("utf-8", "replace")
                children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        new = set(children.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found


def alive(pids: set[int]) -> int:
    """How many are still running; a zombie is not."""
    count = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
            count += state not in "ZX"
    return count


# ---- the project -----------------------------------------------------------------------------------------------------


def project(place: Path) -> Path:
    """A copy of the examples, and `long_module.py` in it with a function every ten lines."""
    folder = place / "examples"
    shutil.copytree(ROOT / "examples", folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    body = "".join(f"def step_{i}(values):\n{_body(i)}\n\n" for i in range(LINES // 10))
    (folder / "src" / "long_module.py").write_text(body, encoding="utf-8")
    return folder


def _body(number_: int) -> str:
    return (
        '    """One of many."""\n'
        "    total = 0\n"
        "    for value in values:\n"
        "        if value % 2:\n"
        f"            total += value * {number_}\n"
        "    return total\n"
    )


def opened(client: Client, path: Path) -> str:
    item = lsp.TextDocumentItem(uri=path.as_uri(), language_id="python", version=1, text=path.read_text("utf-8"))
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
    return item.uri


async def started(client: Client, uri: str, line: int) -> str:
    """Ask for a run; its progress token, once the search has told something."""
    arguments = [{"uri": uri, "position": {"line": line, "character": 0}}]
    params = lsp.ExecuteCommandParams(command="secant.optimize", arguments=arguments)
    answer = await client.workspace_execute_command_async(params)
    assert answer is not None, "the run was refused"
    while not isinstance((told := await client.told.get()).value, dict) or told.value.get("kind") != "report":
        pass
    return str(told.token)


def line_of(path: Path, beginning: str) -> int:
    lines = path.read_text("utf-8").splitlines()
    return next(number_ for number_, line in enumerate(lines) if line.startswith(beginning))


# ---- what is measured ------------------------------------------------------------------------------------------------


async def starts(folder: Path, count: int) -> list[Start]:
    """Bare and full servers in turn, so that both see the same machine. The first pair warms the disk."""
    found: list[Start] = []
    for _ in range(count + 1):
        for arguments in (("-c", BARE), SECANT):
            async with serving(folder, *arguments) as (_, start):
                found.append(start.model_copy(update={"server": "bare" if arguments[0] == "-c" else "secant"}))
    return found[2:]


async def answers(folder: Path, count: int) -> list[Answer]:
    """Requests on the long file, a keystroke before each round, while `percentile` is being optimized."""
    chance = random.Random(0)
    analyser = folder / "src" / "logs" / "analyser.py"
    async with serving(folder, *SECANT) as (client, _):
        uri = opened(client, folder / "src" / "long_module.py")
        target = opened(client, analyser)
        token = await started(client, target, line_of(analyser, "def percentile"))
        found: list[Answer] = []
        for version in range(2, count + 2):
            typed(client, uri, version)
            line = chance.randrange(LINES - 10)
            for request, ask in requests(client, uri, line).items():
                began = time.perf_counter()
                await ask()
                found.append(Answer(request=request, milliseconds=1000 * (time.perf_counter() - began)))
            if ended(client, token):
                token = await started(client, target, line_of(analyser, "def percentile"))
        return found


def typed(client: Client, uri: str, version: int) -> None:
    """One character in a comment at the end of the first line."""
    at = lsp.Position(line=0, character=len("def step_0(values):"))
    change = lsp.TextDocumentContentChangePartial(
        range=lsp.Range(start=at, end=at), text="  # x" if version == 2 else "x"
    )
    document = lsp.VersionedTextDocumentIdentifier(uri=uri, version=version)
    client.text_document_did_change(lsp.DidChangeTextDocumentParams(text_document=document, content_changes=[change]))


def ended(client: Client, token: str) -> bool:
    """Whether the run is over, as far as has been told."""
    over = False
    while not client.told.empty():
        told = client.told.get_nowait()
        over |= str(told.token) == token and isinstance(told.value, dict) and told.value.get("kind") == "end"
    return over


def requests(client: Client, uri: str, line: int) -> dict[str, Callable[[], Awaitable[Any]]]:
    document = lsp.TextDocumentIdentifier(uri=uri)
    at = lsp.Position(line=line, character=4)
    action = lsp.CodeActionParams(
        text_document=document, range=lsp.Range(start=at, end=at), context=lsp.CodeActionContext(diagnostics=[])
    )
    lens, hover = lsp.CodeLensParams(text_document=document), lsp.HoverParams(text_document=document, position=at)
    return {
        "codeAction": lambda: client.text_document_code_action_async(action),
        "codeLens": lambda: client.text_document_code_lens_async(lens),
        "hover": lambda: client.text_document_hover_async(hover),
    }


async def stops(folder: Path, count: int) -> list[Stop]:
    """Runs that are cancelled through their progress, at different moments."""
    analyser = folder / "src" / "logs" / "analyser.py"
    found: list[Stop] = []
    async with serving(folder, *SECANT) as (client, _):
        uri = opened(client, analyser)
        for number_ in range(count):
            token = await started(client, uri, line_of(analyser, "def percentile"))
            await asyncio.sleep(0.15 * number_)
            running = descendants(client.pid)
            began = time.perf_counter()
            client.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token=token))
            while (told := await client.told.get()).value.get("kind") != "end" or str(told.token) != token:
                pass
            milliseconds = 1000 * (time.perf_counter() - began)
            running |= descendants(client.pid)
            await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - began)))
            left = alive(running)
            found.append(Stop(milliseconds=milliseconds, left_after_one_second=left))
            for pid in running if left else ():
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
    return found


# ---- tables ----------------------------------------------------------------------------------------------------------


def start_table(rows: Sequence[Start]) -> Table:
    lines: list[tuple[str, ...]] = []
    bare = median([row.seconds for row in rows if row.server == "bare"])
    for server in ("bare", "secant"):
        seconds = [row.seconds for row in rows if row.server == server]
        memory = [row.resident_mb for row in rows if row.server == server]
        figures = (1000 * min(seconds), 1000 * median(seconds))
        lines.append((server, *(number(f, 0) for f in figures), number(median(seconds) / bare, 2), number(max(memory))))
    columns = ("server", "least ms", "median ms", "times bare", "resident MB")
    return Table(
        title=f"Start to `initialize` reply (goal: {GOAL_START}x, {GOAL_MB:g} MB)", columns=columns, rows=tuple(lines)
    )


def answer_table(rows: Sequence[Answer]) -> Table:
    lines: list[tuple[str, ...]] = []
    for request in dict.fromkeys(row.request for row in rows):
        times = [row.milliseconds for row in rows if row.request == request]
        lines.append((request, str(len(times)), *(number(quantile(times, q)) for q in (0.5, 0.99, 1.0))))
    columns = ("request", "asked", "median ms", "p99 ms", "longest ms")
    title = f"Answers on {LINES:,} lines while a run is going on (goal: p99 {GOAL_ANSWER_MS:g} ms)"
    return Table(title=title, columns=columns, rows=tuple(lines))


def stop_table(rows: Sequence[Stop]) -> Table:
    times = [row.milliseconds for row in rows]
    left = sum(row.left_after_one_second for row in rows)
    line = (str(len(rows)), number(median(times)), number(max(times)), str(left))
    columns = ("runs", "median ms", "longest ms", "processes left after 1 s")
    return Table(
        title=f"Cancel to the end of the progress (goal: {GOAL_CANCEL_MS:g} ms)", columns=columns, rows=(line,)
    )


async def measured(options: argparse.Namespace) -> tuple[list[Start], list[Answer], list[Stop]]:
    with tempfile.TemporaryDirectory() as place:
        folder = project(Path(place).resolve())
        limit = options.limit
        return (
            await starts(folder, limit or STARTS),
            await answers(folder, limit or ANSWERS),
            await stops(folder, limit or CANCELS),
        )


def main() -> None:
    options = _support.parser(__doc__).parse_args()
    before = _support.machine()
    started_, answered, stopped = asyncio.run(measured(options))
    tables = [start_table(started_), answer_table(answered), stop_table(stopped)]
    result = _support.figures(
        "language_server",
        options,
        before,
        summary={table.title: table.rows[-1] for table in tables},
        tables=tables,
        rows=[row.model_dump(mode="json") for row in (*started_, *answered, *stopped)],
    )
    _support.publish(result, options.json)


if __name__ == "__main__":
    main()
