"""What three real editors said about themselves, and what follows from it."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from secant_server.client import Client, client_of
from tests.server.loopback import client_capabilities


@pytest.mark.parametrize(
    ("editor", "lacking"),
    [
        ("visual_studio_code", {"review", "state", "lent_models", "documents"}),
        (
            "neovim",
            {
                "review",
                "state",
                "lent_models",
                "documents",
                "code_action_disabled",
                "document_changes",
                "configuration_registration",
            }
            | {"lens_refresh"},
        ),
        (
            "emacs",
            {"review", "state", "lent_models", "documents", "code_action_disabled", "code_action_resolve_edit", "data"}
            | {"configuration_registration", "lens_refresh", "show_document", "related_information"},
        ),
    ],
)
def test_capabilities_of_editors(editor: str, lacking: set[str]) -> None:
    client = client_of(client_capabilities(editor))
    assert {name for name, can in client._asdict().items() if not can} == lacking


def test_an_editor_that_says_nothing_can_do_nothing() -> None:
    assert client_of(lsp.ClientCapabilities()) == Client()


def test_the_extension_says_what_it_has() -> None:
    client = client_of(lsp.ClientCapabilities(experimental={"secant": {"review": True, "state": True}}))
    assert client == Client(review=True, state=True, documents=True)


def test_an_editor_that_lends_models_says_so() -> None:
    client = client_of(lsp.ClientCapabilities(experimental={"secant": {"lentModels": True}}))
    assert client == Client(lent_models=True)


@pytest.mark.parametrize("experimental", [None, 5, {"secant": None}, {"secant": []}, {"secant": {"review": "yes"}}])
def test_what_is_not_understood_is_not_there(experimental: object) -> None:
    assert client_of(lsp.ClientCapabilities(experimental=experimental)) == Client()


def test_documents_of_the_standard() -> None:
    workspace = lsp.WorkspaceClientCapabilities(text_document_content=lsp.TextDocumentContentClientCapabilities())
    assert client_of(lsp.ClientCapabilities(workspace=workspace)) == Client(documents=True)
