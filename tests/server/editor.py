"""A fake editor that behaves as real ones do: buffers with versions, edits that are refused, one step of undo for each.

Its texts are lists of LSP lines and its positions count UTF-16 units. It applies a `WorkspaceEdit` as the specification
says, all or nothing, and refuses one that was made for another version of a document.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from secant_server.server import Server
from tests.server.loopback import connected

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass
class Buffer:
    """An open document."""

    text: str
    version: int = 1
    undo: list[str] = field(default_factory=list[str])


class Happenings:
    """What was seen, in order, with a way to wait for more: a condition, never a clock."""

    def __init__(self) -> None:
        self._more = asyncio.Condition()
        self.all: list[tuple[str, Any]] = []

    def add(self, kind: str, what: Any) -> None:
        self.all.append((kind, what))
        asyncio.ensure_future(self._tell())  # noqa: RUF006 - it ends at once

    def of(self, kind: str) -> list[Any]:
        return [what for each, what in self.all if each == kind]

    async def until(self, condition: Callable[[], Any]) -> Any:
        """What the condition gives, as soon as that is true. A test that waits for nothing ends after a while."""
        async with self._more, asyncio.timeout(20):
            await self._more.wait_for(lambda: bool(condition()))
        return condition()

    async def _tell(self) -> None:
        async with self._more:
            self._more.notify_all()


class Editor:
    """One window."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = connected(server)
        self.buffers: dict[str, Buffer] = {}
        self.settings: object = None
        self.answers: list[str | None] = []
        """What is pressed at the next questions; None closes one."""
        self.before_edit: Callable[[], None] = lambda: None
        """Something that happens while an edit is on its way."""
        self.telling = True
        """Whether keystrokes are told at once; otherwise when `tell` is called."""
        self.read_only = False
        self.models: Callable[[Any], Awaitable[object]] = lambda _params: asyncio.get_running_loop().create_future()
        """What its models answer; until a test says what, they think."""
        self._left = False
        self.seen = Happenings()
        self._listen()

    async def start(self, capabilities: lsp.ClientCapabilities, *folders: Path) -> lsp.InitializeResult:
        result = await self.client.initialize_async(
            lsp.InitializeParams(
                capabilities=capabilities,
                workspace_folders=[lsp.WorkspaceFolder(uri=f.as_uri(), name=f.name) for f in folders],
            )
        )
        self.client.initialized(lsp.InitializedParams())
        return result

    async def leave(self) -> None:
        """Close the window. Doing so again is harmless: a server that was shut down answers nothing."""
        if not self._left:
            self._left = True
            await self.client.shutdown_async(None)

    # --- what a person does

    def open(self, path: Path | str) -> str:
        uri = path if isinstance(path, str) else path.as_uri()
        text = path.read_bytes().decode() if isinstance(path, Path) and path.exists() else ""
        return self.open_text(uri, text)

    def open_text(self, uri: str, text: str) -> str:
        self.buffers[uri] = Buffer(text)
        item = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        return uri

    def close(self, uri: str) -> None:
        del self.buffers[uri]
        identifier = lsp.TextDocumentIdentifier(uri=uri)
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(text_document=identifier))

    def type(self, uri: str, line: int, text: str) -> None:
        """Insert at the beginning of a line, as keystrokes do: an incremental change."""
        at = lsp.Position(line=line, character=0)
        self.edit(uri, [lsp.TextEdit(range=lsp.Range(start=at, end=at), new_text=text)])

    def replace(self, uri: str, old: str, new: str) -> None:
        """Replace the one place where a text stands."""
        buffer = self.buffers[uri]
        assert buffer.text.count(old) == 1
        start = buffer.text.index(old)
        span = lsp.Range(start=_position(buffer.text, start), end=_position(buffer.text, start + len(old)))
        self.edit(uri, [lsp.TextEdit(range=span, new_text=new)])

    def edit(self, uri: str, edits: Sequence[lsp.TextEdit]) -> None:
        buffer = self.buffers[uri]
        buffer.undo.append(buffer.text)
        changes = sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True)
        for change in changes:
            buffer.text = _edited(buffer.text, change)
        self._changed(uri, [_partial(change) for change in changes])

    def undo(self, uri: str) -> None:
        buffer = self.buffers[uri]
        buffer.text = buffer.undo.pop()
        self._changed(uri, [lsp.TextDocumentContentChangeWholeDocument(text=buffer.text)])

    def save(self, uri: str, path: Path) -> None:
        path.write_bytes(self.buffers[uri].text.encode())
        identifier = lsp.TextDocumentIdentifier(uri=uri)
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=identifier))

    def tell(self, uri: str) -> None:
        """Tell of the changes that were held back."""
        buffer = self.buffers[uri]
        self._tell(uri, [lsp.TextDocumentContentChangeWholeDocument(text=buffer.text)])

    async def command(self, name: str, **argument: Any) -> Any:
        return await self.client.workspace_execute_command_async(
            lsp.ExecuteCommandParams(command=f"secant.{name}", arguments=[argument])
        )

    async def optimize(self, uri: str, line: int, **more: Any) -> Any:
        answer = await self.command("optimize", uri=uri, position={"line": line, "character": 0}, **more)
        return answer["run"]

    async def solve(self, uri: str, line: int, **more: Any) -> Any:
        answer = await self.command("solve", uri=uri, position={"line": line, "character": 0}, **more)
        return answer["run"]

    async def refine(self, uri: str, **more: Any) -> Any:
        return (await self.command("refine", uri=uri, position={"line": 0, "character": 0}, **more))["run"]

    async def score(self, uri: str, **more: Any) -> Any:
        return (await self.command("eval", uri=uri, position={"line": 0, "character": 0}, **more))["run"]

    async def actions(self, uri: str, line: int, *only: str) -> list[lsp.CodeAction]:
        at = lsp.Position(line=line, character=0)
        found = await self.client.text_document_code_action_async(
            lsp.CodeActionParams(
                text_document=lsp.TextDocumentIdentifier(uri=uri),
                range=lsp.Range(start=at, end=at),
                context=lsp.CodeActionContext(diagnostics=[], only=list(only) or None),
            )
        )
        return [action for action in found or () if isinstance(action, lsp.CodeAction)]

    async def lenses(self, uri: str) -> list[str]:
        """The titles, in order."""
        params = lsp.CodeLensParams(text_document=lsp.TextDocumentIdentifier(uri=uri))
        found = await self.client.text_document_code_lens_async(params)
        return [lens.command.title for lens in found or () if lens.command is not None]

    async def hover(self, uri: str, line: int) -> str | None:
        identifier, at = lsp.TextDocumentIdentifier(uri=uri), lsp.Position(line=line, character=4)
        found = await self.client.text_document_hover_async(lsp.HoverParams(text_document=identifier, position=at))
        return found.contents.value if found is not None and isinstance(found.contents, lsp.MarkupContent) else None

    async def content(self, uri: str) -> str:
        found = await self.client.workspace_text_document_content_async(lsp.TextDocumentContentParams(uri=uri))
        return found.text

    async def state(self) -> Any:
        return await self.client.protocol.send_request_async("secant/state", {})

    def cancel(self, run: str) -> None:
        self.client.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token=f"secant/{run}"))

    def configure(self, settings: object) -> None:
        self.settings = settings
        self.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))

    # --- what was seen

    @property
    def messages(self) -> list[str]:
        return [params.message for params in self.seen.of("message")]

    @property
    def log(self) -> str:
        return "\n".join(params.message for params in self.seen.of("log"))

    def problems(self, uri: str) -> list[tuple[int, str]]:
        """What is underlined in a document now: lines and messages."""
        told = [params.diagnostics for params in self.seen.of("problems") if params.uri == uri]
        return [(each.range.start.line, each.message) for each in (told[-1] if told else ())]

    def progress(self, run: str) -> list[Any]:
        """The values of a run's progress, in order."""
        return [params.value for params in self.seen.of("progress") if params.token == f"secant/{run}"]

    async def ended(self, run: str) -> Any:
        """The last value of a run's progress."""
        kinds = lambda: [value["kind"] for value in self.progress(run)]  # noqa: E731
        await self.seen.until(lambda: "end" in kinds())
        return self.progress(run)[-1]

    async def message(self, containing: str) -> str:
        return (await self.seen.until(lambda: [m for m in self.messages if containing in m]))[0]

    async def question(self, number: int = 1) -> lsp.ShowMessageRequestParams:
        return (await self.seen.until(lambda: self.seen.of("question")[number - 1 : number]))[0]

    # --- what the server asks

    def _listen(self) -> None:
        feature, see = self.client.feature, self.seen.add
        feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: see("message", params))
        feature(lsp.WINDOW_LOG_MESSAGE)(lambda params: see("log", params))
        feature(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)(lambda params: see("create", params))
        feature(lsp.PROGRESS)(lambda params: see("progress", params))
        feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(lambda params: see("lens refresh", params))
        feature(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH)(lambda params: see("content refresh", params))
        feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: see("problems", params))
        feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda params: see("register", params))
        feature("secant/changed")(lambda params: see("changed", params))
        feature("secant/review")(lambda params: see("review", params))
        # pygls marks what is registered, which a bound method does not allow.
        feature(lsp.WORKSPACE_CONFIGURATION)(partial(self._configuration))
        feature(lsp.WINDOW_SHOW_DOCUMENT)(partial(self._show))
        feature(lsp.WORKSPACE_APPLY_EDIT)(partial(self._apply))

        @feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)
        async def _(params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem | None:
            return await self._ask(params)

        @feature("secant/complete")
        async def _(params: Any) -> object:
            return await self._complete(params)

    def _configuration(self, params: lsp.ConfigurationParams) -> list[object]:
        self.seen.add("configuration", params)
        return [self.settings for _ in params.items]

    def _show(self, params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
        self.seen.add("show", params)
        return lsp.ShowDocumentResult(success=True)

    async def _ask(self, params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem | None:
        self.seen.add("question", params)
        if not self.answers:
            return await asyncio.get_running_loop().create_future()  # the notification stays
        title = self.answers.pop(0)
        return None if title is None else lsp.MessageActionItem(title=title)

    async def _complete(self, params: Any) -> object:
        self.seen.add("complete", params)
        try:
            return await self.models(params)
        except asyncio.CancelledError:
            self.seen.add("withdrawn", params.id)
            raise

    def _apply(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        self.before_edit()
        self.seen.add("edit", params.edit)
        if self.read_only:
            return lsp.ApplyWorkspaceEditResult(applied=False, failure_reason="the file is read-only")
        return lsp.ApplyWorkspaceEditResult(applied=self.applied(params.edit))

    def applied(self, edit: lsp.WorkspaceEdit) -> bool:
        """Carry an edit out; False where it was made for another version."""
        changes = {uri: (None, list(edits)) for uri, edits in (edit.changes or {}).items()}
        for change in edit.document_changes or ():
            assert isinstance(change, lsp.TextDocumentEdit)
            edits = [each for each in change.edits if isinstance(each, lsp.TextEdit)]
            changes[change.text_document.uri] = (change.text_document.version, edits)
        if any(v is not None and v != self.buffers[uri].version for uri, (v, _) in changes.items()):
            return False
        for uri, (_, edits) in changes.items():
            if uri not in self.buffers:
                self.open(Path(uri.removeprefix("file://")))
            self.edit(uri, edits)
        return True

    def _changed(self, uri: str, changes: Sequence[lsp.TextDocumentContentChangeEvent]) -> None:
        self.buffers[uri].version += 1
        if self.telling:
            self._tell(uri, changes)

    def _tell(self, uri: str, changes: Sequence[lsp.TextDocumentContentChangeEvent]) -> None:
        identifier = lsp.VersionedTextDocumentIdentifier(uri=uri, version=self.buffers[uri].version)
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(text_document=identifier, content_changes=list(changes))
        )


def _partial(change: lsp.TextEdit) -> lsp.TextDocumentContentChangePartial:
    return lsp.TextDocumentContentChangePartial(range=change.range, text=change.new_text)


def _edited(text: str, change: lsp.TextEdit) -> str:
    start, end = (_offset(text, position) for position in (change.range.start, change.range.end))
    assert start <= end
    return text[:start] + change.new_text + text[end:]


def _offset(text: str, position: lsp.Position) -> int:
    """Where a position lies; one beyond the end means the end, as in every editor."""
    lines = _LINE.findall(text)
    if position.line >= len(lines):
        return len(text)
    before = sum(map(len, lines[: position.line]))
    body = lines[position.line].rstrip("\r\n")
    units = body.encode("utf-16-le")[: 2 * position.character]
    return before + len(units.decode("utf-16-le"))


def _position(text: str, offset: int) -> lsp.Position:
    lines = _LINE.findall(text[:offset])
    if not lines or lines[-1][-1:] in "\r\n":
        return lsp.Position(line=len(lines), character=0)
    return lsp.Position(line=len(lines) - 1, character=len(lines[-1].encode("utf-16-le")) // 2)
