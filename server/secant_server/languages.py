"""The languages of documents: the only place that decides, by its name, what a file is.

Python has functions, Markdown has solutions, and a prompt file, whatever its format, is a prompt. What a language needs
is loaded with its first document.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Protocol

from secant.promptfiles.evaldata.finding import find_data
from secant.promptfiles.opening import CHATS, TEMPLATES, is_prompt_file
from secant_server.references import config_of
from secant_server.targets import Outlines


class Language(Protocol):
    """One of them."""

    def has(self, path: Path) -> bool:
        """Whether a file is in it."""
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
    unsaved = "and tests cannot import it"

    def has(self, path: Path) -> bool:
        return path.suffix.lower() in (".py", ".pyw")

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
    unsaved = "and there is no folder yet in which runs on it are kept"

    def has(self, path: Path) -> bool:
        return path.suffix.lower() in (".md", ".markdown")

    def outlines(self) -> Outlines:
        from secant_server.sections import SectionOutlines

        return SectionOutlines()

    def disk_text(self, path: Path) -> str:
        from secant.solutions.document import read_markdown

        file = read_markdown(path)
        return file.raw[len(codecs.BOM_UTF8) if file.bom else 0 :].decode(file.encoding)

    def foreign(self, name: str) -> str:
        if self.has(Path(name)):
            return f"{name} is a prompt, no problem with a solution. It is refined on its cases."
        return f"{name} is not a Markdown file. Open the .md file that has the problem and its solution."


class _Prompt:
    unsaved = "and there are no cases beside it yet"

    def has(self, path: Path) -> bool:
        """By its name, or because there are cases for it: beside it, or in a config that names it."""
        suffix = path.suffix.lower()
        if is_prompt_file(path) or (suffix in TEMPLATES and find_data(path)):
            return True
        return suffix in (*TEMPLATES, *CHATS) and config_of(path) is not None

    def outlines(self) -> Outlines:
        from secant_server.prompts import PromptOutlines

        return PromptOutlines()

    def disk_text(self, path: Path) -> str:
        from secant.promptfiles.formats.source import read_source

        return read_source(path).text

    def foreign(self, name: str) -> str:
        if Path(name).suffix.lower() in TEMPLATES:
            return f"{name} has no cases beside it: write them into {Path(name).stem}.eval.jsonl, one object a line."
        return f"{name} is not a prompt file. Open a .prompt.md, .prompt, .prompty, .prompt.yml or promptfoo file."


PYTHON: Language = _Python()
MARKDOWN: Language = _Markdown()
PROMPT: Language = _Prompt()


def language_of(path: Path) -> Language | None:
    """The language of a file; None for one that Secant does not know."""
    return next((each for each in (PYTHON, PROMPT, MARKDOWN) if each.has(path)), None)
