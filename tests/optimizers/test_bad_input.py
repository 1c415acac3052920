"""Bad input, through the engine: a clear word, the right exit code, and no file of the project changed.

Each folder of `zoo/projects` is one kind of it. What fails in the middle of a run follows below the table: a read-only
file, a full disk, `kill -9`.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import tomllib
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.events import Evaluated, Event, Failed, Finished, Improved, Notice, TestsFound
from secant.functions import preparation
from secant.journal import Journal, Listener, RunStore
from tests.optimizers.commands import Commands, Starting

pytestmark = pytest.mark.usefixtures("preloaded_workers")

PROJECTS = Path(__file__).parents[1] / "zoo" / "projects"
REFUSED = 2
IMPROVED = 0
UNCHANGED = 3


class Expected(NamedTuple):
    """What a run on a project must say."""

    code: int
    message: str = ""
    """In the failure's message."""
    hint: str = ""
    """In its hint, or for a run that goes on in a notice."""
    also: str = ""
    """In a notice as well."""
    left_out: str = ""
    """In the reason why a test judges nothing."""
    tests: int = 0
    """How many tests judge."""
    evaluations: int = 120
    """As many as are allowed: 0 where candidates are too dear for a test."""
    whole: bool = False
    """The run goes on behind the first repair, where its alternatives meet what is odd here once more."""


TABLE: Mapping[str, Expected] = {
    "abstract_stub": Expected(REFUSED, "Reader.read is a stub", "a class that implements it"),
    "bom_utf8": Expected(IMPROVED, tests=2),
    "class_target": Expected(REFUSED, "Basket is a class", "Basket.__init__, Basket.total"),
    "collection_error": Expected(REFUSED, "could not collect test_prices.py", "No module named"),
    "conftest_error": Expected(REFUSED, "could not collect the tests", "the database of the tests is not there"),
    "crashes_at_baseline": Expected(IMPROVED, tests=2, evaluations=200, whole=True),
    "duplicate_test_names": Expected(UNCHANGED, hint="-m pytest two/test_prices.py", tests=1),
    "edits_itself": Expected(IMPROVED, left_out="does not call the function", tests=1, whole=True),
    "empty_file": Expected(REFUSED, "there is no function total", "The file defines no function"),
    "empty_test_file": Expected(REFUSED, "no test of total was found", "--tests PATH_OR_NODEID"),
    "exits_at_import": Expected(REFUSED, "SystemExit: 0, raised at", '`if __name__ == "__main__":`'),
    "exits_in_test": Expected(IMPROVED, left_out="ends the test process before it calls the function", tests=1),
    "flaky_random": Expected(
        IMPROVED,
        hint="pass and fail on the same code",
        also="20 flaky tests left out: test_prices.py::test_coin[0]",
        left_out="flaky",
        tests=1,
    ),
    "flaky_test": Expected(IMPROVED, left_out="does not call the function", tests=1),
    "hanging_function": Expected(IMPROVED, tests=3, whole=True),
    "hanging_test": Expected(IMPROVED, left_out="hangs before it calls the function", tests=2),
    "huge_assertion": Expected(IMPROVED, tests=2),
    "huge_output": Expected(IMPROVED, tests=2, whole=True),
    "import_error_in_module": Expected(REFUSED, "could not collect test_prices.py", "No module named"),
    "lambda_target": Expected(REFUSED, "total is a lambda", "def total(prices): return sum(prices)"),
    "latin1_cookie": Expected(IMPROVED, tests=1),
    "missing_plugin": Expected(REFUSED, "could not collect the tests", "--an-option-of-a-missing-plugin"),
    "misspelt_file": Expected(REFUSED, "there is no such file", "basket.py"),
    "misspelt_name": Expected(REFUSED, "there is no function Basket.totl", "Did you mean Basket.total"),
    "mixed_line_ends": Expected(IMPROVED, tests=1),
    "no_final_newline": Expected(IMPROVED, tests=2),
    "no_tests": Expected(REFUSED, "no test of total was found", "for files named test_*.py"),
    "no_tests_for_target": Expected(REFUSED, "no test judges rounded", "test_total: does not call the function"),
    "overload_only": Expected(REFUSED, "an overload of first", "Name its implementation"),
    "protocol_stub": Expected(REFUSED, "Reader.read is a stub", "a class that implements it"),
    "read_only": Expected(IMPROVED, tests=2),
    "required_plugin": Expected(REFUSED, "could not collect the tests", "Missing required plugins"),
    "secrets_needed": Expected(IMPROVED, hint='pass-environment = ["SHOP_API_TOKEN"]', tests=1),
    "sleeping_test": Expected(IMPROVED, left_out="hangs before it calls the function", tests=1),
    "stub_file": Expected(REFUSED, "a stub file has no code", "lookup.py instead"),
    "syntax_error_in_file": Expected(REFUSED, "'(' was never closed", "Correct it first"),
    "syntax_error_in_function": Expected(REFUSED, "expected ':'", "Correct it first"),
    "syntax_error_in_test": Expected(UNCHANGED, hint="test_more_prices.py:4: syntax error", tests=1),
    "thread_at_import": Expected(UNCHANGED, tests=2, evaluations=0),
    "undecodable_bytes": Expected(REFUSED, "byte 0xa3 is not utf-8", "coding: latin-1"),
    "unknown_cookie": Expected(REFUSED, "unknown encoding: utf-nonsense", "declare its encoding"),
    "unusual_separators": Expected(IMPROVED, tests=1),
    "uses_clock": Expected(IMPROVED, tests=3),
    "uses_network": Expected(UNCHANGED, tests=2, evaluations=0),
    "writes_files": Expected(UNCHANGED, tests=2, evaluations=0),
}


