"""The command line itself: quick to start, and `doctor`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_project import environment, run_secant
from typer.testing import CliRunner

from secant import __version__
from secant.cli import application
from secant.functions.isolation import detect
from tests.optimizers.commands import anew

HEAVY = ("secant.engine", "secant.functions", "secant.rewriting", "libcst", "hypothesis", "pytest", "rich.progress")


@pytest.mark.parametrize("words", [["--version"], ["optimize", "--help"]])
def test_what_needs_no_engine_does_not_load_it(words: list[str]) -> None:
    code = (
        "import sys\nfrom secant.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.splitlines()[-1].strip() == "loaded:"
    if words == ["--version"]:
        assert done.stdout.splitlines()[0] == f"secant {__version__}"


def test_doctor_names_interpreter_isolation_and_tools(project: Path) -> None:
    done = run_secant(anew, project, "doctor", "--python", sys.executable)
    assert done.returncode == 0, done.stdout
    found = detect(sys.executable)
    assert f"level {found.level}" in done.stdout
    for facility in found.facilities:
        assert f"{'✓' if facility.works else '✗'} {facility.name}" in done.stdout
    said = " ".join(done.stdout.split())
    assert f"Tests run by {sys.executable} (--python) ✓ Python 3." in said
    assert f"pytest {pytest.__version__}" in said
    assert str(project) in said
    assert "ruff" in said
    assert "hypothesis" in said


def test_doctor_fails_where_no_python_can_run_the_tests(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    result = CliRunner().invoke(application(), ["doctor", "--python", "no/such/python"])
    assert result.exit_code == 1
    assert "there is no such interpreter" in result.output
    assert "level" in result.output


def test_an_unreadable_configuration_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "pyproject.toml").write_text("[tool.secant\n")
    monkeypatch.chdir(project)
    for words in (["doctor"], ["runs"], ["show", "x"], ["resume", "x"], ["apply", "x"]):
        result = CliRunner().invoke(application(), words)
        assert result.exit_code == 2
        assert "pyproject.toml" in result.stderr


def test_without_a_command_the_help_is_printed() -> None:
    result = CliRunner().invoke(application(), [])
    assert "optimize" in result.output
