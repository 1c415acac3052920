"""A document with everything that is offered in it, as it is at one moment: its own, and the prompts that it names.

Brings together what others know, and asks nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

from secant.errors import SecantError
from secant_server.files import same_file
from secant_server.notices import told
from secant_server.offers import Offers
from secant_server.outline import Functions
from secant_server.references import Naming
from secant_server.runs import Runs
from secant_server.shelf import Shelf
from secant_server.sources import Source
from secant_server.views import Client, LensMode, RunView, Shown


class Sight:
    """Looks at documents."""

    def __init__(self, client: Client, offers: Offers, runs: Runs, looked: Callable[[Shelf], None]) -> None:
        """`looked` hears of each project that something is shown of."""
        self._client = client
        self._offers = offers
        self._runs = runs
        self._looked = looked

    async def of(self, uri: str, lens_mode: LensMode) -> Shown:
        """The document at an address; with the reason where nothing can be offered in it."""
        empty = Shown(uri, "", Functions(), (), {}, self._client, lens_mode=lens_mode)
        reason = self._offers.sources.declined(uri)
        if reason is not None:
            return empty._replace(reason_declined=reason)
        try:
            source = self._offers.sources.at(uri)
            shelf = self._offers.projects.of(source.path)
        except SecantError as error:
            return empty._replace(reason_declined=told(error))
        await shelf.loaded()
        self._looked(shelf)
        shown = await self._known(empty, source, shelf)
        elsewhere = [there async for there in self._elsewhere(shown, empty, shelf)]
        return (await self._named(shown, source))._replace(elsewhere=elsewhere)

    async def _known(self, empty: Shown, source: Source, shelf: Shelf) -> Shown:
        source, outline = await self._offers.sources.current(source)
        return empty._replace(
            uri=source.uri,
            text=source.text,
            outline=outline,
            proposals=self._offers.placed(source, shelf),
            running=self._running(source.path),
            measured=[each for each in shelf.measured if same_file(each.path, source.path)],
        )

    def _running(self, path: Path) -> Mapping[str, RunView]:
        return {run.assignment.name: run.view() for run in self._runs.running if same_file(run.assignment.path, path)}

    async def _elsewhere(self, config: Shown, empty: Shown, shelf: Shelf) -> AsyncIterator[Shown]:
        """The prompts that a config names. One whose file cannot be read has nothing to offer."""
        for reference in config.outline.elsewhere:
            with contextlib.suppress(SecantError):
                there = await self._known(empty, self._offers.sources.of(reference.path), shelf)
                naming = Naming(config.uri, reference.line, reference.name)
                yield _with_cases(there, naming) if reference.cases else there._replace(naming=naming)

    async def _named(self, shown: Shown, source: Source) -> Shown:
        """A prompt without cases of its own may be named by a config that has some."""
        if shown.outline.kind != "prompt" or any(target.usual for target in shown.outline.targets):
            return shown
        config = await asyncio.to_thread(self._offers.sources.configs.of, source.path)
        if config is None or not config.reference.cases:
            return shown
        path, reference = config
        return _with_cases(shown, Naming(self._offers.sources.uri(path), reference.line, reference.name))


def _with_cases(shown: Shown, naming: Naming) -> Shown:
    return shown._replace(outline=shown.outline.with_cases(), naming=naming)
