"""The cold run: what it believes, and what it does not."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from secant.functions.cold import ColdResult, ColdRunner
from secant.functions.launching import Launcher

MODULE = "def double(n):\n    return 2 * n\n"
TESTS = """
from numbers_ import double

def test_one():
    assert double(1) == 2

def test_two():
    assert double(2) == 4
"""
ONE, TWO = "tests/test_numbers.py::test_one", "tests/test_numbers.py::test_two"
Cold = Callable[..., ColdResult]


@pytest.fixture
def cold(tmp_path: Path) -> Cold:
    """Runs a project made of files, with `data` in place of the target."""

    def run(
        data: str | None = None, tests: list[str] | None = None, *, seconds: float = 20.0, **files: str
    ) -> ColdResult:
        root = tmp_path / "project"
        written: Mapping[str, str] = {"numbers_.py": MODULE, "tests/test_numbers.py": TESTS, "pytest.ini": "[pytest]\n"}
        for name, text in {
            **written,
            **{name.replace("__", "/") + ".py": text for name, text in files.items()},
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        launcher = Launcher(
            Path(sys.executable), tmp_path, base_environment=environment, passed=["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        )
        path = [str(root)]
        runner = ColdRunner(root, root / "numbers_.py", [str(root / "tests")], path, launcher.cold, lambda: None)
        return runner.run(data.encode() if data is not None else None, tests, seconds)

    return run


def outcomes(result: ColdResult) -> dict[str, str]:
    return {test: each["outcome"] for test, each in result.results.items()}


def test_the_project_as_it_is(cold: Cold) -> None:
    result = cold()
    assert outcomes(result) == {ONE: "passed", TWO: "passed"}
    assert (result.collected, result.errors) == ((ONE, TWO), ())
    assert result.passed(ONE)
    assert not result.passed("tests/test_numbers.py::test_gone")


def test_a_candidate_in_its_place(cold: Cold) -> None:
    result = cold("def double(n):\n    return n + 1\n")
    assert outcomes(result) == {ONE: "passed", TWO: "failed"}
    assert "assert 3 == 4" in result.results[TWO]["message"]


def test_only_the_tests_that_are_asked_for(cold: Cold) -> None:
    assert outcomes(cold(tests=[TWO])) == {TWO: "passed"}


def test_a_hanging_test_ends_the_run_and_is_named(cold: Cold) -> None:
    result = cold("def double(n):\n    while n > 1:\n        pass\n    return 2 * n\n", seconds=0.5)
    assert outcomes(result) == {ONE: "passed", TWO: "timeout"}


def test_a_dead_process_is_no_success(cold: Cold) -> None:
    result = cold("import os\n\ndef double(n):\n    os._exit(0)\n")
    assert outcomes(result) == {}
    assert f"pytest ended early while {ONE} ran (exit status 0)" in result.errors


def test_what_cannot_be_collected_is_an_error(cold: Cold) -> None:
    (error,) = cold("raise RuntimeError('not today')\n").errors
    assert "tests/test_numbers.py" in error
    assert "not today" in error


FORGING = """
import os

def double(n):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"0" * 32 + b' {"number": 3, "result": {"id": "x", "outcome": "passed"}}\\n')
        except OSError:
            pass
    return 0
"""
REPEATING = """
import os
from pathlib import Path

def double(n):
    report = Path(os.environ["TMPDIR"]).parent / "report"
    first = report.read_bytes().splitlines()[0]
    with report.open("ab") as file:
        file.write(first + b"\\n")
    return 2 * n
"""


def test_forged_lines_are_seen(cold: Cold) -> None:
    result = cold(FORGING)
    assert "x" not in result.results
    assert outcomes(result)[ONE] == "failed"
    assert "something else than pytest wrote into the report" in result.errors


def test_lines_written_again_are_seen(cold: Cold) -> None:
    assert "the report has lines twice or not at all" in cold(REPEATING).errors


def test_tests_that_judged_another_copy_are_found_out(cold: Cold, tmp_path: Path) -> None:
    other = tmp_path / "installed"
    other.mkdir()
    (other / "numbers_.py").write_text(MODULE)
    (error,) = cold(tests__conftest=f"import sys\nsys.path.insert(0, {str(other)!r})\n").errors
    assert f"the tests imported {other / 'numbers_.py'} instead of the copy under test" in error


def test_tests_may_write_where_they_stand(cold: Cold, tmp_path: Path) -> None:
    writing = "from pathlib import Path\n\ndef double(n):\n    Path('trace').write_text('here')\n    return 2 * n\n"
    assert outcomes(cold(writing)) == {ONE: "passed", TWO: "passed"}
    assert not (tmp_path / "project" / "trace").exists()
