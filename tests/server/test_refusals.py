"""What cannot be done is one clear message that says what to do; the buffer is untouched, no engine was started."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from secant_server.engine import COMMAND
from secant_server.launch import Launch
from tests.server.conftest import SOURCE, Opening, Window

pytestmark = pytest.mark.asyncio


async def refused(window: Window, uri: str, line: int = 0) -> str:
    """The one message with which a request to optimize is refused."""
    assert await window.editor.optimize(uri, line) is None
    (message,) = window.editor.messages
    assert message in window.editor.log
    assert window.engines.none
    assert window.text == SOURCE
    return message


async def test_a_file_that_was_never_saved(window: Window) -> None:
    uri = window.editor.open_text("untitled:Untitled-1", "def f():\n    return 1\n")
    assert await refused(window, uri) == (
        "This file was never saved, and tests cannot import it. "
        "Save the file once, then try again: later changes need not be saved."
    )


async def test_a_named_file_that_was_never_saved(window: Window) -> None:
    uri = window.editor.open_text((window.root / "new.py").as_uri(), "def f():\n    return 1\n")
    assert await refused(window, uri) == "new.py is not on disk (any more). Save it, then try again."


async def test_a_cell_of_a_notebook(window: Window) -> None:
    uri = window.editor.open_text("vscode-notebook-cell:/w/a.ipynb#W0sZmlsZQ", "def f():\n    return 1\n")
    message = await refused(window, uri)
    assert message.startswith("Secant does not optimize cells of a notebook. Move the function into a .py file")
    assert await window.editor.actions(uri, 0) == []
    assert await window.editor.lenses(uri) == []
    assert await window.editor.hover(uri, 0) is None


async def test_another_scheme(window: Window) -> None:
    uri = window.editor.open_text("git:/w/shop.py?HEAD", "def f():\n    return 1\n")
    assert "the scheme 'git'" in await refused(window, uri)


@pytest.mark.parametrize("uri", ["", "shop.py", "file:///a%00b.py", "file:///\ud800.py", "http://[half"])
async def test_what_is_no_address_of_a_file(window: Window, uri: str) -> None:
    assert await refused(window, uri) == "This is no file of this machine. Open one on disk."
    assert await window.editor.lenses(uri) == []


async def test_what_is_not_python(window: Window) -> None:
    uri = window.editor.open_text((window.root / "notes.txt").as_uri(), "def f():\n")
    assert await refused(window, uri) == "notes.txt is not a Python file. Open the .py file that has the function."


async def test_no_function_at_the_line(window: Window) -> None:
    assert (await refused(window, window.uri, 0)).startswith("shop.py, line 1: There is no function here")


async def test_a_syntax_error(window: Window) -> None:
    broken = window.root / "broken.py"
    broken.write_text("x = 1\n\n\ndef f(:\n    return 1\n")
    message = await refused(window, window.editor.open(broken), 3)
    assert "broken.py, line 4: The file does not parse (line 4: " in message
    assert message.endswith("Repair that line first.")


async def test_a_stub(window: Window) -> None:
    stub = window.root / "stub.py"
    stub.write_text("def f():\n    ...\n")
    assert "'f' is a stub" in await refused(window, window.editor.open(stub))


async def test_a_file_that_is_not_text(window: Window) -> None:
    binary = window.root / "latin.py"
    binary.write_bytes(b"def f():\n    return '\xe9'\n")
    message = await refused(window, binary.as_uri())
    assert "byte 0xe9 is not utf-8" in message
    assert "latin.py:2" in message
    assert "Save the file as UTF-8" in message


async def test_a_project_whose_configuration_cannot_be_read(window: Window) -> None:
    (window.root / "pyproject.toml").write_text("[tool.\n")
    window.editor.save(window.uri, window.path)
    message = await refused(window, window.uri, 3)
    assert "pyproject.toml" in message
    assert "Correct it first" in message


@pytest.mark.parametrize(
    "argument",
    [{}, {"uri": 5, "position": {"line": 0}}, {"uri": "file:///a.py", "position": {"line": -1}}],
    ids=["nothing", "wrong type", "impossible line"],
)
async def test_arguments_that_are_wrong(window: Window, argument: dict[str, object]) -> None:
    answer = await window.editor.command("optimize", **argument)
    assert answer["run"] is None
    (message,) = window.editor.messages
    assert message.startswith("secant.optimize was called with an argument that it does not understand (")
    assert message.endswith("It takes one object with uri, position, goal.")


async def test_a_command_without_arguments(window: Window) -> None:
    params = lsp.ExecuteCommandParams(command="secant.accept")
    assert await window.editor.client.workspace_execute_command_async(params) is False
    assert "It takes one object with proposal, option." in window.editor.messages[0]


async def test_settings_of_the_wrong_type(opening: Opening) -> None:
    settings = {"maxSeconds": "soon", "notify": "loudly", "codeLens": "functions", "unknown": 1}
    window = await opening(settings=settings)
    message = await window.editor.message("settings")
    assert "secant.maxSeconds is 'soon'" in message
    assert "secant.notify is 'loudly'" in message
    assert "unknown" not in message
    await window.editor.optimize(window.uri, 3)
    assert (await window.engines.next()).request["max_seconds"] is None
    assert window.editor.messages == [message]


async def test_a_run_that_cannot_be_resumed(window: Window) -> None:
    answer = await window.editor.command("resume", run="20200101-000000000-0000")
    assert answer["run"] is None
    assert window.editor.messages == ["There is nothing to go on with in run 20200101-000000000-0000. Start a new one."]


async def test_a_run_of_another_window_cannot_be_stopped_here(window: Window) -> None:
    assert await window.editor.command("stop", run="20200101-000000000-0000") is False
    assert "Stop it where it was started" in window.editor.messages[0]


async def test_a_proposal_whose_function_has_gone_cannot_run_again(window: Window) -> None:
    proposal = await window.proposed()
    window.editor.replace(window.uri, "def total(xs):", "def sum_of(xs):")
    answer = await window.editor.command("rerun", proposal=proposal)
    assert answer["run"] is None
    assert "There is no total in shop.py any more." in window.editor.messages[-1]


async def test_the_real_engine_says_which_python_is_missing(opening: Opening) -> None:
    window = await opening(command=COMMAND, settings={"interpreter": "/nowhere/python"})
    run = await window.editor.optimize(window.uri, 3)
    await window.editor.ended(run)
    message = await window.editor.message("was not optimized")
    assert message.startswith("total was not optimized. /nowhere/python: ")
    assert window.editor.messages == [message]
    assert window.text == SOURCE


async def test_a_fault_of_our_own_is_said_to_be_one(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Launch, "_subject", lambda *_: 1 / 0)
    assert await window.editor.optimize(window.uri, 3) is None
    assert "a fault in the language server (ZeroDivisionError)" in window.editor.messages[0]
    assert "Traceback" in window.editor.log
