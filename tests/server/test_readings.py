"""What takes long to read is read once for all who ask meanwhile, and holds up nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from secant_server import ledger
from secant_server.ledger import Ledger
from secant_server.prompts import PromptOutlines, Prompts
from secant_server.protocol import Documents
from secant_server.shelf import Shelf
from secant_server.sources import Sources
from tests.server.conftest import BETTER, Window

pytestmark = pytest.mark.asyncio


async def test_while_somebody_types_older_texts_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = (tmp_path / "a.prompt.md").as_uri()
    documents = Documents("", lsp.TextDocumentSyncKind.Incremental, [], lsp.PositionEncodingKind.Utf16)
    documents.put_text_document(lsp.TextDocumentItem(uri=uri, language_id="markdown", version=0, text=""))
    sources, read, may_end = Sources(documents), list[str](), asyncio.Event()

    async def soon(self: PromptOutlines, uri: str, version: int | None, text: str) -> Prompts:
        read.append(text)
        await may_end.wait()
        return self.of(uri, version, text)

    monkeypatch.setattr(PromptOutlines, "soon", soon)
    asked: list[asyncio.Task[object]] = []
    for version, text in enumerate(("Sort.\n", "Sort it.\n", "Sort it now.\n", "Sort it all.\n"), 1):
        changed = lsp.VersionedTextDocumentIdentifier(version=version, uri=uri)
        documents.update_text_document(changed, lsp.TextDocumentContentChangeWholeDocument(text=text))
        asked.append(asyncio.create_task(sources.current(sources.at(uri))))
        for _ in range(3):
            await asyncio.sleep(0)
    may_end.set()
    first, *others = await asyncio.gather(*asked)
    assert read == ["Sort.\n", "Sort it all.\n"]
    assert [source.text for source, _ in (first, *others)] == ["Sort.\n", *["Sort it all.\n"] * 3]


async def test_a_short_prompt_does_not_wait_for_a_long_one(tmp_path: Path) -> None:
    outlines = PromptOutlines()
    long = asyncio.create_task(outlines.soon((tmp_path / "a.prompt.md").as_uri(), 1, "Sort {{ticket}}.\n" * 1000))
    await asyncio.sleep(0)
    await outlines.soon((tmp_path / "b.prompt.md").as_uri(), 1, "Sort.\n")
    assert not long.done()
    await long


async def test_journals_are_read_once_for_all_who_ask_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[None] = []
    known = Ledger.runs
    monkeypatch.setattr(Ledger, "runs", lambda self: read.append(None) or known(self))
    shelf = Shelf(tmp_path)
    first = asyncio.create_task(shelf.refresh())
    for _ in range(3):
        await asyncio.sleep(0)
    await asyncio.gather(first, *(shelf.refresh() for _ in range(5)))
    assert len(read) == 2


async def test_the_journal_of_a_run_that_goes_on_is_not_read(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """It grows with every case, and offers nothing yet."""
    read: list[str] = []
    known = ledger._needed
    monkeypatch.setattr(ledger, "_needed", lambda path: read.append(path.stem) or known(path))
    run = await window.editor.optimize(window.uri, 3)
    engine = await window.engines.next()
    engine.begin()
    (view,) = (await window.editor.state()).runs
    assert (view.state, read) == ("running", [])
    engine.improved(BETTER)
    await window.editor.ended(run)
    await window.editor.state()
    assert set(read) == {engine.run}
