"""What the editor can do, read once from what it said about itself.

Nothing else of the server asks for capabilities: what is missing here is not used. Editors are never told apart by
their name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from lsprotocol import types as lsp
from pygls.capabilities import get_capability


class Client(NamedTuple):
    """The capabilities that make a difference."""

    review: bool = False
    """It has the command `secant.review`, a comparison of its own."""
    state: bool = False
    """It keeps a list of runs, and wants to hear when that changes."""
    lent_models: bool = False
    """It lends models to runs: it answers `secant/complete`."""
    documents: bool = False
    """It opens `secant:` documents."""
    code_action_disabled: bool = False
    code_action_resolve_edit: bool = False
    data: bool = False
    is_preferred: bool = False
    markdown_hover: bool = False
    apply_edit: bool = False
    document_changes: bool = False
    progress: bool = False
    configuration: bool = False
    configuration_registration: bool = False
    """It tells of changed settings once it is asked to."""
    lens_refresh: bool = False
    show_document: bool = False
    related_information: bool = False
    """It shows what a problem is related to."""


def client_of(capabilities: lsp.ClientCapabilities) -> Client:
    """The client that has these capabilities."""

    def has(path: str) -> bool:
        return bool(get_capability(capabilities, path, False))

    extras = _extras(capabilities)
    return Client(
        review=extras.get("review") is True,
        state=extras.get("state") is True,
        lent_models=extras.get("lentModels") is True,
        documents=extras.get("review") is True or get_capability(capabilities, _DOCUMENTS, None) is not None,
        code_action_disabled=has("text_document.code_action.disabled_support"),
        code_action_resolve_edit="edit"
        in _listed(capabilities, "text_document.code_action.resolve_support.properties"),
        data=has("text_document.code_action.data_support"),
        is_preferred=has("text_document.code_action.is_preferred_support"),
        markdown_hover=lsp.MarkupKind.Markdown in _listed(capabilities, "text_document.hover.content_format"),
        apply_edit=has("workspace.apply_edit"),
        document_changes=has("workspace.workspace_edit.document_changes"),
        progress=has("window.work_done_progress"),
        configuration=has("workspace.configuration"),
        configuration_registration=has("workspace.did_change_configuration.dynamic_registration"),
        lens_refresh=has("workspace.code_lens.refresh_support"),
        show_document=has("window.show_document.support"),
        related_information=has("text_document.publish_diagnostics.related_information"),
    )


_DOCUMENTS = "workspace.text_document_content"


def _extras(capabilities: lsp.ClientCapabilities) -> Mapping[str, Any]:
    """What Secant's own extension says of itself."""
    experimental = capabilities.experimental
    extras: object = cast("dict[str, Any]", experimental).get("secant") if isinstance(experimental, dict) else None
    return cast("dict[str, Any]", extras) if isinstance(extras, dict) else {}


def _listed(capabilities: lsp.ClientCapabilities, path: str) -> Sequence[object]:
    return get_capability(capabilities, path, None) or ()
