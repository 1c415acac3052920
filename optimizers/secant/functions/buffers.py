"""Unsaved texts of an editor: what a run reads in place of the files on disk.

A buffer is looked up by the real path of its file, so it does not matter through which link the editor opened it. Files
are read here, never written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from secant.errors import UnreadableFile
from secant.functions.textfile import TextFile, read_text_file, unsaved_file


class Buffers:
    """The unsaved texts of one request, by path; none by default."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = {_real(Path(path)): text for path, text in (texts or {}).items()}

    def read(self, path: Path) -> TextFile:
        """The file as the editor shows it. Raises UnreadableFile, for a file that was never saved as well."""
        text = self._texts.get(_real(path))
        if text is None:
            return read_text_file(path)
        if not path.is_file():
            raise UnreadableFile("this file was never saved", hint="Save it once, then try again.", where=str(path))
        return unsaved_file(path, text)

    def data(self, path: Path) -> bytes:
        """The bytes of a file, those that saving its buffer would give it where it has one. Raises OSError."""
        unsaved = self.unsaved.get(_real(path)) if self._texts else None
        return path.read_bytes() if unsaved is None else unsaved

    def holds(self, path: Path) -> bool:
        """Whether there is such a file, on disk or in a buffer alone."""
        return path.is_file() or _real(path) in self._texts

    @cached_property
    def unsaved(self) -> Mapping[Path, bytes]:
        """Real path to bytes, of the buffers that differ from the disk. Raises UnreadableFile for one that could not be
        saved.
        """
        encoded = {path: unsaved_file(path, text).raw for path, text in self._texts.items()}
        return {path: data for path, data in encoded.items() if data != _on_disk(path)}

    def new_below(self, folder: Path) -> Iterator[Path]:
        """The files below `folder` that exist in a buffer alone."""
        real = _real(folder)
        for path in sorted(self._texts):
            if path.is_relative_to(real) and not path.exists():
                yield folder / path.relative_to(real)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _on_disk(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
