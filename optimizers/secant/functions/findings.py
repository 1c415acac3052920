"""What is said about the tests: which were found and why, which are left out, and what to do where none is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from secant.config import OptimizeRequest
from secant.errors import CollectionError, NoTestsFound
from secant.events import Event, FoundTest, Notice, TestsFound
from secant.functions import generated
from secant.functions.launching import Launcher
from secant.functions.subject import Subject
from secant.functions.suite import Suite
from secant.functions.testfiles import TestFile
from secant.functions.workers import Collected

Announce = Callable[[Event], object]

_MOST_LISTED = 8
_MOST_NAMED = 5
_TRACEBACK_CHARACTERS = 3000


class Findings:
    """Speaks for one run. `searched` are the files that were found by searching; none where tests were named."""

    def __init__(
        self, request: OptimizeRequest, subject: Subject, searched: Sequence[TestFile], announce: Announce
    ) -> None:
        self._request = request
        self._subject = subject
        self._searched = searched
        self._announce = announce

    def require_collected(self, collected: Collected) -> None:
        """Errors in collecting end the run where no test is left; otherwise they are said."""
        if not collected.tests and not collected.errors:
            raise no_tests(self._subject, self._searched)
        if not collected.tests:
            errors = [f"{error['id']}:\n{error['message']}" for error in collected.errors]
            raise CollectionError(
                f"pytest could not collect {collected.errors[0]['id']}",
                hint="\n".join(errors)[-_TRACEBACK_CHARACTERS:],
            )
        for error in collected.errors:
            last = error["message"].strip().splitlines()[-1:] or [""]
            self._warn(
                f"{error['id']} could not be collected: its tests do not judge ({last[0].strip()}).",
                f"See why: {self._subject.interpreter.path} -m pytest {error['id']}",
            )

    def judged_by(self, suite: Suite) -> None:
        """Which tests judge, and why these. Raises NoTestsFound where none does."""
        self._announce(
            TestsFound(
                tests=tuple(self._found(suite)),
                searched=tuple(str(file.path) for file in self._searched),
                left_out=suite.left_out,
            )
        )
        flaky = [test.id for test in suite.left_out if test.why.startswith("flaky")]
        if flaky:
            self._warn(
                f"{len(flaky)} flaky test{'s' if len(flaky) > 1 else ''} left out: {', '.join(flaky[:_MOST_NAMED])}.",
                "They pass and fail on the same code, so they can judge nothing.",
            )
        if not suite.tests:
            raise self._none_judges(suite)

    def unreadable(self, files: Sequence[TestFile]) -> None:
        """Test files that do not parse are left out, and that is said."""
        for file in files:
            if file.problem is not None:
                self._warn(f"A test file was left out: {file.problem}", "Its tests judge once it is corrected.")

    def withheld(self, suite: Suite, launcher: Launcher) -> None:
        """A test that fails because it lacks an environment variable would be "repaired" into not asking for it."""
        for test in suite.failing:
            for name in launcher.withheld(test.message):
                self._warn(
                    f"{test.id} fails without the environment variable {name}, which is not passed on.",
                    f'Pass it on in pyproject.toml: [tool.secant] pass-environment = ["{name}"]',
                )

    def _found(self, suite: Suite) -> Iterator[FoundTest]:
        whys = {os.path.relpath(os.path.realpath(file.path), self._subject.root): file.why for file in self._searched}
        given = "named in the request" if self._request.tests else "named in the project's settings"
        if generated.asked_for(self._request):
            given = "a call made up from the annotations; it asserts nothing"
        for test in suite.in_order:
            file = test.id.partition("::")[0]
            yield FoundTest(id=test.id, why=whys.get(str(Path(file)), given))

    def _none_judges(self, suite: Suite) -> NoTestsFound:
        listed = "\n".join(f"  {test.id}: {test.why}" for test in suite.left_out[:_MOST_LISTED])
        more = f"\n  and {len(suite.left_out) - _MOST_LISTED} more" if len(suite.left_out) > _MOST_LISTED else ""
        return NoTestsFound(
            f"no test judges {self._subject.located.qualname}",
            hint=f"Tests were run, and none of them could be used:\n{listed}{more}\n"
            "Name others: --tests PATH_OR_NODEID.",
            where=str(self._subject.located.path),
        )

    def _warn(self, message: str, hint: str) -> None:
        self._announce(Notice(level="warning", message=message, hint=hint))


def no_tests(subject: Subject, found: Sequence[TestFile]) -> NoTestsFound:
    """Says where it was looked, which files could not be read, and what can be done without tests."""
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
