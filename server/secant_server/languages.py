"""The languages of documents: the only place that decides, by its name, what a file is.

Python has functions, Markdown has solutions. What a language needs is loaded with its first document.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Protocol

from secant_server.targets import Outlines


class Language(Protocol):
    """One of them."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How the names of its files end."""
        ...

    @property
    def unsaved(self) -> str:
        """Why nothing can be done with a document that has no file."""
        ...

    def outlines(self) -> Outlines:
        """For the documents of one session."""
        ...

    def disk_text(self, path: Path) -> str:
        """A file's text with its own line ends, without a byte order mark. Raises UnreadableFile."""
        ...

    def foreign(self, name: str) -> str:
        """Why a file of another language is declined."""
        ...


class _Python:
    suffixes = (".py", ".pyw")
    unsaved = "and tests cannot import it"

    def outlines(self) -> Outlines:
        from secant_server.outline import Outlines

        return Outlines()

    def disk_text(self, path: Path) -> str:
        from secant.functions.textfile import read_text_file

        file = read_text_file(path)
        return file.raw[len(codecs.BOM_UTF8) if file.bom else 0 :].decode(file.encoding)

    def foreign(self, name: str) -> str:
        return f"{name} is not a Python file. Open the .py file that has the function."


class _Markdown:
    suffixes = (".md", ".markdown")
    unsaved = "and there is no folder yet in which runs on it are kept"

    def outlines(self) -> Outlines:
        from secant_server.sections import SectionOutlines

        return SectionOutlines()

    def disk_text(self, path: Path) -> str:
        from secant.solutions.document import read_markdown

        file = read_markdown(path)
        return file.raw[len(codecs.BOM_UTF8) if file.bom else 0 :].decode(file.encoding)

    def foreign(self, name: str) -> str:
        return f"{name} is not a Markdown file. Open the .md file that has the problem and its solution."


PYTHON: Language = _Python()
MARKDOWN: Language = _Markdown()


def language_of(path: Path) -> Language | None:
    """The language of a file; None for one that Secant does not know."""
    return next((each for each in (PYTHON, MARKDOWN) if path.suffix.lower() in each.suffixes), None)
