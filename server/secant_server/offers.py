"""What is offered in a document: the proposals of its project, and how they stand to its text. Derived, not tracked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lsprotocol import types as lsp

from secant.errors import UnreadableFile
from secant_server.client import Client
from secant_server.files import same_file
from secant_server.notices import Refused
from secant_server.projects import Projects
from secant_server.proposals import Placed, Proposal, merged, placed_all
from secant_server.shelf import Shelf
from secant_server.sources import Source, Sources
from secant_server.text import edits

Pairs = Sequence[tuple[Proposal, Placed]]


class Offer(NamedTuple):
    """A proposal and where it is kept."""

    proposal: Proposal
    shelf: Shelf


class Offers:
    """The proposals of all projects that the editor has touched."""

    def __init__(self, sources: Sources, projects: Projects, client: Client) -> None:
        self.sources = sources
        self.projects = projects
        self._client = client
        self._known: dict[str, tuple[str, int, Pairs]] = {}

    def find(self, identity: str) -> Offer:
        """Raises Refused for one that is not known."""
        for shelf in self.projects:
            proposal = shelf.find(identity)
            if proposal is not None:
                return Offer(proposal, shelf)
        raise Refused(f"There is no proposal {identity} any more.", hint="Run Secant again.")

    def placed(self, source: Source, shelf: Shelf) -> Pairs:
        """The proposals for a document, each with how it stands to the text."""
        known = self._known.get(source.uri)
        if known is not None and known[:2] == (source.text, shelf.revision):
            return known[2]
        own = [p for p in shelf.proposals if same_file(p.path, source.path)]
        found = placed_all(own, source.text, self.sources.outline(source), shelf.decisions) if own else []
        self._known[source.uri] = (source.text, shelf.revision, found)
        return found

    def standing(self, offer: Offer) -> Placed:
        """How a proposal stands to its file now; stale where the file is gone."""
        try:
            source = self.sources.of(offer.proposal.path)
        except UnreadableFile:
            return Placed("stale")
        pairs = self.placed(source, offer.shelf)
        return next((place for proposal, place in pairs if proposal.id == offer.proposal.id), Placed("stale"))

    def unparsed(self, proposal: Proposal) -> bool:
        """Whether its file does not parse now."""
        try:
            return self.sources.outline(self.sources.of(proposal.path)).problem is not None
        except UnreadableFile:
            return False

    def standings(self) -> Mapping[str, Placed]:
        """Of all proposals."""
        return {p.id: self.standing(Offer(p, shelf)) for shelf in self.projects for p in shelf.proposals}

    def edit(self, proposal: Proposal, option: int) -> lsp.WorkspaceEdit | None:
        """The edit that applies an option to the file as it is now; None where it does not fit."""
        try:
            source = self.sources.of(proposal.path)
        except UnreadableFile:
            return None
        text = merged(proposal, option, source.text, self.sources.outline(source))
        return None if text is None else self.edit_of(source, text)

    def edit_of(self, source: Source, text: str) -> lsp.WorkspaceEdit:
        """The edit that gives a document this text, bound to its version where the editor knows versions."""
        changes = edits(source.text, text)
        if not self._client.document_changes:
            return lsp.WorkspaceEdit(changes={source.uri: changes})
        document = lsp.OptionalVersionedTextDocumentIdentifier(uri=source.uri, version=source.version)
        return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(text_document=document, edits=changes)])
