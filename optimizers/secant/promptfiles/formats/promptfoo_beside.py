"""A prompt file that a promptfoo config near it names: opened with the config's tests, whatever of the two was named.

A file with data of its own beside it is left to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from secant.errors import SecantError
from secant.promptfiles.evaldata.finding import find_data
from secant.promptfiles.formats.source import FileDocument, Source

_NAMES = ("promptfooconfig.yaml", "promptfooconfig.yml", "promptfooconfig.json")
_HIGHEST = 3
"""Folders in which a config is looked for, from that of the prompt upward."""


def open_beside(file: Source, number: int = 0) -> FileDocument | None:
    """The prompt with the config's tests; None where no config near it names the file. Raises BadRequest where one does
    and cannot be read.
    """
    if find_data(file.path):
        return None
    for path in _configs(file.path):
        config = file.other(path)
        certain = file.path.name in config.text
        if not certain and "*" not in config.text:
            continue
        from secant.promptfiles.formats.promptfoo import open_named  # noqa: PLC0415  few prompts have a config

        try:
            found = open_named(config, file, number)
        except SecantError:
            if certain:
                raise
            continue  # a config that may well have nothing to do with this file must not stand in its way
        if found is not None:
            return found
    return None


def _configs(path: Path) -> Iterator[Path]:
    for folder in path.absolute().parents[:_HIGHEST]:
        yield from (folder / name for name in _NAMES if (folder / name).is_file())
        if (folder / ".git").exists():
            return
