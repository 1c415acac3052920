"""From a request to everything a run needs: the function, its project, interpreter, tests, baseline and facts.

Each step announces what it found, so that a user sees why these tests judge. Nothing of the user's is written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.config import OptimizeRequest
from secant.errors import BadRequest, CollectionError, NoTestsFound
from secant.events import Event, FoundTest, Notice, Progress, TargetFound, TestsFound
from secant.functions import generated
from secant.functions.baseline import Baseline
from secant.functions.cold import ColdRunner
from secant.functions.interpreter import Interpreter, find_interpreter
from secant.functions.isolation import IsolationLevel
from secant.functions.launching import Launcher
from secant.functions.locate import LocatedFunction, locate
from secant.functions.mirror import Mirror
from secant.functions.project import Project, find_project
from secant.functions.suite import Suite
from secant.functions.surroundings import facts
from secant.functions.target import parse_target
from secant.functions.testfiles import TestFile, candidates
from secant.functions.textfile import read_text_file
from secant.functions.unit import Unit
from secant.functions.workers import Collected, Workers
from secant.rewriting.facts import Facts

TEST_SECONDS = 10.0
_MOST_LISTED = 8

Announce = Callable[[Event], object]


class Subject(NamedTuple):
    """What is known before anything is run."""

    located: LocatedFunction
    project: Project
    interpreter: Interpreter

    @property
    def root(self) -> Path:
        return Path(os.path.realpath(self.project.root))


class Prepared(NamedTuple):
    """A subject with running workers, its judging tests, and the facts for rewriting."""

    subject: Subject
    unit: Unit
    workers: Workers
    cold: ColdRunner
    suite: Suite
    facts: Facts


def find_subject(request: OptimizeRequest, environment: Mapping[str, str]) -> Subject:
    """Locate function, project and interpreter. Raises BadRequest in its many kinds; starts no test."""
    target = parse_target(request.target)
    path = Path(os.path.abspath(request.folder / target.path))
    file = read_text_file(path)
    located = locate(file, target.model_copy(update={"path": path}))
    project = find_project(path)
    interpreter = find_interpreter(
        project, python=request.python, environment=environment, running=Path(sys.executable)
    )
    return Subject(located, project, interpreter)


def announce_subject(subject: Subject, announce: Announce) -> None:
    located = subject.located
    announce(
        TargetFound(
            path=str(located.path),
            name=located.qualname,
            first_line=located.first_line,
            last_line=located.last_line,
            digest=located.file.digest,
            text=located.text,
            description=f"{located.kind} {located.qualname}{located.signature}, judged with "
            f"{subject.interpreter.path} ({subject.interpreter.found})",
        )
    )


def prepare(
    request: OptimizeRequest,
    subject: Subject,
    launcher: Launcher,
    announce: Announce,
    check_cancelled: Callable[[], None],
) -> Prepared:
    """Find and run the tests. Raises NoTestsFound, CollectionError and what the workers raise."""
    announce(Progress(phase="tests", message="looking for tests"))
    found = _test_files(request, subject)
    place = _place(request, subject, found, launcher.scratch)
    unit = Unit(subject.located, place.target)
    workers = Workers(launcher, place.root, unit, place.arguments, check_cancelled)
    try:
        collected = workers.collect()
        _require_isolation(subject.project.settings.isolation, workers.level, announce)
        if workers.level is IsolationLevel.RLIMITS and place.root == subject.root:
            workers.close()
            place = _copied(place, launcher.scratch, collected.import_path)
            unit = Unit(subject.located, place.target)
            workers = Workers(
                launcher, place.root, unit, place.arguments, check_cancelled, import_path=place.import_path
            )
            collected = workers.collect()
        _require_collected(subject, collected, found, workers, announce)
        announce(Progress(phase="baseline", message=f"running {len(collected.tests)} tests on the original"))
        cold = ColdRunner(
            place.root, place.target, place.arguments, collected.import_path, launcher.cold, check_cancelled
        )
        suite = Baseline(workers, cold, unit, collected, test_seconds=TEST_SECONDS).suite()
        _announce_suite(request, suite, found, announce)
        if not suite.tests:
            raise _none_reaches(subject, suite)
    except BaseException:
        workers.close()
        raise
    return Prepared(subject, unit, workers, cold, suite, _facts(subject, suite, collected))


def _test_files(request: OptimizeRequest, subject: Subject) -> Sequence[TestFile]:
    if request.tests or subject.project.settings.tests:
        return ()
    found = candidates(subject.project, subject.located)
    usable = [file for file in found if file.problem is None]
    if not usable:
        raise _no_tests(subject, found)
    return usable


class _Place(NamedTuple):
    """Where the tests run: the project itself, or a copy with a test file of our own in it."""

    root: Path
    target: Path
    arguments: Sequence[str]
    import_path: Sequence[str] = ()
    """What goes before the user's own import path, so that the copy is imported."""


def _place(request: OptimizeRequest, subject: Subject, found: Sequence[TestFile], scratch: Path) -> _Place:
    target = Path(os.path.realpath(subject.located.path))
    if request.tests != (generated.REQUEST,):
        return _Place(subject.root, target, _arguments(request, subject, found))
    mirror = Mirror(subject.root, scratch / "project")
    test = generated.write_tests(mirror.root, mirror.path(target), subject.located, subject.project)
    return _Place(mirror.root, mirror.path(target), [str(test)])


def _copied(place: _Place, scratch: Path, import_path: Sequence[str]) -> _Place:
    """The same on a copy of the project: where candidates cannot be kept from writing, they write there."""
    mirror = Mirror(place.root, scratch / "project")
    arguments = [str(mirror.path(Path(path))) + separator + rest for path, separator, rest in
                 (argument.partition("::") for argument in place.arguments)]  # fmt: skip
    return _Place(mirror.root, mirror.path(place.target), arguments, mirror.import_path(import_path))


