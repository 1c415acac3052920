"""The editor, as the server asks and tells it things: edits, documents, questions, refreshes, its settings.

Whatever it cannot do is not asked of it. Nothing is asked after the session was closed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.progress import Progress

from secant_server import progress
from secant_server.client import Client
from secant_server.notices import Notices, Refused
from secant_server.settings import SECTION
from secant_server.throttle import Throttle

_CHANGED_SECONDS = 0.2
_LENSES_SECONDS = 0.5
_MOST_REVIEWS = 20
_PATIENCE_SECONDS = 5.0
"""How long an answer may take that no person has to think about: behind one that never comes, commands would hang."""

_P = TypeVar("_P")
_T = TypeVar("_T")


class Editor:
    """One editor at the other end of the wire."""

    def __init__(self, server: LanguageServer, client: Client) -> None:
        self.client = client
        self.notices = Notices(server)
        self._server = server
        self._reviews: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        loop = asyncio.get_running_loop()
        self._changed = Throttle(_CHANGED_SECONDS, self._say_changed, loop)
        self._lenses = Throttle(_LENSES_SECONDS, self._refresh_lenses, loop)
        self._documents = Throttle(_CHANGED_SECONDS, self._refresh_documents, loop)

    def begin(self) -> None:
        """Have it tell of changed settings, where that is to be asked for."""
        if self.client.configuration_registration:
            registration = lsp.Registration(
                id="secant.configuration",
                method=lsp.WORKSPACE_DID_CHANGE_CONFIGURATION,
                register_options=lsp.DidChangeConfigurationRegistrationOptions(section=SECTION),
            )
            params = lsp.RegistrationParams(registrations=[registration])
            self.spawn(partial(_asked, self._server.client_register_capability_async, params))

    def bar(self, run: str) -> progress.Bar:
        """The progress item of a run."""
        if not self.client.progress:
            return progress.Hidden()
        items: Progress = self._server.work_done_progress
        return progress.Shown(items, token(run), asyncio.get_running_loop())

    async def settings(self, scope: str) -> object:
        """The section of settings at an address, as it has it; None where it has none."""
        item = lsp.ConfigurationItem(section=SECTION, scope_uri=scope)
        params = lsp.ConfigurationParams(items=[item])
        found = await _asked(self._server.workspace_configuration_async, params)
        return found[0] if found else None

    async def apply(self, edit: lsp.WorkspaceEdit, label: str) -> lsp.ApplyWorkspaceEditResult:
        """Change documents, in one step of undo. Raises Refused where it has no way to."""
        if not self.client.apply_edit:
            raise Refused("This editor does not let a language server apply an edit.", hint="Use the code action.")
        params = lsp.ApplyWorkspaceEditParams(edit=edit, label=label)
        try:
            found = await asyncio.wait_for(_asked(self._server.workspace_apply_edit_async, params), _PATIENCE_SECONDS)
        except TimeoutError:
            return lsp.ApplyWorkspaceEditResult(applied=False, failure_reason="the editor does not answer")
        return found or lsp.ApplyWorkspaceEditResult(applied=False, failure_reason="the editor answered with an error")

    async def show(self, uri: str) -> bool:
        """Open a document; False where it cannot, or does not say."""
        if not self.client.show_document:
            return False
        params = lsp.ShowDocumentParams(uri=uri, take_focus=True)
        with contextlib.suppress(TimeoutError):
            found = await asyncio.wait_for(_asked(self._server.window_show_document_async, params), _PATIENCE_SECONDS)
            return found is not None and found.success
        return False

    async def ask(self, question: str, answers: Sequence[str]) -> str | None:
        """The button that was pressed; None where the question was closed."""
        actions = [lsp.MessageActionItem(title=answer) for answer in answers]
        params = lsp.ShowMessageRequestParams(type=lsp.MessageType.Info, message=question, actions=actions)
        item = await _asked(self._server.window_show_message_request_async, params)
        return item.title if item is not None else None

    async def review(self, proposal: str, option: int, uri: str, title: str) -> None:
        """Open its own comparison of a document and a proposal."""
        params = {"proposal": proposal, "option": option, "uri": uri, "title": title}
        await _asked(partial(self._server.protocol.send_request_async, "secant/review"), params)

    @property
    def lends(self) -> bool:
        return self.client.lent_models

    async def complete(self, identity: str, params: Mapping[str, Any]) -> object:
        """What one of its models answers. Raises JsonRpcException."""
        answer = self._server.protocol.send_request("secant/complete", params, msg_id=identity)
        # Shielded: an answer to a request that was cancelled here would be an error in pygls.
        return await asyncio.shield(asyncio.wrap_future(answer))

    def withdraw(self, identity: str) -> None:
        """Say that an answer is not waited for any more. It may come all the same."""
        if not self._closed:
            self._server.protocol.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(id=identity))

    def shows(self, uri: str) -> None:
        """It shows this document of ours, and wants to hear when that is otherwise."""
        self._reviews.pop(uri, None)
        self._reviews[uri] = None
        while len(self._reviews) > _MOST_REVIEWS:  # nobody says when such a document is closed
            del self._reviews[next(iter(self._reviews))]

    def publish(self, uri: str, problems: Sequence[lsp.Diagnostic]) -> None:
        """These are the problems of a document, and no others."""
        if not self._closed:
            params = lsp.PublishDiagnosticsParams(uri=uri, diagnostics=list(problems))
            self._server.text_document_publish_diagnostics(params)

    def edited(self) -> None:
        """A document changed: what is derived from it may be otherwise."""
        self._changed()
        if self._reviews:
            self._documents()

    def progressed(self) -> None:
        """A run moved on."""
        self._changed()
        self._lenses()

    def refresh(self) -> None:
        """Anything may be otherwise."""
        self._lenses()
        self.edited()

    def spawn(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do it beside everything else; what goes wrong is told. Nothing after the session was closed.

        It is called when its turn comes: of what is cancelled before that, nothing was made that nobody awaits.
        """
        if self._closed:
            return
        task = asyncio.create_task(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Ask and tell nothing any more."""
        self._closed = True
        for throttle in (self._changed, self._lenses, self._documents):
            throttle.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _told(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001  # because nobody awaits it: it would be lost
            self.notices.trouble(error)

    def _say_changed(self) -> None:
        if self.client.state and not self._closed:
            self._server.protocol.notify("secant/changed", {})

    def _refresh_lenses(self) -> None:
        if self.client.lens_refresh and not self._closed:
            self.spawn(partial(_asked, self._server.workspace_code_lens_refresh_async, None))

    def _refresh_documents(self) -> None:
        if not self._closed:
            for uri in self._reviews:
                params = lsp.TextDocumentContentRefreshParams(uri=uri)
                self.spawn(partial(_asked, self._server.workspace_text_document_content_refresh_async, params))


def token(run: str) -> str:
    """The name of a run's progress."""
    return f"secant/{run}"


async def _asked(ask: Callable[[_P], Awaitable[_T]], params: _P) -> _T | None:
    """An answer of the editor; None where that is an error, which is its own to explain."""
    try:
        # Shielded: an answer to a request that was cancelled here would be an error in pygls.
        return await asyncio.shield(ask(params))
    except JsonRpcException:
        return None
