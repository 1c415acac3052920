"""The protocol where pygls' own is not right: its lines, its documents, its first words, and what is not understood.

pygls splits lines at form feeds and at U+2028, an editor does not; after the first keystroke below such a character the
two would see different texts. It drops a message that is not as LSP has it: whoever waits for it would wait for ever.
Everything else of the protocol is pygls'.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple
from urllib.parse import unquote

from cattrs import transform_error
from lsprotocol import types as lsp
from pygls.exceptions import (
    FeatureNotificationError,
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import RPCMessage, RPCRequest
from pygls.workspace import TextDocument, Workspace

from secant_server.text import lines

SCHEME = "secant"


class Document(TextDocument):
    """An open document; its lines are those of the editor."""

    @property
    def lines(self) -> Sequence[str]:
        return lines(self.source)


class Documents(Workspace):
    """The documents that are open in the editor, each under its address as that is spelled, and its folders.

    For pygls, two spellings are one document: when one is closed, the text that is typed under the other would be lost.
    """

    def put_text_document(self, text_document: lsp.TextDocumentItem, notebook_uri: str | None = None) -> None:
        uri = text_document.uri
        self._text_documents[uri] = self._create_text_document(
            uri, text_document.text, text_document.version, text_document.language_id
        )
        if notebook_uri is not None:
            self._cell_in_notebook[unquote(uri)] = unquote(notebook_uri)

    def remove_text_document(self, doc_uri: str) -> None:
        self._text_documents.pop(doc_uri, None)
        self._cell_in_notebook.pop(unquote(doc_uri), None)

    def update_text_document(
        self, text_doc: lsp.VersionedTextDocumentIdentifier, change: lsp.TextDocumentContentChangeEvent
    ) -> None:
        document = self._text_documents[text_doc.uri]
        document.apply_change(change)
        document.version = text_doc.version

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return Document(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=lsp.TextDocumentSyncKind.Incremental,
            position_codec=self.position_codec,
        )


class Misshapen(NamedTuple):
    """A message that is not as LSP has it."""

    id: str | int | None
    method: str
    error: JsonRpcException


class Protocol(LanguageServerProtocol):
    """LSP as this server speaks it."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        method = str(data.get("method", ""))
        try:
            # What LSP does not name may come without parameters, which pygls does not know.
            named = not method or self.get_message_type(method) is not None
            return super().structure_message(data if named else {"params": None, **data})
        except JsonRpcException as error:
            known = JsonRpcInvalidParams(message=f"Invalid Params: {_wrong(error)}")
            return Misshapen(data.get("id"), method, known)

    def handle_message(self, message: RPCMessage | Misshapen) -> None:
        if isinstance(message, Misshapen):
            self._refuse(message)
        elif isinstance(message, RPCRequest) and (error := self._untimely(message.method)) is not None:
            self._send_response(message.id, error=error.to_response_error())
        else:
            super().handle_message(message)

    def _handle_cancel_notification(self, msg_id: str | int) -> None:
        """What runs through a generator of pygls, as every command does, goes on when only its answer is cancelled.

        So the answer is given all the same: it comes soon, and names the run that has begun.
        """
        if not isinstance(self._request_futures.get(msg_id), Future):
            super()._handle_cancel_notification(msg_id)

    def _untimely(self, method: str) -> JsonRpcException | None:
        """Why a request comes too early or too late."""
        if self._shutdown:
            return JsonRpcInvalidRequest(message="The server was shut down.")
        if self._workspace is None and method not in (lsp.INITIALIZE, lsp.SHUTDOWN):
            return JsonRpcServerNotInitialized(message="The server was not initialized.")
        return None

    def _refuse(self, message: Misshapen) -> None:
        """Nobody is to wait for what will not come: an error answers a request, and is taken for an answer."""
        if message.id is None:
            self._server.report_server_error(message.error, FeatureNotificationError)
        elif message.method:
            self._send_response(message.id, error=message.error.to_response_error())
        else:
            self._handle_response(message.id, error=message.error.to_response_error())

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        result = yield from super().lsp_initialize(params)
        capabilities = result.capabilities
        self._workspace = Documents(
            self.workspace.root_uri,
            lsp.TextDocumentSyncKind.Incremental,
            params.workspace_folders or [],
            capabilities.position_encoding,
        )
        if capabilities.workspace is not None:
            capabilities.workspace.text_document_content = lsp.TextDocumentContentOptions(schemes=[SCHEME])
        capabilities.experimental = {"secant": {"version": self.server_info.version}}
        return result


def _wrong(error: JsonRpcException) -> str:
    """What is not as it should be, and where."""
    cause = error.__cause__
    return "; ".join(transform_error(cause)) if cause is not None else error.message