class Run(NamedTuple):
    """A run that is over."""

    code: int
    events: Sequence[Event]

    @property
    def last(self) -> Any:
        return self.events[-1]

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


class Project(NamedTuple):
    """A copy of a project of the zoo."""

    folder: Path
    target: str

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Everything that is the user's: content and mode."""
        own = (path for path in self.folder.rglob("*") if path.is_file())
        kept = [path for path in own if not {".secant", "__pycache__"}.intersection(path.parts)]
        return {str(path.relative_to(self.folder)): (path.read_bytes(), path.stat().st_mode) for path in kept}

    def optimize(self, environment: Mapping[str, str], *, whole: bool = False, **fields: Any) -> Run:
        """Runs as far as the first improvement, which is confirmed and told; or `whole`."""
        request = OptimizeRequest(target=self.target, folder=self.folder, **fields)
        events: list[Event] = []
        cancellation = Cancellation()
        listeners = [events.append, *([] if whole else [stopping(cancellation)])]
        return Run(engine.optimize(request, listeners, cancellation, environment), events)


def stopping(cancellation: Cancellation) -> Listener:
    """Ends a search that has what it was made for; what it has is still confirmed."""

    def listen(event: Event) -> None:
        if isinstance(event, Improved):
            cancellation.cancel("one improvement is enough")

    return listen


def copied(name: str, place: Path) -> Project:
    ignored = shutil.ignore_patterns("project.toml", "__pycache__")
    folder = Path(shutil.copytree(PROJECTS / name, place / "project", ignore=ignored))
    return Project(folder, tomllib.loads((PROJECTS / name / "project.toml").read_text("utf-8"))["target"])


@pytest.fixture
def environment() -> dict[str, str]:
    """The user's."""
    return {**os.environ, "SHOP_API_TOKEN": "secret"}


def test_every_project_has_its_row() -> None:
    assert sorted(TABLE) == sorted(path.parent.name for path in PROJECTS.glob("*/project.toml"))


@pytest.mark.parametrize("name", TABLE)
def test_it_is_said_and_nothing_is_lost(
    name: str, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "TEST_SECONDS", 1.0)
    expected, project = TABLE[name], copied(name, tmp_path)
    before = project.files()
    run = project.optimize(environment, whole=expected.whole, max_evaluations=expected.evaluations)
    assert run.code == expected.code, run.last
    assert project.files() == before
    if expected.code == REFUSED:
        assert isinstance(run.last, Failed)
        assert expected.message in run.last.message
        assert expected.hint in run.last.hint
        return
    assert isinstance(run.last, Finished)
    assert run.last.tests.total == expected.tests
    notices = [f"{notice.message} {notice.hint}" for notice in run.of(Notice)]
    for said in filter(None, (expected.hint, expected.also)):
        assert any(said in notice for notice in notices), said
    left_out = [test.why for found in run.of(TestsFound) for test in found.left_out]
    assert any(expected.left_out in why for why in left_out) or not expected.left_out


