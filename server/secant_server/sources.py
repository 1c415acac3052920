"""The texts that everything is derived from: open documents as the editor has them, other files from disk.

Files are read as their language says, with their own line ends. Nothing is written here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from pygls.uris import to_fs_path
from pygls.workspace import TextDocument, Workspace

from secant.errors import UnreadableFile
from secant_server.files import path_of, real_path, scheme_of
from secant_server.languages import PROMPT, PYTHON, Language, language_of
from secant_server.references import OpenConfigs
from secant_server.targets import Outline, Outlines
from secant_server.text import normalized

_SAVE_FIRST = "Save the file once, then try again: later changes need not be saved."


class Source(NamedTuple):
    """A text and where it is from."""

    uri: str
    path: Path
    text: str
    version: int | None
    """The editor's version of an open document; None for a file on disk."""


class _OnDisk(NamedTuple):
    """A file as it was read."""

    stamp: tuple[int, int] | None
    text: str


class Sources:
    """Looks texts up."""

    def __init__(self, workspace: Workspace, was_prompt: Callable[[Path], bool] = lambda _path: False) -> None:
        """`was_prompt` tells of a file whether a run was on it as a prompt."""
        self._workspace = workspace
        self._was_prompt = was_prompt
        self.configs = OpenConfigs()
        self._outlines: dict[Language, Outlines] = {}
        self._on_disk: dict[str, _OnDisk] = {}
        self._changed: dict[str, asyncio.Event] = {}
        self._reading: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, asyncio.Task[tuple[Source, Outline]]] = {}
        """Readings that have not begun."""

    def __contains__(self, uri: str) -> bool:
        """Whether the document is open."""
        return self._document(uri) is not None

    def at(self, uri: str) -> Source:
        """The text at an address. Raises UnreadableFile where it is not open and cannot be read from disk."""
        path = path_of(uri)
        document = self._document(uri)
        if document is not None:
            return Source(document.uri, path, document.source.removeprefix("\ufeff"), document.version)
        return Source(uri, path, self._disk(path).text, None)

    def of(self, path: Path) -> Source:
        """The text of a file, of its open document where there is one. Raises UnreadableFile."""
        return self.at(self.uri(path))

    def uri(self, path: Path) -> str:
        """The address of a file, spelled as the editor does where it has it open."""
        real = real_path(path)
        return next((uri for uri, opened in self._open() if real_path(opened) == real), path.as_uri())

    def uris(self, path: Path) -> Sequence[str]:
        """All addresses under which a file is open with one text, or else its own: the same line is the same there."""
        real = real_path(path)
        opened = [(each != path, uri) for uri, each in self._open() if each == path or real_path(each) == real]
        if not opened:
            return [path.as_uri()]
        text = self.at(min(opened)[1]).text  # as it is where it is spelled so
        return [uri for _, uri in opened if self.at(uri).text == text]

    def units(self, text: str) -> int:
        """The length of a text as the editor counts."""
        return self._workspace.position_codec.client_num_units(text)

    @property
    def folder(self) -> Path | None:
        """The first of the editor's folders."""
        folders = (folder.uri for folder in self._workspace.folders.values())
        return next((path_of(uri) for uri in folders if scheme_of(uri) == "file"), None)

    def opened(self) -> Sequence[str]:
        """The addresses of all files that are open."""
        return [uri for uri, _ in self._open()]

    def language(self, path: Path) -> Language | None:
        """What a file is: by its name and what stands beside it, or a prompt since it is used as one: an open config
        names it, or a run was on it.
        """
        found = language_of(path)
        if found in (PYTHON, PROMPT):
            return found
        return PROMPT if self.configs.of(path) is not None or self._was_prompt(path) else found

    def declined(self, uri: str, *languages: Language) -> str | None:
        """Why nothing can be optimized in this document; None where it can. `languages`: what it has to be in."""
        language = languages[0] if languages else PYTHON
        scheme = scheme_of(uri)
        if scheme == "vscode-notebook-cell":
            return "Secant does not optimize cells of a notebook. Move the function into a .py file and import it."
        if scheme == "untitled":
            return f"This file was never saved, {language.unsaved}. {_SAVE_FIRST}"
        if scheme != "file" or to_fs_path(uri) is None:
            what = f"This is a document of the scheme {scheme!r}" if scheme else "This is no file of this machine"
            return f"{what}. Open one on disk."
        path = path_of(uri)
        found = self.language(path)
        if found is None or (languages and found not in languages):
            return language.foreign(path.name)
        return None

    def outline(self, source: Source) -> Outline:
        return self._seen(source, self._reader(source.path).of(source.uri, source.version, source.text))

    def _seen(self, source: Source, outline: Outline) -> Outline:
        if source.version is not None:
            self.configs.seen(source.path, outline.elsewhere)
        return outline

    async def current(self, source: Source) -> tuple[Source, Outline]:
        """The document as it is when its turn comes, with its outline. Raises UnreadableFile.

        A long one is read between other things, and while somebody types, older texts of it are not read at all:
        whoever asks during one reading shares the next.
        """
        if source.uri not in self._next:
            self._next[source.uri] = asyncio.ensure_future(self._read(source.uri))
        return await asyncio.shield(self._next[source.uri])

    async def _read(self, uri: str) -> tuple[Source, Outline]:
        async with self._reading[uri]:
            del self._next[uri]
            source = self.at(uri)
            outline = await self._reader(source.path).soon(source.uri, source.version, source.text)
            return source, self._seen(source, outline)

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._reading.pop(uri, None)
        self.configs.closed(path_of(uri))
        for outlines in self._outlines.values():  # what it is may have changed
            outlines.forget(uri)

    def below(self, folder: Path, *languages: Language) -> Mapping[Path, str]:
        """The open documents below a folder: those of these languages, or all where none is named.

        Below it is what is there by its own name, and what a link there leads to.
        """
        opened = ((uri, path) for uri, path in self._open() if _is_below(path, folder))
        return {path: self.at(uri).text for uri, path in opened if not languages or language_of(path) in languages}

    def changed(self, uri: str) -> None:
        """The editor told of a change."""
        waiting = self._changed.pop(unquote(uri), None)
        if waiting is not None:
            waiting.set()

    async def change(self, uri: str, since: int | None, seconds: float) -> bool:
        """Wait until the document has another version than `since`; False where that does not come in time."""
        if self._version(uri) != since:
            return True
        waiting = self._changed.setdefault(unquote(uri), asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(waiting.wait(), seconds)
        return self._version(uri) != since

    def _disk(self, path: Path) -> _OnDisk:
        key = real_path(path)
        known = self._on_disk.get(key)
        now = stamp(path)
        if known is None or known.stamp != now or now is None:
            text = disk_text(path)
            known = self._on_disk[key] = _OnDisk(now, text)
        return known

    def _reader(self, path: Path) -> Outlines:
        language = self.language(path) or PROMPT  # of what a run was on, though nothing is offered in it
        if language not in self._outlines:
            self._outlines[language] = language.outlines()
        return self._outlines[language]

    def _version(self, uri: str) -> int | None:
        document = self._document(uri)
        return document.version if document is not None else None

    def _document(self, uri: str) -> TextDocument | None:
        """The open document at an address, however that is quoted."""
        documents = self._workspace.text_documents
        if uri in documents:
            return documents[uri]
        wanted = unquote(uri)
        return next((document for spelled, document in documents.items() if unquote(spelled) == wanted), None)

    def _open(self) -> Iterator[tuple[str, Path]]:
        for document in list(self._workspace.text_documents.values()):
            if scheme_of(document.uri) == "file":
                yield document.uri, path_of(document.uri)


def unsaved(texts: Mapping[Path, str]) -> Mapping[str, str]:
    """Those that differ from the disk by more than line ends. Reads files: not for the event loop."""
    return {str(path): text for path, text in texts.items() if not _saved(path, text)}


def disk_text(path: Path) -> str:
    """A file's text with its own line ends, without a byte order mark. Raises UnreadableFile."""
    return (language_of(path) or PROMPT).disk_text(path)


def _is_below(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) or Path(real_path(path)).is_relative_to(folder)


def stamp(path: Path) -> tuple[int, int] | None:
    """What changes with a file on disk; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _saved(path: Path, text: str) -> bool:
    try:
        return normalized(disk_text(path)) == normalized(text)
    except UnreadableFile:
        return False
