"""How a run begins: a place in a document becomes an order for the engine, or one clear sentence why it does not.

What the run is to see is taken at one moment: the buffer, with every other unsaved buffer of the project.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types as lsp

from secant.config import Goal, OptimizeRequest
from secant.events import TargetFound
from secant.functions.settings import read_settings
from secant.journal import new_run_id
from secant.naming import named_models
from secant_server import places
from secant_server.blocks import Function
from secant_server.editor import Editor
from secant_server.notices import Refused
from secant_server.offers import Offers
from secant_server.outline import Outline
from secant_server.projects import root_of
from secant_server.runs import Assignment, Run, Runs
from secant_server.settings import Settings
from secant_server.shelf import Shelf
from secant_server.sources import Source, declined, unsaved
from secant_server.text import excerpt, normalized
from secant_server.views import Shown


class _Subject(NamedTuple):
    """A function in a document as it is at one moment, with the other open documents of its project."""

    source: Source
    function: Function
    alone: bool
    """No other function of the document has its name."""
    shelf: Shelf
    buffers: Mapping[Path, str]

    @property
    def base(self) -> str:
        return excerpt(self.source.text, self.function.span)

    @property
    def target(self) -> str:
        """As the engine names it: a name survives in a list of runs, a line is exact."""
        path, function = self.source.path, self.function
        return f"{path}::{function.name}" if self.alone else f"{path}:{function.def_line + 1}"


class Launch:
    """Starts runs."""

    def __init__(self, editor: Editor, offers: Offers, runs: Runs) -> None:
        self._editor = editor
        self._offers = offers
        self._runs = runs

    async def optimize(self, uri: str, line: int, goal: Goal, settings: Settings) -> Run:
        """A run on the function at a place, the one that is under way where there is one. Raises SecantError."""
        subject = self._subject(uri, line)
        order = await self._order(subject, goal, settings)
        # Looked for after all waiting is over: two requests at once are one run.
        running = self._runs.on(subject.source.path, subject.function.name)
        return running or self._started(subject, order, goal)

    def place(self, proposal: str) -> tuple[str, int]:
        """Where the function of a proposal is now: its document and line. Raises SecantError where it is gone."""
        found = self._offers.find(proposal).proposal
        source = self._offers.sources.of(found.path)
        named = self._offers.sources.outline(source).named(found.name)
        if not named:
            raise Refused(f"There is no {found.name} in {source.path.name} any more.", hint="Choose another function.")
        return source.uri, named[-1].def_line

    async def resume(self, identity: str) -> Run:
        """Go on with a run that did not end. Raises SecantError."""
        known = self._runs.find(identity)
        if known is not None and known in self._runs.running:
            return known
        journal = known.journal if known is not None and known.journal else identity
        shelf = next((s for s in self._offers.projects if any(run.id == journal for run in s.runs)), None)
        events = await shelf.events(journal) if shelf is not None else ()
        target = next((event for event in events if isinstance(event, TargetFound)), None)
        if shelf is None or target is None:
            raise Refused(f"There is nothing to go on with in run {identity}.", hint="Start a new one.")
        order = {"resume": {"folder": str(shelf.root), "run": journal}}
        path = Path(target.path)
        assignment = Assignment(self._offers.sources.uri(path), path, target.name, shelf.root, order)
        run = Run(journal, assignment, self._editor.bar(journal), events)
        self._runs.start(run)
        return run

    def _subject(self, uri: str, line: int) -> _Subject:
        reason = declined(uri)
        if reason is not None:
            raise Refused(reason)
        source = self._offers.sources.at(uri)
        if not source.path.is_file():
            raise Refused(f"{source.path.name} is not on disk (any more).", hint="Save it, then try again.")
        outline = self._offers.sources.outline(source)
        function = self._function(source, outline, line)
        root = root_of(source.path)
        return _Subject(
            source=source,
            function=function,
            alone=len(outline.named(function.name)) == 1,
            shelf=self._offers.projects.at(root),
            buffers=self._offers.sources.below(root),
        )

    def _function(self, source: Source, outline: Outline, line: int) -> Function:
        at = lsp.Position(line=line, character=0)
        shown = Shown(source.uri, source.text, outline, (), {}, self._editor.client)
        function, reason = places.place(shown, lsp.Range(start=at, end=at))
        if function is None or reason:
            raise Refused(f"{source.path.name}, line {line + 1}: {reason}")
        return function

    async def _order(self, subject: _Subject, goal: Goal, settings: Settings) -> Mapping[str, Any]:
        source, shelf = subject.source, subject.shelf
        own = read_settings(shelf.root)
        request = OptimizeRequest(
            target=subject.target,
            folder=shelf.root,
            goal=goal,
            python=settings.interpreter,
            optimizer=settings.optimizer,
            models=named_models(settings.named, own, shelf.root),
            max_usd=settings.max_usd if settings.max_usd is not None else own.max_usd,
            max_calls=settings.max_calls,
            max_seconds=settings.max_seconds,
            max_evaluations=settings.max_evaluations,
            buffers=await asyncio.to_thread(unsaved, subject.buffers),
            rejected=tuple(await shelf.rejected(source.path, subject.function.name, normalized(subject.base))),
        )
        return {"optimize": request.model_dump(mode="json")}

    def _started(self, subject: _Subject, order: Mapping[str, Any], goal: Goal) -> Run:
        source = subject.source
        identity = new_run_id()
        assignment = Assignment(source.uri, source.path, subject.function.name, subject.shelf.root, order, goal)
        run = Run(identity, assignment, self._editor.bar(identity))
        self._runs.start(run)
        return run
