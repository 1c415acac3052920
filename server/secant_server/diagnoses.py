"""Keeps the problems that an editor shows in step with its documents and with what runs have measured.

Derived anew each time, beside everything else: what is published and holds no more is taken back. Only of prompts that
are open, or whose cases are.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types as lsp

from secant.errors import SecantError
from secant.promptfiles.evaldata.finding import find_data
from secant_server.editor import Editor
from secant_server.files import path_of, real_path, same_file
from secant_server.inspections import Draft, Readings, inspected
from secant_server.languages import PROMPT, PYTHON
from secant_server.offers import Offers
from secant_server.problems import Origin, Problems, by_file, failing
from secant_server.scores import Measured, known
from secant_server.sources import Source, disk_text
from secant_server.text import excerpt, normalized, replaced
from secant_server.throttle import Pause

_PAUSE_SECONDS = 0.3


class _Fact(NamedTuple):
    """A score of a prompt as it is now, and the data that it was measured on, as far as that is open."""

    measured: Measured
    origin: Origin
    buffers: Mapping[Path, str]


class Diagnoses:
    """Publishes problems."""

    def __init__(self, editor: Editor, offers: Offers) -> None:
        self._editor = editor
        self._offers = offers
        self._published: dict[str, Sequence[lsp.Diagnostic]] = {}
        self._looking = asyncio.Lock()
        self._readings = Readings()
        self._pause = Pause(_PAUSE_SECONDS, self._soon, asyncio.get_running_loop())

    def moved(self) -> None:
        """Something may be otherwise."""
        self._pause()

    def close(self) -> None:
        self._pause.cancel()

    def _soon(self) -> None:
        self._editor.spawn(self._look)

    async def _look(self) -> None:
        async with self._looking:
            if not await self._read():
                self.moved()
                return
            facts, drafts = list(self._facts()), list(self._drafts())
            related = self._editor.client.related_information
            rows = await asyncio.to_thread(_rows, facts, related=related)
            texts = await asyncio.to_thread(self._texts, drafts)
            self._publish(by_file((*rows, *texts)))

    async def _read(self) -> bool:
        """Have the outlines of open prompt files at hand: some are too long to be read in one go.

        False where somebody types meanwhile: there is a better moment.
        """
        sources = self._offers.sources
        prompts = [uri for uri in sources.opened() if sources.language(path_of(uri)) is PROMPT]
        read = [(await sources.current(sources.at(uri)))[0] for uri in prompts if uri in sources]
        await asyncio.to_thread(self._with_configs, [source.path for source in read])
        return all(sources.at(source.uri).version == source.version for source in read if source.uri in sources)

    def _with_configs(self, paths: Sequence[Path]) -> None:
        """Have the configs read that may name these files. Reads files: not for the event loop."""
        for path in paths:
            self._offers.sources.configs.of(path)

    def _facts(self) -> Iterator[_Fact]:
        """What is known of every prompt that is in sight."""
        sources = self._offers.sources
        opened = {real_path(path_of(uri)): uri for uri in sources.opened()}
        for shelf in self._offers.projects:
            for path, own in _by_prompt(shelf.measured).items():
                concerned = {real_path(path), *(real_path(data) for each in own for data in each.data)}
                if not concerned.isdisjoint(opened):
                    yield from self._of(path, own, opened)

    def _of(self, path: Path, own: Sequence[Measured], opened: Mapping[str, str]) -> Iterator[_Fact]:
        sources = self._offers.sources
        try:
            source = sources.of(path)
        except SecantError:  # it is gone, and so are its problems
            return
        outline = sources.outline(source)
        for target in (target for name in {each.name for each in own} for target in outline.named(name)):
            found = known(own, target.name, excerpt(source.text, target.span))
            if found is not None and found.current:
                there = {each: opened.get(real_path(each)) for each in found.measured.data}
                buffers = {each: sources.at(uri).text for each, uri in there.items() if uri is not None}
                yield _Fact(found.measured, Origin(source.uri, target.line, target.name), buffers)

    def _drafts(self) -> Iterator[Draft]:
        """The prompt files that are open."""
        sources = self._offers.sources
        opened = {path_of(uri): uri for uri in sources.opened()}
        for path, uri in opened.items():
            language, source = sources.language(path), sources.at(uri)
            names = self._constants(source) if language is PYTHON else None
            if language not in (PROMPT, PYTHON) or names == ():
                continue
            beside = find_data(path)
            buffers = {other: sources.at(opened[other]).text for other in opened if other != path}
            config = sources.configs.of(path) if language is PROMPT and not beside else None
            yield Draft(path, source.text, self._earlier(source), buffers, names, config)

    def _constants(self, source: Source) -> Sequence[str]:
        """The constants of a Python file that are prompts: those with cases beside it, and those that were measured."""
        measured = [m.name for m in self._measured(source.path)]
        if not measured and not find_data(source.path):  # most files, which are not even read for this
            return ()
        outline = self._offers.sources.outline(source)
        targets = [*outline.targets, *(target for name in measured for target in outline.named(name))]
        return tuple(dict.fromkeys(target.name for target in targets if target.kind == "prompt"))

    def _measured(self, path: Path) -> Sequence[Measured]:
        """What is known of the prompts of a file."""
        return [m for shelf in self._offers.projects for m in shelf.measured if same_file(m.path, path)]

    def _texts(self, drafts: Sequence[Draft]) -> Sequence[tuple[Path, lsp.Diagnostic]]:
        """What is wrong with them. Reads files: not for the event loop."""
        units = self._offers.sources.units
        return [each for draft in drafts for each in inspected(draft, units, self._readings)]

    def _earlier(self, source: Source) -> str | None:
        """The document with its prompts as they were measured; None where they still are, or never were measured."""
        measured, outline, text = self._measured(source.path), self._offers.sources.outline(source), source.text
        targets = [target for name in {each.name for each in measured} for target in outline.named(name)]
        for target in sorted(targets, key=lambda each: each.line, reverse=True):  # those above keep their lines
            found = known(measured, target.name, excerpt(source.text, target.span))
            if found is not None and not found.current:
                text = replaced(text, target.span, found.measured.text)
        return text if text != source.text else None

    def _publish(self, problems: Problems[Path]) -> None:
        uris = self._offers.sources.uris
        by_uri = by_file((uri, each) for path, found in problems.items() for uri in uris(path) for each in found)
        for uri in [uri for uri in self._published if uri not in by_uri]:
            del self._published[uri]
            self._editor.publish(uri, [])
        for uri, found in by_uri.items():
            if self._published.get(uri) != found:
                self._published[uri] = found
                self._editor.publish(uri, found)


def _by_prompt(measured: Sequence[Measured]) -> Mapping[Path, Sequence[Measured]]:
    """By the file of the prompt."""
    found: dict[Path, list[Measured]] = {}
    for each in measured:
        found.setdefault(each.path, []).append(each)
    return found


def _rows(facts: Sequence[_Fact], *, related: bool) -> Sequence[tuple[Path, lsp.Diagnostic]]:
    """Reads files: not for the event loop."""
    found = (failing(fact.measured, fact.origin, related=related) for fact in facts if _is_same(fact))
    return [each for rows in found for each in rows]


def _is_same(fact: _Fact) -> bool:
    """Whether the data is what it was measured on, to the byte; `evaldata.reading` counts them."""
    try:
        digests = [hashlib.sha256(_bytes(path, fact.buffers.get(path))).hexdigest() for path in fact.measured.data]
    except OSError:
        return False
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return whole == fact.measured.given


def _bytes(path: Path, buffer: str | None) -> bytes:
    """What a run would read: the file, unless the editor has something else that was not saved. Raises OSError."""
    raw = path.read_bytes()
    if buffer is None:
        return raw
    try:
        saved = normalized(disk_text(path)) == normalized(buffer)
    except SecantError:
        saved = False
    return raw if saved else buffer.encode("utf-8", "surrogatepass")
