"""Accepting and rejecting: the only place from which a user's buffer changes, by one edit that the editor may refuse.

A proposal goes in only where its function or solution still is exactly what was measured. An editor that has moved on
refuses an edit for an earlier version; then the edit is made anew, for the text that it has now.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types as lsp

from secant_server import sentences
from secant_server.blocks import Problem
from secant_server.editor import Editor
from secant_server.notices import Refused, told
from secant_server.offers import Offer, Offers
from secant_server.proposals import Decision, Placed, merged

_TRIES = 3
_PATIENCE_SECONDS = 1.0
"""How long a change that the editor has to tell of may take: much longer than a keystroke takes."""


class Decisions:
    """Carries out what the user decides."""

    def __init__(self, editor: Editor, offers: Offers) -> None:
        self._editor = editor
        self._offers = offers
        self._one_at_a_time = asyncio.Lock()

    async def accept(self, identity: str, option: int) -> bool:
        """Put an option into the buffer. Raises SecantError where it does not fit or the editor refuses."""
        offer = self._offers.find(identity)
        if option >= len(offer.proposal.options):
            raise Refused(f"{offer.proposal.label} has no alternative {option}.", hint="Choose another one.")
        async with self._one_at_a_time:
            await self._apply(offer, option)
        await self._remember(offer, "applied", option)
        return True

    async def reject(self, identity: str) -> bool:
        """Turn a proposal down; it is not offered again, nor is its text found by the next run."""
        await self._remember(self._offers.find(identity), "rejected")
        return True

    async def _apply(self, offer: Offer, option: int) -> None:
        proposal, sources = offer.proposal, self._offers.sources
        label = f"Secant: {proposal.label}, {sentences.summary(proposal.options[option], proposal.judges)}"
        result = lsp.ApplyWorkspaceEditResult(applied=False)
        for _ in range(_TRIES):
            source = sources.of(proposal.path)
            outline = sources.outline(source)
            text = merged(proposal, option, source.text, outline)
            if text is None:
                raise _misfit(offer, self._offers.standing(offer), option, outline.problem)
            result = await self._editor.apply(self._offers.edit_of(source, text), label)
            # What is derived next must be derived from what the editor has now, whether it took the edit or not.
            moved = await sources.change(source.uri, source.version, _PATIENCE_SECONDS)
            if result.applied or (moved and self._holds(offer, option)):
                return
            if not moved:
                break
        reason = result.failure_reason or "the document changes too fast or cannot be edited"
        raise Refused(f"The editor did not apply {proposal.label}: {reason}.", hint="Nothing was changed. Try again.")

    def _holds(self, offer: Offer, option: int) -> bool:
        """Whether the option is in the buffer, whatever the editor said, or if it said nothing."""
        placed = self._offers.standing(offer)
        return placed.standing == "applied" and placed.option == option

    async def _remember(self, offer: Offer, decision: Decision, option: int = 0) -> None:
        try:
            await offer.shelf.decide(offer.proposal.id, decision, option)
        except OSError as error:
            self._editor.notices.warn(
                f"{offer.proposal.label} is {decision}, but that cannot be written down: {told(error)} "
                f"It is remembered until the editor ends. Make room in {offer.shelf.root}."
            )
        self._editor.refresh()


def _misfit(offer: Offer, placed: Placed, option: int, problem: Problem | None) -> Refused:
    name = offer.proposal.label
    if placed.standing != "applied" or placed.option is None:  # or it was edited since it was applied
        return Refused(sentences.misfit(offer.proposal, problem))
    if placed.option == option:
        return Refused(f"{name} has this proposal already.", hint="Undo brings back what was there before.")
    return Refused(f"{name} has another text of this proposal already.", hint="Undo that first, then choose this one.")
