"""The protocol where pygls' own is not right: its lines, and what the server says of itself at the start.

pygls splits lines at form feeds and at U+2028, an editor does not; after the first keystroke below such a character the
two would see different texts. Everything else of the protocol is pygls'.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from lsprotocol import types as lsp
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.workspace import TextDocument, Workspace

from secant_server.text import lines

SCHEME = "secant"


class Document(TextDocument):
    """An open document; its lines are those of the editor."""

    @property
    def lines(self) -> Sequence[str]:
        return lines(self.source)


class Documents(Workspace):
    """The documents that are open in the editor, and its folders."""

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


class Protocol(LanguageServerProtocol):
    """LSP as this server speaks it."""

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
