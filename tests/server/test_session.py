"""What else an editor sees: settings by scope, documents of the server's own, the list of runs, several folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from secant_server.commands import COMMANDS
from secant_server.documents import run_uri
from secant_server.features import REFUSED
from tests.server.conftest import BETTER, OTHER, SOURCE, TOTAL, Opening, Window
from tests.server.loopback import client_capabilities

pytestmark = pytest.mark.asyncio


async def test_what_the_server_says_of_itself(opening: Opening) -> None:
    window = await opening()
    capabilities = window.editor.server.server_capabilities
    assert window.editor.server.name == "secant"
    assert capabilities.experimental == {"secant": {"version": window.editor.server.version}}
    assert isinstance(capabilities.code_action_provider, lsp.CodeActionOptions)
    assert capabilities.code_action_provider.resolve_provider
    assert capabilities.workspace is not None
    assert capabilities.workspace.text_document_content is not None
    assert capabilities.workspace.text_document_content.schemes == ["secant"]
    assert capabilities.execute_command_provider is not None
    assert len(capabilities.execute_command_provider.commands) == 13


async def test_every_command_that_is_offered_exists() -> None:
    assert set(COMMANDS) == set(REFUSED)


# --- settings


async def test_settings_are_asked_for_the_folder_of_the_document(window: Window) -> None:
    await window.editor.optimize(window.uri, 3)
    asked = [item.scope_uri for params in window.editor.seen.of("configuration") for item in params.items]
    assert asked == [window.root.as_uri()]


async def test_changed_settings_are_asked_for_again(window: Window) -> None:
    assert await window.editor.lenses(window.uri) == []
    window.editor.configure({"codeLens": "functions"})
    await window.editor.seen.until(lambda: len(window.editor.seen.of("configuration")) >= 2)
    await window.editor.seen.until(lambda: window.editor.seen.of("lens refresh"))
    assert await window.editor.lenses(window.uri) == ["Optimize", "Optimize"]
    window.editor.configure({"codeLens": "off"})
    await window.editor.optimize(window.uri, 3)
    assert await window.editor.lenses(window.uri) == []


async def test_an_editor_that_sends_its_settings(opening: Opening) -> None:
    window = await opening(lsp.ClientCapabilities())
    params = lsp.DidChangeConfigurationParams(settings={"secant": {"maxEvaluations": 3}})
    window.editor.client.workspace_did_change_configuration(params)
    await window.editor.optimize(window.uri, 3)
    assert (await window.engines.next()).request["max_evaluations"] == 3


async def test_vs_code_is_asked_to_tell_of_changes(window: Window) -> None:
    (params,) = await window.editor.seen.until(lambda: window.editor.seen.of("register"))
    assert [registration.method for registration in params.registrations] == ["workspace/didChangeConfiguration"]


async def test_several_folders_have_their_own_projects(opening: Opening, project: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "setup.py").write_text("")
    (second / "shop.py").write_text(SOURCE, "utf-8")
    window = await opening(None, project, second)
    uri = window.editor.open(second / "shop.py")
    await window.editor.optimize(uri, 3)
    await window.editor.optimize(window.uri, 3)
    engines = [await window.engines.next(), await window.engines.next()]
    assert {engine.request["folder"] for engine in engines} == {str(project), str(second)}


# --- documents


async def test_the_proposed_text_follows_the_buffer(window: Window) -> None:
    proposal = await window.proposed()
    uri = f"secant:/proposal/{proposal}/0/shop.py"
    assert await window.editor.content(uri) == SOURCE.replace(TOTAL, BETTER)
    before = len(window.editor.seen.of("content refresh"))
    window.editor.type(window.uri, 0, "# above\n")
    refreshes = await window.editor.seen.until(lambda: window.editor.seen.of("content refresh")[before:])
    assert {params.uri for params in refreshes} == {uri}
    assert await window.editor.content(uri) == "# above\n" + SOURCE.replace(TOTAL, BETTER)


async def test_an_alternative_has_a_document_of_its_own(window: Window) -> None:
    proposal = await window.proposed(BETTER, OTHER)
    assert await window.editor.content(f"secant:/proposal/{proposal}/1/shop.py") == SOURCE.replace(TOTAL, OTHER)
    options = await window.editor.client.protocol.send_request_async("secant/options", {"proposal": proposal})
    assert [option["index"] for option in options] == [0, 1]


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("secant:/proposal/none/0/shop.py", "# There is no proposal none any more."),
        ("secant:/run/none/report.md", "# There is no run none any more."),
        ("secant:/else", "# Secant has no document secant:/else"),
    ],
)
async def test_documents_that_there_are_not(window: Window, uri: str, said: str) -> None:
    assert (await window.editor.content(uri)).startswith(said)


async def test_the_page_of_a_run_that_goes_on_and_that_is_over(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    engine.progress()
    await window.editor.seen.until(lambda: len(window.editor.progress(run)) == 2)
    assert "# total" in await window.editor.content(f"secant:/run/{run}/report.md")
    engine.improved(BETTER)
    await window.editor.ended(run)
    for identity in (run, engine.run):
        assert "14 of 14 tests pass." in await window.editor.content(f"secant:/run/{identity}/report.md")


async def test_reports_and_reviews_of_an_editor_with_documents(window: Window) -> None:
    proposal = await window.proposed()
    assert await window.editor.command("showReport", run=proposal)
    (shown,) = window.editor.seen.of("show")
    assert shown.uri == run_uri((await window.editor.state()).runs[0].id, "total")


async def test_reports_and_reviews_of_any_editor(opening: Opening) -> None:
    window = await opening(client_capabilities("neovim"))
    proposal = await window.proposed()
    assert await window.editor.command("showDiff", proposal=proposal)
    assert await window.editor.command("showReport", run=proposal)
    diff, page = (Path(params.uri.removeprefix("file://")) for params in window.editor.seen.of("show"))
    assert diff == window.root / ".secant" / "reviews" / f"{proposal}.diff"
    assert "+    return sum(xs)\n" in diff.read_text("utf-8")
    assert "14 of 14 tests pass." in page.read_text("utf-8")


async def test_an_editor_that_opens_nothing_is_told_the_place(opening: Opening) -> None:
    window = await opening(client_capabilities("emacs"))
    proposal = await window.proposed()
    assert await window.editor.command("showDiff", proposal=proposal)
    assert window.editor.messages == [f"Open {window.root / '.secant' / 'reviews' / f'{proposal}.diff'} to read it."]


async def test_review_of_the_question_without_a_comparison(opening: Opening) -> None:
    window = await opening(client_capabilities("neovim"))
    window.editor.answers = ["Review"]
    proposal = await window.proposed()
    (shown,) = await window.editor.seen.until(lambda: window.editor.seen.of("show"))
    assert shown.uri.endswith(f"{proposal}.diff")


# --- the list


async def test_the_list_says_what_became_of_everything(window: Window) -> None:
    proposal = await window.proposed()
    state = await window.editor.state()
    (run,), (offered,) = state.runs, state.proposals
    assert (run.state, run.outcome, run.summary) == ("finished", "improved", "2.3x faster · 14/14 tests")
    assert (run.proposal, offered.id, offered.run) == (proposal, proposal, proposal)
    assert (offered.standing, offered.uri, offered.name) == ("ready", window.uri, "total")
    assert (offered.range.start.line, offered.range.end.line) == (3, 8)


async def test_the_list_is_said_to_change(window: Window) -> None:
    before = len(window.editor.seen.of("changed"))
    await window.proposed()
    await window.editor.seen.until(lambda: len(window.editor.seen.of("changed")) > before)


async def test_an_editor_without_a_list_is_not_told(opening: Opening) -> None:
    window = await opening(client_capabilities("visual_studio_code"))
    await window.proposed()
    await window.editor.question()
    assert not window.editor.seen.of("changed")


async def test_the_hover_shows_the_evidence(window: Window) -> None:
    await window.proposed()
    assert "14 of 14 tests pass." in (await window.editor.hover(window.uri, 3) or "")
    assert await window.editor.hover(window.uri, 13) is None
