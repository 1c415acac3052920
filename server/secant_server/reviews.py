"""Showing what a run found: the editor's own comparison, a file with the difference, the page of a run.

Editors that open `secant:` documents read them here; for the others a file is written into `.secant/` of the project.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from secant.errors import SecantError
from secant.events import Event
from secant_server import sentences
from secant_server.documents import ProposalDocument, RunDocument, diff_text, parse, proposal_text, run_uri
from secant_server.editor import Editor
from secant_server.notices import Refused, told
from secant_server.offers import Offer, Offers
from secant_server.reports import report
from secant_server.runs import Runs


class Reviews:
    """Opens and writes what is read."""

    def __init__(self, editor: Editor, offers: Offers, runs: Runs) -> None:
        self._editor = editor
        self._offers = offers
        self._runs = runs

    async def review(self, offer: Offer, option: int = 0) -> None:
        """Show the difference in the best way that the editor has. Raises SecantError and OSError."""
        proposal = offer.proposal
        if not self._editor.client.review:
            await self.show_diff(offer, option)
            return
        title = sentences.comparison(proposal.label, sentences.summary(proposal.options[option], proposal.judges))
        await self._editor.review(proposal.id, option, self._offers.sources.uri(proposal.path), title)

    async def show_diff(self, offer: Offer, option: int) -> None:
        """Write the difference into a file and open that. Raises SecantError and OSError."""
        proposal, root = offer.proposal, offer.shelf.root
        if option >= len(proposal.options):
            raise Refused(f"{proposal.label} has no alternative {option}.", hint="Choose another one.")
        source = self._offers.sources.of(proposal.path)
        text = diff_text(proposal, option, source.text, self._offers.sources.outline(source), root)
        name = f"{proposal.id}-{option}.diff" if option else f"{proposal.id}.diff"
        await self._open(root / ".secant" / "reviews" / name, text)

    async def show_report(self, identity: str) -> None:
        """Open the page of a run. Raises SecantError and OSError."""
        run = self._runs.find(identity)
        if self._editor.client.documents:
            await self._editor.show(run_uri(run.id if run else identity, self._name(identity)))
            return
        root, page = await self._page(identity)
        await self._open(root / ".secant" / "reviews" / f"{identity}.md", page)

    async def content(self, uri: str) -> str:
        """What a `secant:` document holds now; a first line that says what is wrong where there is none."""
        self._editor.shows(uri)
        try:
            match parse(uri):
                case ProposalDocument(identity, option):
                    return self._proposed(self._offers.find(identity), option)
                case RunDocument(identity):
                    return (await self._page(identity))[1]
                case None:
                    return f"# Secant has no document {uri}\n"
        except SecantError as error:
            return f"# {sentences.one_line(told(error))}\n"

    def _proposed(self, offer: Offer, option: int) -> str:
        source = self._offers.sources.of(offer.proposal.path)
        if option >= len(offer.proposal.options):
            raise Refused(f"{offer.proposal.label} has no alternative {option}.")
        return proposal_text(offer.proposal, option, source.text, self._offers.sources.outline(source))

    def _name(self, identity: str) -> str:
        """What was optimized in a run; empty where that is not known."""
        run = self._runs.find(identity)
        if run is not None:
            return run.assignment.label
        found = (shelf.find(identity) for shelf in self._offers.projects)
        return next((proposal.label for proposal in found if proposal is not None), "")

    async def _page(self, identity: str) -> tuple[Path, str]:
        """The project of a run, and the run's page."""
        run = self._runs.find(identity)
        journal = run.journal if run is not None and run.journal else identity
        running = run is not None and run.state == "running"
        for shelf in self._offers.projects:
            summary = next((summary for summary in shelf.runs if summary.id == journal), None)
            if summary is not None or (run is not None and run.assignment.root == shelf.root):
                # The journal has more than this session keeps; where it could not be written, that must do.
                events = await shelf.events(journal) or (run.events if run is not None else ())
                running = running or (summary is not None and summary.state == "running" and run is None)
                base = self._offers.sources.folder if self._editor.client.documents else None
                return shelf.root, await asyncio.to_thread(_page_of, tuple(events), running, base)
        raise Refused(f"There is no run {identity} any more.", hint="Its journal was removed.")

    async def _open(self, path: Path, text: str) -> None:
        await asyncio.to_thread(_write, path, text)
        if not await self._editor.show(path.as_uri()):
            self._editor.notices.inform(f"Open {path} to read it.")


def _page_of(events: Sequence[Event], running: bool, base: Path | None) -> str:
    return report(events, running=running, base=base)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
