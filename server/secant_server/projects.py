"""The projects that the editor's documents belong to: each with its root and its shelf of proposals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from secant.functions.project import find_project
from secant_server.files import same_file
from secant_server.shelf import Shelf


class Projects:
    """Projects by the folder of a document. Several documents, several roots."""

    def __init__(self) -> None:
        self._roots: dict[Path, Path] = {}
        self._shelves: dict[Path, Shelf] = {}

    def __iter__(self) -> Iterator[Shelf]:
        return iter(list(self._shelves.values()))

    def of(self, path: Path) -> Shelf:
        """The shelf of a file or folder's project. Raises ConfigError where its configuration cannot be read."""
        folder = path if path.is_dir() else path.parent
        if folder not in self._roots:
            self._roots[folder] = root_of(folder)
        return self.at(self._roots[folder])

    def at(self, root: Path) -> Shelf:
        return self._shelves.setdefault(root, Shelf(root))

    def was_prompt(self, path: Path) -> bool:
        """Whether a run was on a file as a prompt, as far as that was read."""
        return any(same_file(each.path, path) for shelf in self for each in shelf.measured)

    def forget(self) -> None:
        """A file that may be a project's configuration was written: where a project begins is to be found anew."""
        self._roots.clear()


def root_of(path: Path) -> Path:
    """Where the engine keeps the journals of a file's runs. Raises ConfigError."""
    return Path(os.path.realpath(find_project(path).root))
