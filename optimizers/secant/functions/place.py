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
from secant.events import Notice
from secant.functions import generated
from secant.functions.findings import Announce
from secant.functions.mirror import Mirror
from secant.functions.project import package_base
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

    def copied(self, mirror: Mirror, import_path: Sequence[str]) -> Place:
        """The same in a copy of the project: where candidates cannot be kept from writing, they write there."""
        parts = [argument.partition("::") for argument in self.arguments]
        arguments = [f"{mirror.path(Path(path))}{separator}{rest}" for path, separator, rest in parts]
        return Place(mirror.root, mirror.path(self.target), arguments, mirror.import_path(import_path))


def choose_place(
    request: OptimizeRequest, subject: Subject, found: Sequence[TestFile], copies: Path, announce: Announce
) -> Place:
    """The project; a copy below `copies` where that must hold what the project does not: unsaved texts, the file that
    the target is a link to, or the test file of made-up calls. Raises NoTestsFound, BadRequest and WriteRefused.
    """
    made_up = generated.asked_for(request)
    place = Place(subject.root, subject.target, [] if made_up else _arguments(request, subject, found))
    if not (made_up or subject.buffers.unsaved or subject.target.is_symlink()):
        return place
    mirror = Mirror(subject.root, copies / "project")
    _write_texts(mirror, subject, announce)
    copied = place.copied(mirror, [*subject.interpreter.import_path, *map(str, package_base(subject.target))])
    if not made_up:
        return copied
    test = generated.write_tests(mirror.root, copied.target, subject.located, subject.project)
    return copied._replace(arguments=[str(test)])


def _write_texts(mirror: Mirror, subject: Subject, announce: Announce) -> None:
    """The target and the unsaved texts into the copy. One from elsewhere has no place there, and that is said."""
    mirror.write(subject.target, subject.located.file.raw)
    unsaved = dict(subject.buffers.unsaved)
    unsaved.pop(Path(os.path.realpath(subject.target)), None)
    for path, data in unsaved.items():
        if mirror.holds(path):
            mirror.write(path, data)
        else:
            announce(
                Notice(
                    message=f"The tests see {path} as it was saved: it lies outside of {subject.root}.",
                    hint="Save it first where the function depends on it.",
                )
            )


def _arguments(request: OptimizeRequest, subject: Subject, found: Sequence[TestFile]) -> list[str]:
    if found:
        return [os.path.realpath(file.path) for file in found]
    settings = subject.project.settings
    if request.tests:
        return [_argument(subject, request.folder, text) for text in request.tests]
    return [_argument(subject, settings.folder or subject.root, text) for text in settings.tests]


def _argument(subject: Subject, folder: Path, text: str) -> str:
    path, separator, rest = text.partition("::")
    absolute = Path(os.path.realpath(folder / path))
    if not absolute.exists() and not subject.buffers.holds(absolute):
        raise NoTestsFound("there are no such tests", hint="Name a test file, folder or node id.", where=text)
    return f"{absolute}{separator}{rest}"
