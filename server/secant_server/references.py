"""Prompts in files of their own, and the configs that name them: a config has the cases, the file has the text.

A config is looked for beside the file and in the folders above it: as the editor has it open, else as it was saved. It
is read once for each of its versions.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.errors import SecantError
from secant.promptfiles.formats.standing import PromptFile
from secant.promptfiles.opening import prompts_standing
from secant_server.files import real_path

_NAMES = ("promptfooconfig.yaml", "promptfooconfig.yml", "promptfooconfig.json")
_MOST_ABOVE = 3
"""Folders between a config and its prompts."""


class Reference(NamedTuple):
    """What a config says of a prompt in another file."""

    name: str
    """What it may be asked for by."""
    path: Path
    line: int
    """Of the config, from 0."""
    cases: bool
    """The config has cases for it."""


class Naming(NamedTuple):
    """Where a document is named as a prompt: what is asked of it is asked there."""

    uri: str
    line: int
    name: str


class Config(NamedTuple):
    """A config that names a file, and how."""

    path: Path
    reference: Reference


_NONE: Mapping[str, Mapping[str, Reference]] = {}


class OpenConfigs:
    """The configs that an editor has open, each with what it was last seen to name: that need not be saved yet."""

    def __init__(self) -> None:
        self._named: dict[str, Mapping[str, Reference]] = {}

    def seen(self, path: Path, named: Sequence[Reference]) -> None:
        """An open document; of those that are no configs nothing is kept."""
        if path.name in _NAMES:
            self._named[real_path(path)] = {real_path(each.path): each for each in named}

    def closed(self, path: Path) -> None:
        self._named.pop(real_path(path), None)

    def of(self, path: Path) -> Config | None:
        """The nearest config that names a file as a prompt of its own, as it is open or else as it was saved."""
        return config_of(path, self._named)


def config_of(path: Path, opened: Mapping[str, Mapping[str, Reference]] = _NONE) -> Config | None:
    """The nearest config that names a file as a prompt of its own. `opened`: what those name that are open."""
    for folder in list(path.parents)[: _MOST_ABOVE + 1]:
        for config in (folder / name for name in _NAMES):
            named = opened.get(real_path(config)) if opened else None
            if named is None:
                try:
                    found = config.stat()
                except OSError:
                    continue
                named = _named(config, found.st_mtime_ns, found.st_size)
            reference = named.get(real_path(path))
            if reference is not None:
                return Config(config, reference)
    return None


@functools.lru_cache(maxsize=16)
def _named(config: Path, written: int, size: int) -> Mapping[str, Reference]:
    """By the real paths of the files; nothing where the config cannot be read."""
    try:
        standing = prompts_standing(config)
    except SecantError:
        return {}
    own = (each for each in standing.prompts if isinstance(each, PromptFile))
    return {real_path(each.path): reference(each, cases=standing.cases) for each in own}


def reference(found: PromptFile, *, cases: bool) -> Reference:
    return Reference(found.name, found.path, found.line - 1, cases)
