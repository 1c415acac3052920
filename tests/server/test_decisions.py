"""Accepting and rejecting, while the document changes under everybody's hands."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from secant_server import decisions
from secant_server.ledger import Ledger
from tests.server.conftest import BETTER, COUNT, OTHER, SOURCE, TOTAL, Opening, Window
from tests.server.loopback import client_capabilities

pytestmark = pytest.mark.asyncio


# --- drift


async def test_an_edit_above_while_it_runs_is_rebased(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    window.editor.type(window.uri, 1, "import sys  # 😋😋\n")
    engine.improved(BETTER)
    await window.editor.ended(run)
    assert await window.editor.command("accept", proposal=engine.run)
    assert window.text == SOURCE.replace("\n\n\ndef total", "\nimport sys  # 😋😋\n\n\ndef total").replace(
        TOTAL, BETTER
    )


async def test_a_function_edited_while_it_runs_is_stale(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    window.editor.replace(window.uri, "t += x", "t += 2 * x")
    engine.improved(BETTER)
    await window.editor.ended(run)
    before = window.text
    assert await window.editor.lenses(window.uri) == ["changed since measured", "Run again", "Dismiss"]
    actions = await window.editor.actions(window.uri, 3)
    assert [a.disabled.reason for a in actions if a.disabled] == [
        "'total' changed since this was measured. Run it again."
    ]
    assert await window.editor.command("accept", proposal=engine.run) is False
    assert "'total' changed since this was measured" in window.editor.messages[-1]
    assert window.text == before


async def test_an_applied_one_that_was_edited_since_has_changed(window: Window) -> None:
    proposal = await window.proposed()
    assert await window.editor.command("accept", proposal=proposal)
    window.editor.replace(window.uri, "sum(xs)", "2 * sum(xs)")
    assert await window.editor.command("accept", proposal=proposal) is False
    assert "'total' changed since this was measured" in window.editor.messages[-1]


async def test_while_the_file_does_not_parse_the_offer_waits(window: Window) -> None:
    proposal = await window.proposed()
    (before,) = (await window.editor.state()).proposals
    window.editor.type(window.uri, 0, "def broken(:\n")
    (now,) = (await window.editor.state()).proposals
    assert (now.standing, now.summary) == ("ready", f"{before.summary} · the file does not parse now")
    assert await window.editor.command("accept", proposal=proposal) is False
    assert "The file does not parse now (line 1: invalid syntax). Repair that first." in window.editor.messages[-1]
    content = await window.editor.content(f"secant:/proposal/{proposal}/0/shop.py")
    assert content.startswith("# Secant: The file does not parse now (line 1: ")
    window.editor.replace(window.uri, "def broken(:\n", "")
    assert await window.editor.command("accept", proposal=proposal)
    assert window.text == SOURCE.replace(TOTAL, BETTER)


async def test_a_keystroke_that_was_not_told_yet(window: Window) -> None:
    """The editor refuses the edit, tells of the keystroke, and is given an edit for the text that it has."""
    proposal = await window.proposed()
    window.editor.telling = False
    window.editor.type(window.uri, 0, "# typed\n")
    window.editor.telling = True
    window.editor.before_edit = lambda: window.editor.tell(window.uri)
    assert await window.editor.command("accept", proposal=proposal)
    assert window.text == "# typed\n" + SOURCE.replace(TOTAL, BETTER)
    assert len(window.editor.seen.of("edit")) == 2


async def test_two_spellings_of_an_address_are_two_documents(window: Window) -> None:
    """When one is closed, what was typed in the other is still there to be edited."""
    proposal = await window.proposed()
    window.editor.type(window.uri, 0, "# typed\n")
    other = window.editor.open_text(window.uri.replace("shop.py", "%73hop.py"), SOURCE)
    window.editor.close(other)
    window.editor.type(window.uri, 0, "# typed too\n")
    assert await window.editor.command("accept", proposal=proposal)
    assert window.text == "# typed too\n# typed\n" + SOURCE.replace(TOTAL, BETTER)


async def test_an_editor_that_types_faster_than_anybody_can_edit(window: Window) -> None:
    proposal = await window.proposed()
    window.editor.before_edit = lambda: window.editor.type(window.uri, 0, "#\n")
    assert await window.editor.command("accept", proposal=proposal) is False
    assert "The editor did not apply total: the document changes too fast" in window.editor.messages[-1]
    assert window.text == "#\n" * 3 + SOURCE


async def test_an_editor_that_refuses_says_why(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "_PATIENCE_SECONDS", 0.0)  # no change follows, there is nothing to wait for
    proposal = await window.proposed()
    window.editor.read_only = True
    assert await window.editor.command("accept", proposal=proposal) is False
    assert "the file is read-only" in window.editor.messages[-1]
    assert window.text == SOURCE


async def test_undo_brings_the_offer_back(window: Window) -> None:
    proposal = await window.proposed()
    offered = await window.editor.lenses(window.uri)
    assert await window.editor.command("accept", proposal=proposal)
    assert await window.editor.lenses(window.uri) == []
    window.editor.undo(window.uri)
    assert window.text == SOURCE
    assert (
        await window.editor.lenses(window.uri) == offered == ["2.3x faster · 14/14 tests", "Review", "Apply", "Dismiss"]
    )
    assert await window.editor.command("accept", proposal=proposal)


async def test_closing_and_opening_again(window: Window) -> None:
    proposal = await window.proposed()
    window.editor.close(window.uri)
    window.editor.open(window.path)
    assert "Apply" in await window.editor.lenses(window.uri)
    window.editor.close(window.uri)
    assert await window.editor.command("accept", proposal=proposal)
    assert window.text == SOURCE.replace(TOTAL, BETTER)
    assert window.editor.seen.of("edit")[0].document_changes[0].text_document.version is None


async def test_saving_keeps_what_is_offered_and_what_was_applied(window: Window) -> None:
    proposal = await window.proposed()
    window.editor.save(window.uri, window.path)
    assert "Apply" in await window.editor.lenses(window.uri)
    assert await window.editor.command("accept", proposal=proposal)
    assert window.path.read_text("utf-8") == SOURCE
    window.editor.save(window.uri, window.path)
    assert await window.editor.lenses(window.uri) == []
    assert [p.standing for p in (await window.editor.state()).proposals] == ["applied"]


async def test_a_file_that_is_deleted_during_a_run(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    window.editor.close(window.uri)
    window.path.unlink()
    engine.improved(BETTER)
    await window.editor.ended(run)
    assert "total is gone from" in await window.editor.message("2.3x faster")
    assert await window.editor.command("accept", proposal=engine.run) is False
    assert "there is no such file" in window.editor.messages[-1]
    assert not window.path.exists()


async def test_a_file_that_is_renamed_during_a_run(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    window.editor.close(window.uri)
    renamed = window.path.rename(window.root / "store.py")
    window.editor.open(renamed)
    engine.improved(BETTER)
    await window.editor.ended(run)
    await window.editor.message("total is gone from")
    assert await window.editor.lenses(renamed.as_uri()) == []
    assert renamed.read_text("utf-8") == SOURCE


async def test_a_workspace_folder_that_is_removed_during_a_run(window: Window) -> None:
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    folder = lsp.WorkspaceFolder(uri=window.root.as_uri(), name="project")
    event = lsp.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
    window.editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event=event))
    assert "stopped" in (await window.editor.ended(run))["message"]
    assert await engine.heard() == {"stop": True}
    assert not window.editor.messages


async def test_a_restarted_server_offers_the_same(opening: Opening, window: Window) -> None:
    proposal = await window.proposed(BETTER, OTHER)
    offered, listed = await window.editor.lenses(window.uri), (await window.editor.state()).proposals
    await window.editor.leave()
    again = await opening()
    assert await again.editor.lenses(again.uri) == offered
    assert (await again.editor.state()).proposals == listed
    assert await again.editor.command("accept", proposal=proposal, option=1)
    assert again.text == SOURCE.replace(TOTAL, OTHER)


async def test_two_windows_on_one_workspace(opening: Opening, window: Window) -> None:
    other = await opening()
    assert await other.editor.lenses(other.uri) == []
    proposal = await window.proposed()
    refreshes = len(other.editor.seen.of("lens refresh"))
    await other.editor.lenses(other.uri)  # what came since is looked for beside the answer
    await other.editor.seen.until(lambda: len(other.editor.seen.of("lens refresh")) > refreshes)
    assert "Apply" in await other.editor.lenses(other.uri)
    assert await other.editor.command("reject", proposal=proposal)
    await window.editor.state()
    assert await window.editor.lenses(window.uri) == []


# --- accepting


async def test_line_ends_and_tabs_are_kept(window: Window) -> None:
    window.editor.close(window.uri)
    window.path.write_bytes(SOURCE.replace("\n", "\r\n").encode())
    window.editor.open(window.path)
    proposal = await window.proposed()
    assert await window.editor.command("accept", proposal=proposal)
    assert window.text == SOURCE.replace(TOTAL, BETTER).replace("\n", "\r\n")


async def test_a_form_feed_above_the_function(window: Window) -> None:
    """A line for `str.splitlines`, none for an editor: an incremental change below it must hit the right line."""
    window.editor.type(window.uri, 1, "# \f\u2028\x85\n")
    window.editor.replace(window.uri, "n += 1", "n = n + 1")
    proposal = await window.proposed(line=4)
    assert await window.editor.command("accept", proposal=proposal)
    expected = SOURCE.replace("😋\n", "😋\n# \f\u2028\x85\n", 1).replace("n += 1", "n = n + 1").replace(TOTAL, BETTER)
    assert window.text == expected


async def test_a_function_at_the_end_without_a_line_end(window: Window) -> None:
    window.editor.replace(window.uri, "        return n\n", "        return n")
    proposal = await window.proposed(COUNT, line=13)
    assert await window.editor.command("accept", proposal=proposal)
    assert window.text.endswith(COUNT.removesuffix("\n"))


async def test_the_code_action_carries_an_edit_when_it_is_chosen(window: Window) -> None:
    await window.proposed()
    apply = next(a for a in await window.editor.actions(window.uri, 3) if a.title.startswith("Apply"))
    assert apply.title == "Apply optimized 'total' (2.3x faster · 14/14 tests)"
    assert apply.edit is None
    resolved = await window.editor.client.code_action_resolve_async(apply)
    assert resolved.edit is not None
    assert window.editor.applied(resolved.edit)
    assert window.text == SOURCE.replace(TOTAL, BETTER)


async def test_an_editor_that_does_not_resolve_gets_the_edit_at_once(opening: Opening) -> None:
    window = await opening(client_capabilities("emacs"))
    await window.proposed()
    apply = next(a for a in await window.editor.actions(window.uri, 3) if a.title.startswith("Apply"))
    assert apply.edit is not None
    assert window.editor.applied(apply.edit)
    assert BETTER in window.text


async def test_an_editor_that_knows_no_versions(opening: Opening) -> None:
    window = await opening(client_capabilities("neovim"))
    proposal = await window.proposed()
    assert await window.editor.command("accept", proposal=proposal)
    (edit,) = window.editor.seen.of("edit")
    assert edit.document_changes is None
    assert window.text == SOURCE.replace(TOTAL, BETTER)


async def test_two_clicks_apply_once(opening: Opening) -> None:
    window = await opening(client_capabilities("neovim"))
    proposal = await window.proposed()
    first, second = await asyncio.gather(*(window.editor.command("accept", proposal=proposal) for _ in range(2)))
    assert (first, second) == (True, False)
    assert window.editor.messages[-1].startswith("total has this proposal already.")
    assert window.text == SOURCE.replace(TOTAL, BETTER)


async def test_another_option_of_what_is_applied(window: Window) -> None:
    proposal = await window.proposed(BETTER, OTHER)
    assert await window.editor.command("accept", proposal=proposal, option=1)
    assert await window.editor.command("accept", proposal=proposal) is False
    assert "has another text of this proposal already" in window.editor.messages[-1]
    assert await window.editor.command("accept", proposal=proposal, option=2) is False
    assert "has no alternative 2" in window.editor.messages[-1]


async def test_an_editor_without_edits_is_told_of_the_code_action(opening: Opening) -> None:
    window = await opening(lsp.ClientCapabilities())
    proposal = await window.proposed()
    assert await window.editor.command("accept", proposal=proposal) is False
    assert "Use the code action" in window.editor.messages[-1]


# --- deciding


async def test_a_rejected_one_is_not_offered_and_not_found_again(window: Window) -> None:
    proposal = await window.proposed()
    assert await window.editor.command("reject", proposal=proposal)
    assert await window.editor.lenses(window.uri) == []
    assert [p.standing for p in (await window.editor.state()).proposals] == ["rejected"]
    await window.editor.optimize(window.uri, 3)
    assert (await window.engines.next()).request["rejected"] == [BETTER]


async def test_decisions_are_on_disk(window: Window) -> None:
    proposal = await window.proposed()
    await window.editor.command("accept", proposal=proposal)
    assert Ledger(window.root).decisions() == {proposal: "applied"}


async def test_a_full_disk_loses_no_decision_of_this_session(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Ledger, proposal: str, decision: str, option: int = 0) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "decisions.jsonl")

    proposal = await window.proposed()
    monkeypatch.setattr(Ledger, "decide", full)
    assert await window.editor.command("reject", proposal=proposal)
    assert "No space left on device" in window.editor.messages[-1]
    assert "Make room" in window.editor.messages[-1]
    assert await window.editor.lenses(window.uri) == []
    await window.editor.optimize(window.uri, 3)
    assert (await window.engines.next()).request["rejected"] == [BETTER]


async def test_a_full_disk_loses_no_result(window: Window) -> None:
    """The engine goes on without its journal; the server has the events."""
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin(journaled=False)
    engine.improved(BETTER)
    await window.editor.ended(run)
    assert await window.editor.command("accept", proposal=engine.run)
    assert BETTER in window.text


async def test_an_unknown_proposal(window: Window, tmp_path: Path) -> None:
    assert await window.editor.command("accept", proposal="20200101-000000000-0000") is False
    assert "There is no proposal 20200101-000000000-0000 any more." in window.editor.messages[-1]
    assert list(tmp_path.glob("**/decisions.jsonl")) == []


async def test_the_question_answers_dismiss_and_review(window: Window) -> None:
    window.editor.answers = ["Review", "Dismiss"]
    await window.proposed()
    (review,) = await window.editor.seen.until(lambda: window.editor.seen.of("review"))
    assert (review.option, review.uri, review.title) == (0, window.uri, "total: current ↔ 2.3x faster")
    rejected = await window.proposed(OTHER)
    await window.editor.seen.until(lambda: Ledger(window.root).decisions() == {rejected: "rejected"})
