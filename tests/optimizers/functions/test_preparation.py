"""From a request to running workers and judging tests, on tiny real projects; and what is said where that fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from secant.config import OptimizeRequest
from secant.errors import BadRequest, CollectionError, NoTestsFound, SecantError
from secant.events import Event, Notice, Progress, TestsFound
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, find_subject, prepare

pytestmark = pytest.mark.usefixtures("preloaded_workers")

PRICES = """\
def outer(limit):
    unused = 0

    def net(gross, rate):
        share = gross * rate
        return gross - share

    return net(limit, 0.5)


def tax(gross):
    return gross * 0.2
"""
TESTS = """\
from prices import outer

def test_outer():
    assert outer(10) == 5

def test_wrong():
    assert outer(4) == 3
"""
INDIRECT = """\
import prices

def test_again():
    assert getattr(prices, "out" + "er")(2) == 1

def test_tax():
    assert prices.tax(5) == 1
"""


class Preparing(NamedTuple):
    """Prepares a project below `folder` and keeps what was said."""

    folder: Path
    events: list[Event]
    prepared: list[Prepared]

    def write(self, files: dict[str, str]) -> None:
        for name, text in {"pytest.ini": "[pytest]\n", **files}.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(self, target: str = "prices.py::outer", **fields: Any) -> Prepared:
        request = OptimizeRequest(target=target, folder=self.folder, **fields)
        subject = find_subject(request, os.environ)
        scratch = self.folder.parent / "scratch"
        scratch.mkdir(exist_ok=True)
        launcher = Launcher(Path(sys.executable), scratch, base_environment=os.environ)
        prepared = prepare(request, subject, launcher, self.events.append, lambda: None)
        self.prepared.append(prepared)
        return prepared

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Preparing]:
    preparing = Preparing(tmp_path / "mît spåces", [], [])
    preparing.folder.mkdir()
    yield preparing
    for prepared in preparing.prepared:
        prepared.workers.close()


@pytest.mark.usefixtures("started_workers")
def test_tests_are_found_run_and_told(project: Preparing) -> None:
    """In a folder with a space and letters of all kinds; files of one name keep their own reasons."""
    project.write(
        {"prices.py": PRICES, "test_prices.py": TESTS, "tests/__init__.py": "", "tests/test_prices.py": INDIRECT}
    )
    prepared = project.run()
    (told,) = project.of(TestsFound)
    assert {test.id: test.why for test in told.tests} == {
        "test_prices.py::test_outer": "imports prices and names outer",
        "test_prices.py::test_wrong": "imports prices and names outer",
        "tests/test_prices.py::test_again": "imports prices",
    }
    assert [test.id for test in told.left_out] == ["tests/test_prices.py::test_tax"]
    assert [test.id for test in prepared.suite.failing] == ["test_prices.py::test_wrong"]
    assert prepared.facts.failed_tests == ("test_prices.py::test_wrong",)


def test_facts_speak_of_lines_of_the_targets_own_text(project: Preparing) -> None:
    """A nested function is swapped within its outer one, whose lines the baseline counts."""
    project.write({"prices.py": PRICES, "test_prices.py": TESTS})
    prepared = project.run("prices.py::outer.net")
    assert prepared.unit.offset == 3
    assert prepared.facts.covered_lines["test_prices.py::test_outer"] == (1, 2, 3)
    assert prepared.facts.error_lines == ()


def test_a_nested_functions_exception_is_placed_in_its_text(project: Preparing) -> None:
    project.write(
        {
            "prices.py": PRICES.replace("share = gross * rate", "share = gross * rates"),
            "test_prices.py": TESTS,
        }
    )
    assert project.run("prices.py::outer.net").facts.error_lines == (2,)


def test_tests_named_in_the_request_are_taken_as_given(project: Preparing, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({"prices.py": PRICES, "sub/checks.py": TESTS})
    prepared = project.run(tests=("sub/checks.py::test_outer",))
    assert [test.id for test in prepared.suite.tests] == ["sub/checks.py::test_outer"]
    assert project.of(TestsFound)[0].tests[0].why == "named in the request"


def test_tests_named_in_the_settings_are_taken_where_the_request_names_none(project: Preparing) -> None:
    project.write({"prices.py": PRICES, "checks.py": TESTS})
    (project.folder / "pytest.ini").unlink()
    (project.folder / "pyproject.toml").write_text('[tool.secant]\ntests = ["checks.py::test_outer"]\n')
    project.run()
    (told,) = project.of(TestsFound)
    assert [(test.id, test.why) for test in told.tests] == [
        ("checks.py::test_outer", "named in the project's settings")
    ]


def test_a_file_that_cannot_be_collected_is_said_and_the_rest_judges(project: Preparing) -> None:
    project.write(
        {"prices.py": PRICES, "test_prices.py": TESTS, "test_broken.py": "from prices import outer, nothing\n"}
    )
    prepared = project.run()
    assert len(prepared.suite.tests) == 2
    (notice,) = project.of(Notice)
    assert "test_broken.py could not be collected" in notice.message
    assert "cannot import name 'nothing'" in notice.message
    assert "-m pytest test_broken.py" in notice.hint


def test_a_project_is_copied_for_made_up_calls(project: Preparing) -> None:
    project.write({"prices.py": "def tax(gross: int, rate: float = 0.2) -> float:\n    return gross * rate\n"})
    prepared = project.run("prices.py::tax", tests=("generated",))
    assert len(prepared.suite.tests) > 5
    assert prepared.suite.failing == ()
    assert "asserts nothing" in project.of(TestsFound)[0].tests[0].why
    assert {path.name for path in project.folder.iterdir()} <= {"prices.py", "pytest.ini", "__pycache__"}


def refused(project: Preparing, kind: type[SecantError], **fields: Any) -> str:
    with pytest.raises(kind) as caught:
        project.run(**fields)
    return str(caught.value)


def test_where_no_test_is_found_it_says_where_it_looked(project: Preparing) -> None:
    project.write({"prices.py": PRICES})
    said = refused(project, NoTestsFound)
    assert "no test of outer was found" in said
    assert str(project.folder) in said
    assert "--tests PATH_OR_NODEID" in said
    assert "--tests generated" in said


def test_a_test_file_that_cannot_be_read_is_named(project: Preparing) -> None:
    project.write({"prices.py": PRICES, "test_prices.py": "from prices import outer\ndef test(:\n"})
    assert "test_prices.py" in refused(project, NoTestsFound)


def test_where_no_test_calls_the_function_they_are_listed(project: Preparing) -> None:
    many = "".join(f"def test_{number}():\n    assert outer\n\n" for number in range(10))
    project.write({"prices.py": PRICES, "test_prices.py": "from prices import outer\n\n" + many})
    said = refused(project, NoTestsFound)
    assert "no test judges outer" in said
    assert "test_prices.py::test_0: does not call the function" in said
    assert "and 2 more" in said


def test_where_nothing_can_be_collected_the_error_is_shown(project: Preparing) -> None:
    project.write({"prices.py": PRICES, "test_prices.py": "from prices import outer\nimport no_such_module\n"})
    said = refused(project, CollectionError)
    assert "could not collect test_prices.py" in said
    assert "No module named 'no_such_module'" in said


def test_tests_that_are_not_there_are_refused(project: Preparing) -> None:
    project.write({"prices.py": PRICES})
    assert "test_nowhere.py::test_it" in refused(project, NoTestsFound, tests=("test_nowhere.py::test_it",))


def test_more_isolation_than_the_machine_gives_is_refused(project: Preparing, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({"prices.py": PRICES, "test_prices.py": TESTS})
    (project.folder / "pytest.ini").unlink()
    (project.folder / "pyproject.toml").write_text('[tool.secant]\nisolation = "bubblewrap"\n')
    with_level(monkeypatch, "landlock")
    assert "isolation level landlock, and the project asks for bubblewrap" in refused(project, BadRequest)


def test_without_isolation_candidates_run_on_a_copy_and_that_is_said(
    project: Preparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"prices.py": PRICES, "test_prices.py": TESTS})
    with_level(monkeypatch, "rlimits")
    prepared = project.run()
    assert len(prepared.suite.tests) == 2
    assert "cannot be shut in on this machine" in project.of(Notice)[0].message


def with_level(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    """What workers report of a machine that gives less than this one."""
    from secant.functions import workers
    from secant.functions.isolation import IsolationLevel

    reported: Callable[..., IsolationLevel] = lambda *_: IsolationLevel(level)  # noqa: E731
    monkeypatch.setattr(workers, "_level", reported)


class Stopped(Exception):  # noqa: N818 - as a user's wish
    pass


@pytest.mark.usefixtures("started_workers")
def test_a_stop_while_preparing_leaves_no_worker_behind(project: Preparing) -> None:
    project.write({"prices.py": PRICES, "test_prices.py": TESTS})
    subject = find_subject(OptimizeRequest(target="prices.py::outer", folder=project.folder), os.environ)
    launcher = Launcher(Path(sys.executable), project.folder.parent, base_environment=os.environ)
    started: list[str] = []

    def stop_at_the_baseline(event: Event) -> None:
        if isinstance(event, Progress) and event.phase == "baseline":
            started.extend(children())
            raise Stopped

    before = children()
    with pytest.raises(Stopped):
        prepare(OptimizeRequest(target="", folder=project.folder), subject, launcher, stop_at_the_baseline, int)
    assert set(started) - set(before)
    assert set(children()) <= set(before)


def children() -> list[str]:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