def _require_isolation(wanted: str, reached: IsolationLevel, announce: Announce) -> None:
    """Raises BadRequest where the project asks for more than this machine gives; warns at the lowest level."""
    order = list(IsolationLevel)
    if wanted != "auto" and order.index(reached) > order.index(IsolationLevel(wanted)):
        raise BadRequest(
            f"this machine gives the isolation level {reached}, and the project asks for {wanted}",
            hint="See what is missing: secant doctor. The setting is `isolation` in [tool.secant].",
        )
    if reached is IsolationLevel.RLIMITS:
        announce(
            Notice(
                level="warning",
                message="Candidates cannot be shut in on this machine: they run with your rights, on a copy of the "
                "project, with limits on time and memory only.",
                hint="See what is missing: secant doctor",
            )
        )


def _arguments(request: OptimizeRequest, subject: Subject, found: Sequence[TestFile]) -> list[str]:
    """Absolute paths and node ids for pytest."""
    if found:
        return [os.path.realpath(file.path) for file in found]
    given, folder = (request.tests, request.folder) if request.tests else _configured(subject)
    arguments: list[str] = []
    for text in given:
        path, separator, rest = text.partition("::")
        absolute = Path(os.path.realpath(folder / path))
        if not absolute.exists():
            raise NoTestsFound("there are no such tests", hint="Name a test file, folder or node id.", where=text)
        arguments.append(f"{absolute}{separator}{rest}")
    return arguments


def _configured(subject: Subject) -> tuple[Sequence[str], Path]:
    settings = subject.project.settings
    return settings.tests, settings.folder or subject.root


def _no_tests(subject: Subject, found: Sequence[TestFile]) -> NoTestsFound:
    located, project = subject.located, subject.project
    broken = "".join(f"\n{file.path}: {file.problem}" for file in found if file.problem)
    where = ", ".join(project.testpaths) or str(project.root)
    return NoTestsFound(
        f"no test of {located.qualname} was found",
        hint=f"Looked below {where} for files named {', '.join(project.python_files)} that import "
        f"{located.path.stem} or name {located.name}.{broken}\nName the tests: --tests PATH_OR_NODEID.\n"
        f"For speed alone, it can be compared with the original on made-up calls: --tests {generated.REQUEST}",
        where=str(located.path),
    )


def _require_collected(
    subject: Subject, collected: Collected, found: Sequence[TestFile], workers: Workers, announce: Announce
) -> None:
    """Errors in collecting end the run where nothing is left; otherwise they are said."""
    errors = [f"{error['id']}:\n{error['message']}" for error in collected.errors]
    if not collected.tests:
        if errors:
            raise CollectionError(
                f"pytest could not collect {collected.errors[0]['id']}", hint="\n".join(errors)[-3000:]
            )
        raise _no_tests(subject, found)
    for error in collected.errors:
        last = error["message"].strip().splitlines()[-1:] or [""]
        announce(
            Notice(
                level="warning",
                message=f"{error['id']} could not be collected: its tests do not judge ({last[0].strip()}).",
                hint=f"See why: {subject.interpreter.path} -m pytest {error['id']}",
            )
        )


def _none_reaches(subject: Subject, suite: Suite) -> NoTestsFound:
    listed = "\n".join(f"  {test.id}: {test.why}" for test in suite.left_out[:_MOST_LISTED])
    more = f"\n  and {len(suite.left_out) - _MOST_LISTED} more" if len(suite.left_out) > _MOST_LISTED else ""
    return NoTestsFound(
        f"no test judges {subject.located.qualname}",
        hint=f"Tests were run, and none of them could be used:\n{listed}{more}\nName others: --tests PATH_OR_NODEID.",
        where=str(subject.located.path),
    )


def _announce_suite(
    request: OptimizeRequest, suite: Suite, found: Sequence[TestFile], announce: Announce
) -> None:
    whys = {file.path.name: file.why for file in found}
    given = "named in the request" if request.tests else "named in the project's settings"
    if request.tests == (generated.REQUEST,):
        given = "a call made up from the annotations; it asserts nothing"
    tests = tuple(
        FoundTest(id=t.id, why=whys.get(Path(t.id.partition("::")[0]).name, given)) for t in suite.in_order
    )
    announce(TestsFound(tests=tests, searched=tuple(str(f.path) for f in found), left_out=suite.left_out))
    flaky = [t.id for t in suite.left_out if t.why.startswith("flaky")]
    if flaky:
        announce(
            Notice(
                level="warning",
                message=f"{len(flaky)} flaky test{'s' if len(flaky) > 1 else ''} left out: {', '.join(flaky[:5])}.",
                hint="They pass and fail on the same code, so they can judge nothing.",
            )
        )


def _facts(subject: Subject, suite: Suite, collected: Collected) -> Facts:
    """What the text says and what the baseline saw, in lines of the target's own text."""
    located = subject.located
    static = facts(located.file, located, python=collected.python[:2])
    offset = located.first_line - Unit(located).first_line
    length = located.last_line - located.first_line + 1

    def own(lines: Sequence[int]) -> tuple[int, ...]:
        return tuple(line - offset for line in lines if 1 <= line - offset <= length)

    errors = [t.error_line - located.first_line + 1 for t in suite.failing if t.error_line is not None]
    return static.model_copy(
        update={
            "variable_types": suite.variable_types,
            "attribute_types": suite.attribute_types,
            "covered_lines": {t.id: own(t.lines) for t in suite.tests if t.lines},
            "failed_tests": tuple(t.id for t in suite.failing),
            "error_lines": tuple(sorted({line for line in errors if 1 <= line <= length})),
        }
    )
