"""The proposals of one project as they were last read from disk, with what this session knows beyond that.

Requests of the editor are answered from here without touching the disk; reading happens beside them. What cannot be
written (a full disk) still holds for this session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.events import Event
from secant.journal import RunSummary
from secant_server.ledger import Ledger
from secant_server.proposals import Decision, Proposal
from secant_server.scores import Measured


class _Contents(NamedTuple):
    """What was read at one moment."""

    proposals: tuple[Proposal, ...] = ()
    decisions: Mapping[str, Decision] = {}
    runs: tuple[RunSummary, ...] = ()
    measured: tuple[Measured, ...] = ()


class Shelf:
    """One project's proposals, decisions and runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.revision = 0
        """Rises when something of it changed."""
        self._ledger = Ledger(root)
        self._contents = _Contents()
        self._own: dict[str, Proposal] = {}
        self._measured: dict[str, Sequence[Measured]] = {}
        self._decided: dict[str, Decision] = {}
        self._reading = asyncio.Lock()
        self._next: asyncio.Task[bool] | None = None
        """A reading that has not begun."""
        self._read = False

    @property
    def proposals(self) -> Sequence[Proposal]:
        """Of all runs that are over."""
        read = {proposal.id: proposal for proposal in self._contents.proposals}
        return list((read | self._own).values())

    @property
    def decisions(self) -> Mapping[str, Decision]:
        return {**self._contents.decisions, **self._decided}

    @property
    def runs(self) -> Sequence[RunSummary]:
        """The newest first."""
        return self._contents.runs

    @property
    def measured(self) -> Sequence[Measured]:
        """How prompts did in all runs."""
        read = [each for each in self._contents.measured if each.run not in self._measured]
        return [*read, *(each for own in self._measured.values() for each in own)]

    def find(self, identity: str) -> Proposal | None:
        return next((proposal for proposal in self.proposals if proposal.id == identity), None)

    def add(self, proposal: Proposal) -> None:
        """Keep what a run of this session found, whether its journal could be written or not."""
        self._own[proposal.id] = proposal
        self.revision += 1

    def score(self, run: str, measured: Sequence[Measured]) -> None:
        """Keep what a run of this session measured, likewise."""
        if measured:
            self._measured[run] = measured
            self.revision += 1

    async def loaded(self) -> None:
        """Read it, if that was not done yet."""
        if not self._read:
            await self.refresh()

    async def refresh(self) -> bool:
        """Read it again; whether anything is otherwise now.

        Whoever asks while it is being read shares the next reading with all others who do: a journal of thousands of
        cases takes longer to read than it takes to ask again.
        """
        if self._next is None:
            self._next = asyncio.ensure_future(self._refreshed())
        return await asyncio.shield(self._next)

    async def _refreshed(self) -> bool:
        async with self._reading:
            self._next = None
            contents = await asyncio.to_thread(self._now)
            changed = contents != self._contents
            self._contents, self._read = contents, True
            self.revision += changed
            return changed

    async def events(self, run: str) -> tuple[Event, ...]:
        return await asyncio.to_thread(self._ledger.events, run)

    async def decide(self, identity: str, decision: Decision, option: int = 0) -> None:
        """Remember a decision. Raises OSError where it cannot be written; for this session it holds all the same."""
        self._decided[identity] = decision
        self.revision += 1
        await asyncio.to_thread(self._ledger.decide, identity, decision, option)
        await self.refresh()
        self._decided.pop(identity, None)  # on disk, where another window may decide otherwise

    async def rejected(self, path: Path, name: str, base: str) -> Sequence[str]:
        """Texts of the function that were turned down."""
        written = await asyncio.to_thread(self._ledger.rejected_sources, path, name, base)
        unwritten = (p for p in self._own.values() if self._decided.get(p.id) == "rejected")
        unwritten = (p.options[0].source for p in unwritten if (p.path, p.name, p.base) == (path, name, base))
        return list(dict.fromkeys([*written, *unwritten]))

    def _now(self) -> _Contents:
        ledger, runs = self._ledger, self._ledger.runs()
        # A run that goes on offers nothing yet, and its journal grows: it would be read again and again.
        running = {run.id for run in runs if run.state == "running"}
        return _Contents(ledger.proposals(running), ledger.decisions(), runs, ledger.measured(running))
