"""Where a prompt stands in its file: whole lines, from its first part's to its last part's, and the way back.

Whoever shows, lands or writes a result goes by these lines alone and needs to know no format: the text that comes in
their place is encoded here, by the document, already. Reads nothing; the one function that writes is `apply`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from secant.errors import BadRequest, FileChanged, WriteRefused
from secant.functions.textfile import TextFile, text_file, utf8_file
from secant.functions.writeback import lines_diff, replace_file
from secant.promptfiles.document import PromptDocument

_PYTHON = (".py", ".pyw")


class Place:
    """The lines of one document, 1-based, both included."""

    def __init__(self, document: PromptDocument) -> None:
        parts = [part for part in document.parts if part.editable] or list(document.parts)
        self.first_line = min(part.first_line for part in parts)
        self.last_line = max(part.last_line for part in parts)
        self._document = document
        self._file = as_text(document.path, document.written({}))

    @property
    def text(self) -> str:
        """As the file has it, with "\\n" line ends."""
        return self._file.excerpt(self.first_line, self.last_line)

    def source(self, texts: Mapping[str, str]) -> str:
        """What stands in these lines with other texts of the parts. Raises WriteRefused where they cannot."""
        new = as_text(self._document.path, self._document.written(texts))
        grown = len(new.lines) - len(self._file.lines)
        return new.excerpt(self.first_line, self.last_line + grown)

    def unwritable(self, texts: Mapping[str, str]) -> str:
        """Why the file cannot hold these texts; empty where it can."""
        try:
            self._document.written(texts)
        except WriteRefused as refused:
            return refused.message
        return ""

    def spliced(self, source: str) -> bytes:
        """The file's bytes with `source` in these lines."""
        return self._file.spliced(self.first_line, self.last_line, source.removesuffix("\n").split("\n"))

    def diff(self, source: str, *, root: Path | None = None) -> str:
        """A unified diff of the file that `git apply` takes."""
        lines = source.removesuffix("\n").split("\n")
        return lines_diff(self._file, self.first_line, self.last_line, lines, root=root)


def as_text(path: Path, raw: bytes) -> TextFile:
    """The bytes of a prompt file as text."""
    return text_file(path, raw) if path.suffix.lower() in _PYTHON else utf8_file(path, raw)


def apply(document: PromptDocument, source: str, expected_digest: str) -> str:
    """Write a result into its file; the digest of the file as it is now.

    Raises FileChanged where the file is not the one with `expected_digest`, WriteRefused where it may not be written.
    """
    if document.digest != expected_digest:
        raise FileChanged(
            "the file changed since it was measured",
            hint="Nothing was written. Refine the new text.",
            where=str(document.path),
        )
    try:
        data = Place(document).spliced(source)
    except BadRequest as error:
        raise WriteRefused(error.message, hint="Nothing was written.", where=str(document.path)) from error
    return replace_file(Path(os.path.realpath(document.path)), data, expected_digest)
