"""How a run begins: a place in a document becomes an order for the engine, or one clear sentence why it does not.

What the run is to see is taken at one moment: the buffer, with every other unsaved buffer of the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from secant.config import Goal
from secant.events import RunStarted, TargetFound
from secant.journal import new_run_id
from secant.judging import Doing, Kind, doing_of, judges_of
from secant_server import places
from secant_server.editor import Editor
from secant_server.files import same_file
from secant_server.languages import MARKDOWN, PROMPT, PYTHON, Language
from secant_server.notices import Refused
from secant_server.offers import Offers
from secant_server.orders import Subject, evaluate, optimize, refine, solve
from secant_server.projects import root_of
from secant_server.proposals import Proposal
from secant_server.references import Reference
from secant_server.runs import Assignment, Run, Runs
from secant_server.settings import Settings
from secant_server.shelf import Shelf
from secant_server.sources import Source
from secant_server.targets import Outline, Selection, Target
from secant_server.text import excerpt
from secant_server.views import Shown

_NONE: Mapping[str, Any] = {}


class Launch:
    """Starts runs."""

    def __init__(self, editor: Editor, offers: Offers, runs: Runs) -> None:
        self._editor = editor
        self._offers = offers
        self._runs = runs

    async def optimize(self, uri: str, line: int, goal: Goal, settings: Settings) -> Run:
        """A run on the function at a place, the one that is under way where there is one. Raises SecantError."""
        source = self._source(uri, PYTHON)
        subject = self._subject(source, Selection(line, line, empty=True), "function", PYTHON)
        order = await optimize(subject, goal, settings)
        return self._run(subject, Assignment(uri, source.path, subject.target.name, subject.shelf.root, order, goal))

    async def solve(
        self, uri: str, where: Selection | str, settings: Settings, earlier: Mapping[str, Any] = _NONE
    ) -> Run:
        """A run on the solution at a place, or of a name; as above. `earlier`: the request of a run before it."""
        source = self._source(uri, MARKDOWN)
        subject = self._subject(source, where, "solution", PYTHON, MARKDOWN)
        order = await solve(subject, settings, earlier)
        judges = judges_of("solution", order["solve"])
        name, root = subject.target.name, subject.shelf.root
        return self._run(subject, Assignment(uri, source.path, name, root, order, judges=judges, doing="refining"))

    async def refine(
        self, uri: str, line: int, settings: Settings, earlier: Mapping[str, Any] = _NONE, prompt: str = ""
    ) -> Run:
        """A run on the prompt at a place; as above. `prompt`: what a config calls it."""
        subject = self._prompt(uri, line, prompt)
        earlier = earlier or await self._asked_before(subject)
        order = await refine(self._named(subject, earlier), settings, earlier)
        return self._run(subject, self._of_prompt(subject, order, "refining"))

    async def evaluate(self, uri: str, line: int, settings: Settings, prompt: str = "") -> Run:
        """A run that scores the prompt at a place."""
        subject = self._prompt(uri, line, prompt)
        earlier = await self._asked_before(subject)
        order = await evaluate(self._named(subject, earlier), settings, earlier)
        return self._run(subject, self._of_prompt(subject, order, "scoring"))

    async def again(self, proposal: Proposal, settings: Settings) -> Run:
        """A run on what a proposal is for, as it is now. Raises SecantError where that is gone."""
        source = self._offers.sources.of(proposal.path)
        named = self._offers.sources.outline(source).named(proposal.name)
        if not named:
            gone = f"There is no {proposal.name} in {source.path.name} any more."
            raise Refused(gone, hint=f"Choose another {proposal.kind}.")
        uri, line = source.uri, named[-1].line
        match proposal.kind:
            case "solution":
                asked = await _asked_in(self._offers.find(proposal.id).shelf, proposal.id)
                return await self.solve(uri, proposal.name, settings, asked)
            case "prompt":
                asked = await _asked_in(self._offers.find(proposal.id).shelf, proposal.id)
                path, _, name = str(asked.get("target", "")).partition("::")
                config = Path(asked.get("folder", "")) / path
                if config.is_file() and self._offers.sources.language(config) is PROMPT:
                    there = same_file(config, proposal.path)
                    uri, line, name = (uri, line, "") if there else (self._offers.sources.uri(config), 0, name)
                    return await self.refine(uri, line, settings, asked, name)
                return await self.refine(uri, line, settings, asked)
            case "function":
                return await self.optimize(uri, line, settings.goal, settings)

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
        begun = next((event for event in events if isinstance(event, RunStarted)), RunStarted())
        judges = judges_of(begun.kind, begun.request)
        uri = self._offers.sources.uri(path)
        run = Run(
            journal,
            Assignment(uri, path, target.name, shelf.root, order, judges=judges, doing=doing_of(begun.kind)),
            self._editor.bar(journal),
            events,
        )
        self._runs.start(run)
        return run

    def _prompt(self, uri: str, line: int, name: str) -> Subject:
        """With every open document beside it: its cases may stand in any, its metric too."""
        source = self._source(uri, PROMPT, PYTHON)
        found = _reference(self._offers.sources.outline(source), line, name)
        if found is None:
            subject = self._subject(source, Selection(line, line, empty=True), "prompt")
        else:
            there = self._offers.sources.of(found.path)
            root = root_of(source.path)  # where the engine keeps what is asked by this config
            subject = self._subject(there, Selection(0, 0, empty=True), "prompt")._replace(
                shelf=self._offers.projects.at(root),
                buffers=self._offers.sources.below(root),
                asked=f"{source.path}::{found.name}",
            )
        everywhere = self._offers.sources.below(Path(source.path.anchor))
        named = {path: text for path, text in everywhere.items() if path.name in source.text}
        return subject._replace(buffers={**subject.buffers, **named})

    def _named(self, subject: Subject, earlier: Mapping[str, Any]) -> Subject:
        """A prompt without cases of its own is asked for by the config that has them: one beside it, or as before."""
        if subject.asked or subject.target.usual:
            return subject
        config = self._offers.sources.configs.of(subject.path)
        if config is not None:
            return subject._replace(asked=f"{config.path}::{config.reference.name}")
        path, separator, name = str(earlier.get("target", "")).partition("::")
        before = Path(earlier.get("folder", subject.shelf.root)) / path
        if not path or same_file(before, subject.path) or not before.is_file():
            return subject
        return subject._replace(asked=f"{before}{separator}{name}")

    def _of_prompt(self, subject: Subject, order: Mapping[str, Any], doing: Doing) -> Assignment:
        name, root, uri = subject.target.name, subject.shelf.root, self._offers.sources.uri(subject.path)
        return Assignment(uri, subject.path, name, root, order, judges="cases", doing=doing)

    async def _asked_before(self, subject: Subject) -> Mapping[str, Any]:
        """The request of the last run that scored the prompt, be it of the command line."""
        await subject.shelf.loaded()
        own = [m for m in subject.shelf.measured if m.name == subject.target.name and same_file(m.path, subject.path)]
        newest = max(own, key=lambda each: each.created, default=None)
        return await _asked_in(subject.shelf, newest.run) if newest is not None else _NONE

    def _source(self, uri: str, *languages: Language) -> Source:
        reason = self._offers.sources.declined(uri, *languages)
        if reason is not None:
            raise Refused(reason)
        source = self._offers.sources.at(uri)
        if not source.path.is_file():
            raise Refused(f"{source.path.name} is not on disk (any more).", hint="Save it, then try again.")
        return source

    def _subject(self, source: Source, where: Selection | str, kind: Kind, *read: Language) -> Subject:
        """`read`: the languages of whatever a run may read."""
        outline = self._offers.sources.outline(source)
        target = self._target(source, where, kind)
        root = root_of(source.path)
        return Subject(
            path=source.path,
            target=target,
            base=excerpt(source.text, target.span),
            alone=len(outline.named(target.name)) == 1,
            shelf=self._offers.projects.at(root),
            buffers=self._offers.sources.below(root, *read),
        )

    def _target(self, source: Source, where: Selection | str, kind: Kind) -> Target:
        shown = Shown(source.uri, source.text, self._offers.sources.outline(source), (), {}, self._editor.client)
        if isinstance(where, str):
            named = shown.outline.named(where)
            if not named:
                raise Refused(f"{source.path.name} has no section {where!r} (any more), or several.")
            target, reason = named[0], shown.outline.obstacle(named[0], "")
            line = named[0].line
        else:
            target, reason = places.place(shown, _range(where), kind)
            line = where.first
        if target is None or reason:
            raise Refused(f"{source.path.name}, line {line + 1}: {reason}")
        return target

    def _run(self, subject: Subject, assignment: Assignment) -> Run:
        # Looked for after all waiting is over: two requests at once are one run.
        running = self._runs.on(assignment.path, assignment.name)
        if running is not None and running.assignment.doing == assignment.doing:
            return running
        if running is not None:
            already = f"{assignment.label} is being {running.assignment.done} already."
            raise Refused(already, hint="Wait until that is over, or stop it.")
        identity = new_run_id()
        run = Run(identity, assignment, self._editor.bar(identity))
        self._runs.start(run)
        return run


def _reference(outline: Outline, line: int, name: str) -> Reference | None:
    """The prompt in another file that a place in a config means: by its name, on its line, or as the only prompt."""
    named = [each for each in outline.elsewhere if (each.name == name if name else each.line == line)]
    only = outline.elsewhere if len(outline.elsewhere) == 1 and not outline.targets else ()
    return next(iter((*named, *only)), None)


async def _asked_in(shelf: Shelf, run: str) -> Mapping[str, Any]:
    """What a run was asked."""
    events = await shelf.events(run)
    return next((event.request for event in events if isinstance(event, RunStarted)), _NONE)


def _range(where: Selection) -> lsp.Range:
    end = lsp.Position(line=where.last, character=0 if where.empty else 1)
    return lsp.Range(start=lsp.Position(line=where.first, character=0), end=end)
