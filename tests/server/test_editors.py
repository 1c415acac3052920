"""The whole way in three editors: the server as a process, the real engine, a function of the examples repaired.

What is answered is checked against what the editor said that it understands.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

pytestmark = [pytest.mark.asyncio, pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")]

EXAMPLES = Path(__file__).parents[2] / "examples"
SERVER = ClientServerConfig(
    server_command=[sys.executable, "-m", "secant_server"],
    # The plug-ins of this environment are no business of the project that is judged.
    server_env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
)


@pytest_lsp.fixture(config=SERVER)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns(".*", "__pycache__")
    return shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=ignored)


@pytest.mark.parametrize("editor", ["visual_studio_code", "neovim", "emacs"])
async def test_a_function_is_repaired(client: LanguageClient, examples: Path, editor: str) -> None:
    path = examples / "src" / "shop" / "pricing.py"
    uri, text = path.as_uri(), path.read_text("utf-8")
    asked: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @client.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)
    def _(params: lsp.ShowMessageRequestParams) -> None:
        asked.set_result(params.message)

    # What an editor that says it can do this must answer, and the client of pytest-lsp does not.
    for request in (lsp.CLIENT_REGISTER_CAPABILITY, lsp.WORKSPACE_CODE_LENS_REFRESH):
        client.feature(request)(lambda params: None)

    client.set_configuration({"secant": {"interpreter": sys.executable}})
    folder = lsp.WorkspaceFolder(uri=examples.as_uri(), name="examples")
    await client.initialize_session(
        lsp.InitializeParams(capabilities=client_capabilities(editor), workspace_folders=[folder])
    )
    item = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
    line = text[: text.index("def order_total")].count("\n")
    assert [action.title for action in await actions(client, uri, line)] == ["Optimize 'order_total' with Secant"]
    argument = {"uri": uri, "position": {"line": line, "character": 0}}
    answer = await client.workspace_execute_command_async(
        lsp.ExecuteCommandParams(command="secant.optimize", arguments=[argument])
    )
    async with asyncio.timeout(100):
        assert await asked == "order_total: fixed · 9/9 tests (5 failed before)"
    reports = client.progress_reports[f"secant/{answer['run']}"]
    assert reports[-1].message == "improved: fixed · 9/9 tests (5 failed before)"
    (change,) = await applying(client, uri, line)
    assert change.range.start.character == change.range.end.character == 0
    assert change.new_text == "    shipping = 0 if goods >= FREE_SHIPPING_FROM else SHIPPING\n"


async def actions(client: LanguageClient, uri: str, line: int) -> Sequence[lsp.CodeAction | lsp.Command]:
    """What is offered on a line. lsprotocol reads an action that has a command as a command; its title is right."""
    at = lsp.Position(line=line, character=0)
    params = lsp.CodeActionParams(
        text_document=lsp.TextDocumentIdentifier(uri=uri),
        range=lsp.Range(start=at, end=at),
        context=lsp.CodeActionContext(diagnostics=[]),
    )
    return await client.text_document_code_action_async(params) or ()


async def applying(client: LanguageClient, uri: str, line: int) -> Sequence[lsp.TextEdit]:
    """The edits of the action that applies a proposal, as this editor comes by them."""
    apply = next(action for action in await actions(client, uri, line) if action.title.startswith("Apply"))
    assert isinstance(apply, lsp.CodeAction)
    resolved = apply if apply.edit is not None else await client.code_action_resolve_async(apply)
    assert resolved.edit is not None
    if resolved.edit.changes is not None:
        return resolved.edit.changes[uri]
    (document,) = resolved.edit.document_changes or ()
    assert isinstance(document, lsp.TextDocumentEdit)
    assert document.text_document.version == 1
    return [edit for edit in document.edits if isinstance(edit, lsp.TextEdit)]
