"""Editors that answer late, wrongly or never: nothing waits for them for ever, and nothing is lost."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from typing import Any

import pytest
from lsprotocol import types as lsp

from secant_server import decisions, editor, settings
from secant_server.server import Server
from secant_server.settings import Configuration, Settings
from tests.server.conftest import BETTER, SOURCE, TOTAL, Window
from tests.server.loopback import converter

pytestmark = pytest.mark.asyncio


class Told:
    """A server without an editor: messages go in as text, what it sends is kept."""

    def __init__(self) -> None:
        self.server = Server()
        self.server.protocol._converter = converter()
        self.server.protocol.set_writer(self, include_headers=False)
        self.sent: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self.sent.append(json.loads(data))

    def close(self) -> None:
        pass

    def tell(self, **message: object) -> None:
        protocol = self.server.protocol
        text = json.dumps({"jsonrpc": "2.0", **message})
        protocol.handle_message(json.loads(text, object_hook=protocol.structure_message))


# --- what is not understood


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        (None, "expected CodeLensParams @ $.params"),
        ({"textDocument": 5}, "expected str @ $.params.text_document.uri"),
        ({"text": 5}, "required field missing @ $.params.text_document"),
    ],
)
async def test_a_request_that_is_not_as_it_should_be_is_answered(
    params: object, wrong: str, capfd: pytest.CaptureFixture[str]
) -> None:
    told = Told()
    told.tell(id=7, method="textDocument/codeLens", params=params)
    (answer,) = told.sent
    assert (answer["id"], answer["error"]["code"]) == (7, -32602)
    assert wrong in answer["error"]["message"]
    assert capfd.readouterr().err == "", "no traceback about a mistake of the editor's"


async def test_an_answer_that_is_not_as_it_should_be_is_an_error() -> None:
    told = Told()
    item = lsp.ConfigurationItem(section="secant")
    asked = told.server.workspace_configuration_async(lsp.ConfigurationParams(items=[item]))
    waiting = asyncio.ensure_future(asked)
    await asyncio.sleep(0)
    told.tell(id=told.sent[0]["id"], result=None)
    with pytest.raises(Exception, match=r"result"):
        await waiting


async def test_a_notification_that_is_not_as_it_should_be_is_one_line_of_the_log() -> None:
    told = Told()
    told.tell(method="textDocument/didOpen", params={})
    (line,) = told.sent
    assert line["method"] == "window/logMessage"
    assert "required field missing @ $.params.text_document" in line["params"]["message"]


async def test_a_request_before_the_beginning_is_answered() -> None:
    told = Told()
    told.tell(id=3, method="secant/state", params={})
    assert [(each["id"], each["error"]["code"]) for each in told.sent] == [(3, -32002)]


async def test_a_request_after_the_end_is_answered(window: Window) -> None:
    await window.editor.leave()
    protocol, sent = window.editor.server.protocol, Told()
    protocol.set_writer(sent, include_headers=False)
    protocol.handle_message(protocol.structure_message({"jsonrpc": "2.0", "id": 3, "method": "secant/state"}))
    assert [(each["id"], each["error"]["code"]) for each in sent.sent] == [(3, -32600)]


# --- what is not answered


async def test_settings_that_are_never_told_hold_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_PATIENCE_SECONDS", 0.0)
    answers: list[asyncio.Future[object]] = []

    async def ask(_scope: str) -> object:
        answers.append(asyncio.get_running_loop().create_future())
        return await answers[-1]

    complaints: list[str] = []
    configuration = Configuration(ask, complaints.append)
    configuration.sent({"optimizer": "sent"})
    for scope in ("a", "b"):
        assert await configuration.of(scope) == Settings(optimizer="sent")
    await asyncio.sleep(0)
    assert len(complaints) == 1
    assert complaints[0].startswith("The editor has not told its settings of Secant in")
    answers[0].set_result({"optimizer": "late"})
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await configuration.of("a") == Settings(optimizer="late")


async def test_what_was_sent_holds_where_an_editor_answers_nothing() -> None:
    async def ask(_scope: str) -> object:
        return None

    configuration = Configuration(ask, lambda _: None)
    configuration.sent({"optimizer": "sent"})
    assert await configuration.of("a") == Settings(optimizer="sent")


@pytest.mark.parametrize("applied", [False, True])
async def test_an_edit_that_is_never_confirmed(window: Window, monkeypatch: pytest.MonkeyPatch, applied: bool) -> None:
    """Whether it was applied follows from the text."""
    proposal = await window.proposed()
    monkeypatch.setattr(editor, "_PATIENCE_SECONDS", 0.01)
    if not applied:
        monkeypatch.setattr(decisions, "_PATIENCE_SECONDS", 0.0)

    async def never(params: lsp.ApplyWorkspaceEditParams) -> object:
        if applied:
            window.editor.applied(params.edit)
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(window.editor.server, "workspace_apply_edit_async", never)
    assert await window.editor.command("accept", proposal=proposal) is applied
    assert window.text == (SOURCE.replace(TOTAL, BETTER) if applied else SOURCE)
    if not applied:
        assert "The editor did not apply total: the editor does not answer" in window.editor.messages[-1]


async def test_a_page_that_is_never_shown(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "_PATIENCE_SECONDS", 0.01)

    async def never(_params: object) -> object:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(window.editor.server, "window_show_document_async", never)
    assert await window.editor.server.life.session.editor.show(window.uri) is False


# --- what is taken back


async def test_a_command_that_is_cancelled_says_what_it_began_all_the_same(window: Window) -> None:
    """It goes on, and its answer names the run, which can be stopped."""
    protocol = window.editor.client.protocol
    where = {"uri": window.uri, "position": {"line": 3, "character": 0}}
    params = lsp.ExecuteCommandParams(command="secant.optimize", arguments=[where])
    answer = protocol.send_request_async(lsp.WORKSPACE_EXECUTE_COMMAND, params, msg_id=99)
    protocol.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(id=99))
    assert (await answer)["name"] == "total"
    await window.engines.next()


async def test_what_is_to_be_done_when_the_window_closes_is_not_begun(window: Window) -> None:
    begun: list[int] = []

    async def work() -> None:
        begun.append(1)

    session = window.editor.server.life.session
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        session.editor.spawn(work)
        session.editor.progressed()  # asks for new lenses
        await session.close()
        session.editor.spawn(work)
        await asyncio.sleep(0)
        gc.collect()
    assert (begun, [str(each.message) for each in warned]) == ([], [])
