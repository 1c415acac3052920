"""Where the tests run and what pytest is asked for: the project itself, or a copy of it in the run's scratch folder.

Only folders and arguments are chosen here; what is in the tests, and how they come out, is known elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from secant.config import OptimizeRequest
from secant.errors import NoTestsFound
from secant.functions import generated
from secant.functions.mirror import Mirror
from secant.functions.subject import Subject
from secant.functions.testfiles import TestFile


class Place(NamedTuple):
    """A folder to run pytest in."""

    root: Path
    target: Path
    """The function's file in it."""
    arguments: Sequence[str]
    """Absolute paths and node ids."""
    import_path: Sequence[str] = ()
    """What goes before the user's own import path, so that the copy is imported."""

    def copied(self, scratch: Path, import_path: Sequence[str]) -> Place:
        """The same in a copy of the project: where candidates cannot be kept from writing, they write there."""
        mirror = Mirror(self.root, scratch / "project")
        parts = [argument.partition("::") for argument in self.arguments]
        arguments = [f"{mirror.path(Path(path))}{separator}{rest}" for path, separator, rest in parts]
        return Place(mirror.root, mirror.path(self.target), arguments, mirror.import_path(import_path))


def choose_place(request: OptimizeRequest, subject: Subject, found: Sequence[TestFile], scratch: Path) -> Place:
    """The project; for made-up calls a copy with their test file in it. Raises NoTestsFound and BadRequest."""
    if not generated.asked_for(request):
        return Place(subject.root, subject.target, _arguments(request, subject, found))
    mirror = Mirror(subject.root, scratch / "project")
    target = mirror.path(subject.target)
    test = generated.write_tests(mirror.root, target, subject.located, subject.project)
    return Place(mirror.root, target, [str(test)])


def _arguments(request: OptimizeRequest, subject: Subject, found: Sequence[TestFile]) -> list[str]:
    if found:
        return [os.path.realpath(file.path) for file in found]
    settings = subject.project.settings
    if request.tests:
        return [_argument(request.folder, text) for text in request.tests]
    return [_argument(settings.folder or subject.root, text) for text in settings.tests]


def _argument(folder: Path, text: str) -> str:
    path, separator, rest = text.partition("::")
    absolute = Path(os.path.realpath(folder / path))
    if not absolute.exists():
        raise NoTestsFound("there are no such tests", hint="Name a test file, folder or node id.", where=text)
    return f"{absolute}{separator}{rest}"
