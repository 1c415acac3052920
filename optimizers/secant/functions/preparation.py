"""From a subject to everything that a search needs: test files, a place, running workers, a baseline, facts.

Each step announces what it found, so that a user sees why these tests judge. Nothing of the user's is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from secant.config import OptimizeRequest
from secant.errors import BadRequest
from secant.events import Notice, Progress
from secant.functions.baseline import Baseline
from secant.functions.cold import ColdRunner
from secant.functions.findings import Announce, Findings, no_tests
from secant.functions.isolation import IsolationLevel
from secant.functions.launching import Launcher
from secant.functions.mirror import Mirror
from secant.functions.place import Place, choose_place
from secant.functions.subject import Subject, find_subject
from secant.functions.suite import Suite
from secant.functions.surroundings import facts
from secant.functions.testfiles import TestFile, candidates
from secant.functions.unit import Unit
from secant.functions.workers import Collected, Workers
from secant.rewriting.facts import Facts

__all__ = ["Prepared", "Subject", "find_subject", "prepare"]

TEST_SECONDS = 10.0
"""A test that takes longer counts as one that hangs."""


class Prepared(NamedTuple):
    """A subject with running workers, its judging tests, and the facts for rewriting."""

    subject: Subject
    unit: Unit
    workers: Workers
    cold: ColdRunner
    suite: Suite
    facts: Facts
    root: Path
    """Where the tests are run: the project, or a copy of it."""


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
    usable = [file for file in found if file.problem is None]
    findings = Findings(request, subject, usable, announce)
    findings.unreadable(found)
    place = choose_place(request, subject, usable, launcher.copies, announce)
    ready = _Ready(place, subject, launcher, check_cancelled)
    try:
        _require_isolation(subject.project.settings.isolation, ready.workers.level, announce)
        if ready.workers.level is IsolationLevel.RLIMITS and place.root == subject.root:
            ready.close()
            place = place.copied(Mirror(place.root, launcher.copies / "project"), ready.collected.import_path)
            ready = _Ready(place, subject, launcher, check_cancelled)
        collected = ready.collected
        findings.require_collected(_at_home(collected, place, subject))
        announce(Progress(phase="baseline", message=f"running {len(collected.tests)} tests on the original"))
        arguments = _collectable(place, collected)
        ready.workers.use(arguments)
        cold = ColdRunner(place.root, place.target, arguments, collected.import_path, launcher.cold, check_cancelled)
        suite = Baseline(ready.workers, cold, ready.unit, collected, test_seconds=TEST_SECONDS).suite()
        findings.judged_by(suite)
        findings.withheld(suite, launcher)
    except BaseException:
        ready.close()
        raise
    known = _facts(subject, ready.unit, suite, collected)
    return Prepared(subject, ready.unit, ready.workers, cold, suite, known, place.root)


class _Ready:
    """Workers that have collected in a place."""

    def __init__(self, place: Place, subject: Subject, launcher: Launcher, check_cancelled: Callable[[], None]) -> None:
        self.unit = Unit(subject.located, place.target)
        self.workers = Workers(
            launcher, place.root, self.unit, place.arguments, check_cancelled, import_path=place.import_path
        )
        self.close = self.workers.close
        try:
            self.collected = self.workers.collect()
        except BaseException:
            self.close()
            raise


def _test_files(request: OptimizeRequest, subject: Subject) -> Sequence[TestFile]:
    """Those found by searching; none where the request or the settings name tests. Raises NoTestsFound."""
    if request.tests or subject.project.settings.tests:
        return ()
    found = candidates(subject.project, subject.located, subject.buffers)
    if all(file.problem is not None for file in found):
        raise no_tests(subject, found)
    return found


def _at_home(collected: Collected, place: Place, subject: Subject) -> Collected:
    """The errors of a collection in a copy, with the files named as the user knows them."""
    copy, home = str(place.root), str(subject.root)
    errors = tuple({name: text.replace(copy, home) for name, text in error.items()} for error in collected.errors)
    return collected.model_copy(update={"errors": errors})


def _collectable(place: Place, collected: Collected) -> Sequence[str]:
    """What was asked for without the files that cannot be collected: pytest would not run beside them."""
    if not collected.errors:
        return place.arguments
    return list(dict.fromkeys(test.file for test in collected.tests))


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


def _facts(subject: Subject, unit: Unit, suite: Suite, collected: Collected) -> Facts:
    """What the text says and what the baseline saw, in lines of the target's own text."""
    located = subject.located
    static = facts(located.file, located, python=collected.python[:2])
    length = located.last_line - located.first_line + 1

    def own(lines: Sequence[int], before: int) -> tuple[int, ...]:
        return tuple(sorted({line - before for line in lines if 1 <= line - before <= length}))

    errors = [test.error_line for test in suite.failing if test.error_line is not None]
    return static.model_copy(
        update={
            "variable_types": suite.variable_types,
            "attribute_types": suite.attribute_types,
            "covered_lines": {test.id: own(test.lines, unit.offset) for test in suite.tests if test.lines},
            "failed_tests": tuple(test.id for test in suite.failing),
            "error_lines": own(errors, located.first_line - 1),
        }
    )