def test_a_python_without_pytest(environment: dict[str, str], tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    python = tmp_path / "bare" / "bin" / "python"
    run = copied("uses_clock", tmp_path).optimize(environment, python=str(python))
    assert run.code == REFUSED
    assert "has no pytest" in run.last.message
    assert f"{python} -m pip install pytest" in run.last.hint


@pytest.mark.usefixtures("started_workers")
def test_a_read_only_file_is_not_written_and_the_result_is_kept(environment: dict[str, str], tmp_path: Path) -> None:
    project = copied("read_only", tmp_path)
    path = project.folder / "prices.py"
    path.chmod(0o444)
    before = project.files()
    run = project.optimize(environment, apply=True)
    assert run.code == IMPROVED
    assert not run.last.applied
    assert "+    result = 0" in run.last.diff
    assert any("read-only" in notice.message and "secant show" in notice.hint for notice in run.of(Notice))
    assert project.files() == before


@pytest.mark.usefixtures("started_workers")
def test_a_full_disk_ends_the_journal_and_not_the_run(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Journal.append

    def full(journal: Journal, line: bytes, *, durable: bool) -> None:
        if b'"evaluated"' in line:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(journal, line, durable=durable)

    monkeypatch.setattr(Journal, "append", full)
    run = copied("no_final_newline", tmp_path).optimize(environment)
    assert run.code == IMPROVED
    (notice,) = [notice for notice in run.of(Notice) if "No space left" in notice.message]
    assert notice.level == "warning"


# kill -9

EVALUATIONS = 68
"""Enough for three repairs and the beginning of a second step."""
DRIVER = """
import os, signal, sys
from pathlib import Path
from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest

target, folder, most, count, journaled = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), []

def listen(event):
    journaled.extend([event] if event.type != "progress" else [])
    if len(journaled) == count:
        os.kill(os.getpid(), signal.SIGKILL)

engine.optimize(
    OptimizeRequest(target=target, folder=folder, max_evaluations=most), [listen], Cancellation(), dict(os.environ)
)
"""


def killed_at(count: int, project: Project, environment: Mapping[str, str], start: Starting) -> RunStore:
    """The runs of a project after one that was killed at so many journaled events."""
    arguments = [project.target, str(project.folder), str(EVALUATIONS), str(count)]
    assert start("python", DRIVER, *arguments, env=environment).wait() == -signal.SIGKILL
    return RunStore(project.folder)


def evaluated(events: Sequence[Event]) -> list[tuple[str, str, str]]:
    return [(event.artifact, event.stage, event.cases) for event in events if isinstance(event, Evaluated)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    project = copied("no_final_newline", tmp_path_factory.mktemp("undisturbed"))
    return project.optimize(os.environ, whole=True, max_evaluations=EVALUATIONS)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_killed_run_goes_on_where_it_was(
    share: float, undisturbed: Run, environment: dict[str, str], tmp_path: Path, commands: Commands
) -> None:
    """Killed behind a share of its events; resumed, it evaluates nothing twice and ends as if it had not been."""
    count = max(1, int(share * sum(event.type != "progress" for event in undisturbed.events)))
    project = copied("no_final_newline", tmp_path)
    before = project.files()
    store = killed_at(count, project, environment, commands)
    (run,) = store.ids()
    earlier = list(store.read(run))
    assert len(earlier) == count
    events: list[Event] = []
    assert engine.resume(store, run, [events.append], Cancellation(), environment) == IMPROVED
    both = evaluated([*earlier, *events])
    assert both == evaluated(undisturbed.events)
    assert len(set(both)) == len(both)
    assert (events[-1].source, events[-1].evaluations) == (undisturbed.last.source, undisturbed.last.evaluations)
    assert project.files() == before


def test_a_journal_torn_in_the_middle_of_a_line_goes_on(
    environment: dict[str, str], tmp_path: Path, commands: Commands
) -> None:
    project = copied("no_final_newline", tmp_path)
    store = killed_at(12, project, environment, commands)
    (run,) = store.ids()
    path = store.path(run)
    path.write_bytes(path.read_bytes()[:-7])
    cancellation = Cancellation()
    assert engine.resume(store, run, [stopping(cancellation)], cancellation, environment) == IMPROVED
    assert all(json.loads(line) for line in path.read_text("utf-8").splitlines())
