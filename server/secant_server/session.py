"""One editor's session: brings the parts together, and is what requests and commands talk to.

It is made when the editor is ready, not before: the reply to `initialize` must not wait for these rooms to load.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from secant.errors import SecantError
from secant_server.actions import actions
from secant_server.choices import models
from secant_server.client import Client
from secant_server.decisions import Decisions
from secant_server.diagnoses import Diagnoses
from secant_server.editor import Editor, token
from secant_server.endings import Endings, last_words
from secant_server.files import path_of, scheme_of
from secant_server.hovers import hover
from secant_server.launch import Launch
from secant_server.lending import Desk
from secant_server.lenses import lenses
from secant_server.offers import Offers
from secant_server.projects import Projects
from secant_server.reviews import Reviews
from secant_server.runs import Run, Runs, Trouble
from secant_server.settings import SECTION, Configuration
from secant_server.shelf import Shelf
from secant_server.sight import Sight
from secant_server.sources import Sources
from secant_server.state import State
from secant_server.throttle import Throttle
from secant_server.views import Shown

_LOOK_SECONDS = 0.5


class Session:
    """What an editor sees of Secant while it is connected."""

    def __init__(self, server: LanguageServer, client: Client, engine: Sequence[str], grace: float) -> None:
        """`engine` is the command that starts one; it has `grace` seconds to end when it is asked to."""
        self._workspace = server.workspace
        self._engine = engine
        self.editor = Editor(server, client)
        projects = Projects()
        self.sources = Sources(server.workspace, projects.was_prompt)
        self.offers = Offers(self.sources, projects, client)
        self.runs = Runs(engine, self, self.editor.notices.log, partial(Desk, self.editor), grace)
        self.configuration = Configuration(
            self.editor.settings if client.configuration else None, self.editor.notices.warn
        )
        self.launch = Launch(self.editor, self.offers, self.runs)
        self.decisions = Decisions(self.editor, self.offers)
        self.reviews = Reviews(self.editor, self.offers, self.runs)
        self.state = State(self.offers, self.runs)
        self._endings = Endings(self.editor, self.offers, self.decisions, self.reviews)
        self._diagnoses = Diagnoses(self.editor, self.offers)
        self._looks: dict[Path, Throttle] = {}
        self._sight = Sight(client, self.offers, self.runs, self._look_again)
        for folder in self._folders():
            self._prepare(folder)

    # --- what a document offers

    async def actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        shown = await self._shown(params.text_document.uri)
        return actions(shown, params.range, params.context, self.offers.edit)

    async def lenses(self, uri: str) -> list[lsp.CodeLens]:
        return lenses(await self._shown(uri))

    async def hover(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        return hover(await self._shown(uri), position)

    async def listed(self) -> Mapping[str, Any]:
        """All runs and proposals of the workspace's folders, and of the projects that documents were opened of."""
        for folder in filter(_is_file, self._folders()):
            with contextlib.suppress(SecantError):  # a broken configuration is told when something is to be run there
                self.offers.projects.of(path_of(folder))
        return await self.state.all()

    def options(self, params: object) -> object:
        """The options of a proposal, for a choice among them; null for a proposal that is not known."""
        try:
            return self.state.options(str(getattr(params, "proposal", "")))
        except SecantError as error:
            self.editor.notices.trouble(error)
            return None

    async def models(self, uri: str | None) -> Sequence[Mapping[str, Any]]:
        """The models that can be named in the project of a document, or of the first folder. Raises SecantError."""
        named = [each for each in (uri, *self._folders()) if each and _is_file(each)]
        path = path_of(named[0]) if named else Path.cwd()
        return await models(self._engine, path if path.is_dir() else path.parent, self.editor.notices.log)

    def resolved(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """An apply action with its edit, for the text as it is now."""
        match action.data:
            case {"proposal": str(identity), "option": int(option)}:
                try:
                    action.edit = self.offers.edit(self.offers.find(identity).proposal, option)
                except SecantError as error:
                    self.editor.notices.trouble(error)
            case _:
                pass
        return action

    async def _shown(self, uri: str) -> Shown:
        return await self._sight.of(uri, self.configuration.known(self.scope(uri)).code_lens)

    def _look_again(self, shelf: Shelf) -> None:
        """Another window or a run from the command line may have written since. Looked for beside the answer."""
        if shelf.root not in self._looks:
            look = partial(self._look, shelf)
            self._looks[shelf.root] = Throttle(_LOOK_SECONDS, look, asyncio.get_running_loop())
        self._looks[shelf.root]()

    def _look(self, shelf: Shelf) -> None:
        async def look() -> None:
            if await shelf.refresh():
                self.editor.refresh()
                self._diagnoses.moved()

        self.editor.spawn(look)

    # --- what happens in the editor

    def opened(self, uri: str) -> None:
        self._prepare(uri)

    def edited(self, uri: str) -> None:
        self.sources.changed(uri)
        self.editor.edited()
        self._diagnoses.moved()

    def saved(self) -> None:
        self.offers.projects.forget()
        self.editor.edited()
        self._diagnoses.moved()

    def closed(self, uri: str) -> None:
        self.sources.forget(uri)
        self.sources.changed(uri)
        self.editor.edited()
        self._diagnoses.moved()

    def configured(self, settings: object) -> None:
        """Settings changed; what they are is asked for again."""
        sent: Mapping[str, Any] = cast("Mapping[str, Any]", settings) if isinstance(settings, Mapping) else {}
        self.configuration.sent(sent.get(SECTION))
        for uri in [*self._folders(), *self._workspace.text_documents]:
            self._prepare(uri)

    def moved_folders(self, event: lsp.WorkspaceFoldersChangeEvent) -> None:
        """What is optimized in a folder that has gone, nobody is there to review."""
        for folder in event.removed:
            if not _is_file(folder.uri):
                continue
            gone = path_of(folder.uri)
            for run in self.runs.running:
                if run.assignment.path.is_relative_to(gone):
                    self.runs.stop(run)
        for folder in event.added:
            self._prepare(folder.uri)

    def cancelled(self, progress: lsp.ProgressToken) -> None:
        for run in self.runs.running:
            if token(run.id) == progress:
                self.runs.stop(run)

    async def close(self) -> None:
        """Leave no process and no question behind."""
        for look in self._looks.values():
            look.cancel()
        self._diagnoses.close()
        await self.runs.close()
        await self.editor.close()

    def scope(self, uri: str) -> str:
        """The address for which settings are asked: the workspace's folder around a document, or the document."""
        folders = [folder for folder in self._folders() if uri.startswith(f"{folder.rstrip('/')}/")]
        return max(folders, key=len, default=uri)

    def _folders(self) -> Sequence[str]:
        """The addresses of the workspace's folders, as the editor spells them; pygls' keys are not quoted."""
        return [folder.uri for folder in self._workspace.folders.values()]

    def _prepare(self, uri: str) -> None:
        """Have settings and proposals at hand when they are needed."""
        if _is_file(uri):
            self.editor.spawn(partial(self._prepared, uri))

    async def _prepared(self, uri: str) -> None:
        scope = self.scope(uri)
        if not self.configuration.asked(scope):
            before = self.configuration.known(scope)
            if await self.configuration.of(scope) != before:
                self.editor.refresh()
        with contextlib.suppress(SecantError):  # a broken configuration is told when something is to be run there
            await self.offers.projects.of(path_of(uri)).loaded()
            if uri in self.sources and self.sources.declined(uri) is None:
                await self.sources.current(self.sources.at(uri))
        self._diagnoses.moved()

    # --- what happens in runs

    def moved(self, run: Run) -> None:
        self.editor.progressed()

    async def ended(self, run: Run, trouble: Trouble | None) -> str:
        offer = await self._endings.keep(run)
        self._diagnoses.moved()
        settings = await self.configuration.of(self.scope(run.assignment.uri))
        self.editor.spawn(partial(self._endings.tell, run, offer, trouble, settings))
        return last_words(run, offer, trouble)

    def fault(self, error: Exception) -> None:
        self.editor.notices.trouble(error)


def _is_file(uri: str) -> bool:
    return scheme_of(uri) == "file"
