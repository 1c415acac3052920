"""The features of LSP that the server has, each a thin way to the session.

Everything that is offered at `initialize` stands here, and nothing that takes long to import: what a command does is
found when one is called. Notification handlers are synchronous, because pygls never forgets an asynchronous one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from secant_server.life import Life

REFUSED: Mapping[str, object] = {
    "secant.optimize": {"run": None},
    "secant.solve": {"run": None},
    "secant.refine": {"run": None},
    "secant.eval": {"run": None},
    "secant.stop": False,
    "secant.discard": False,
    "secant.accept": False,
    "secant.reject": False,
    "secant.rerun": {"run": None},
    "secant.resume": {"run": None},
    "secant.showDiff": False,
    "secant.showReport": False,
    "secant.models": (),
}
"""The commands, each with its answer where it cannot be carried out."""

_ACTIONS = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.RefactorRewrite], resolve_provider=True)


def register(server: LanguageServer, life: Life) -> None:
    """Everything."""
    _register_documents(server, life)
    _register_offers(server, life)
    _register_lists(server, life)
    _register_events(server, life)
    for name in REFUSED:
        server.command(name)(_command(life, name))


def _register_offers(server: LanguageServer, life: Life) -> None:
    """What is offered in a document."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, _ACTIONS)
    async def _(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return await life.session.actions(params)

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    def _(params: lsp.CodeAction) -> lsp.CodeAction:
        return life.session.resolved(params)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    async def _(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        return await life.session.lenses(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def _(params: lsp.HoverParams) -> lsp.Hover | None:
        return await life.session.hover(params.text_document.uri, params.position)


def _register_lists(server: LanguageServer, life: Life) -> None:
    """What an editor with a list of runs, and one that opens `secant:` documents, reads."""

    @server.feature(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT, lsp.TextDocumentContentOptions(schemes=["secant"]))
    async def _(params: lsp.TextDocumentContentParams) -> lsp.TextDocumentContentResult:
        return lsp.TextDocumentContentResult(text=await life.session.reviews.content(params.uri))

    @server.feature("secant/state")
    async def _(_params: Any) -> Mapping[str, Any]:
        return await life.session.listed()

    @server.feature("secant/options")
    def _(params: Any) -> object:
        return life.session.options(params)


def _register_documents(server: LanguageServer, life: Life) -> None:
    """How documents change."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def _(params: lsp.DidOpenTextDocumentParams) -> None:
        life.session.opened(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def _(params: lsp.DidChangeTextDocumentParams) -> None:
        life.session.edited(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def _(_params: lsp.DidSaveTextDocumentParams) -> None:
        life.session.saved()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def _(params: lsp.DidCloseTextDocumentParams) -> None:
        life.session.closed(params.text_document.uri)


def _register_events(server: LanguageServer, life: Life) -> None:
    """What else happens in an editor."""

    @server.feature(lsp.INITIALIZED)
    def _(_params: lsp.InitializedParams) -> None:
        life.begin()

    @server.feature(lsp.SHUTDOWN)
    async def _(_params: None) -> None:
        await life.end()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def _(params: lsp.DidChangeConfigurationParams) -> None:
        life.session.configured(params.settings)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def _(params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        life.session.moved_folders(params.event)

    @server.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def _(params: lsp.WorkDoneProgressCancelParams) -> None:
        life.session.cancelled(params.token)


def _command(life: Life, name: str) -> Callable[..., Awaitable[object]]:
    """A handler that never fails: pygls would make a protocol error of it."""

    async def answer(*arguments: Any) -> object:
        from secant_server.commands import COMMANDS  # noqa: PLC0415 - see above

        work = asyncio.ensure_future(COMMANDS[name](life.session, arguments))
        answering = asyncio.current_task()
        assert answering is not None
        with life.answering(answering, work):
            await asyncio.wait({work})
        error = None if work.cancelled() else work.exception()
        if isinstance(error, Exception):
            life.session.editor.notices.trouble(error)
        return REFUSED[name] if error is not None or work.cancelled() else work.result()

    return answer
