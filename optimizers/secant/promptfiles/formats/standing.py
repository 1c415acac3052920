"""Where the prompts of a file stand, for whoever shows them: seen in that file alone, no other is opened. Values."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from secant.promptfiles.formats.source import FileDocument


class PromptFile(NamedTuple):
    """Where a config names a prompt that stands in a file of its own."""

    name: str
    """What it may be asked for by."""
    path: Path
    line: int
    """Of the config, from 1."""


class Standing(NamedTuple):
    """The prompts of a file as they stand there, without a look into any other file."""

    prompts: tuple[FileDocument | PromptFile, ...]
    """In the order of the file. Of a config without their data, see `cases`."""
    cases: bool
    """The file has cases, or names them."""
