"""Which Python runs the tests. The Pythons here are scripts that answer as one would; two tests ask a real one."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from secant.errors import InterpreterError
from secant.functions.interpreter import Interpreter, find_interpreter, probe
from secant.functions.project import Project
from secant.functions.settings import Settings


def python_at(path: Path, version: tuple[int, int, int] = (3, 12, 1), pytest_version: str | None = "8.4.0") -> Path:
    """A script that answers the probe."""
    answer = {
        "version": version,
        "prefix": str(path.parent.parent),
        "executable": f"{path}-real",
        "pytest_version": pytest_version,
    }
    return script_at(path, f"echo noise from a .pth file\necho 'secant-interpreter {json.dumps(answer)}'")


def script_at(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def environment_at(folder: Path, pytest_version: str | None = "8.4.0") -> Path:
    """A virtual environment's folder."""
    path = python_at(folder / "bin" / "python", pytest_version=pytest_version)
    (folder / "pyvenv.cfg").touch()
    return path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository, in a home folder of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "work" / "shop"
    folder.mkdir(parents=True)
    (tmp_path / "work" / ".git").mkdir()
    return folder


def found(
    root: Path,
    environment: Mapping[str, str] | None = None,
    *,
    python: str | None = None,
    running: Path | None = None,
    settings: Settings | None = None,
) -> Interpreter:
    project = Project(root=root, settings=settings or Settings())
    return find_interpreter(project, python=python, environment=environment or {}, running=running)


# --- asking one


def test_a_real_python_answers() -> None:
    interpreter = probe(Path(sys.executable), found="here")
    assert interpreter.version == sys.version_info[:3]
    assert interpreter.prefix == Path(sys.prefix)
    assert interpreter.pytest_version == pytest.__version__
    assert (interpreter.path, interpreter.found) == (Path(sys.executable), "here")


def test_a_module_in_the_working_folder_does_not_get_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('not the real one')\n")
    assert probe(Path(sys.executable), folder=tmp_path).version == sys.version_info[:3]


def test_a_shim_is_replaced_by_what_it_stands_for(tmp_path: Path) -> None:
    path = python_at(tmp_path / "shims" / "python")
    assert probe(path).path == Path(f"{path}-real")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo hello", "not a Python"),
        ("echo secant-interpreter nonsense", "not a Python"),
        ("echo 'secant-interpreter {}'", "not a Python"),
        ("echo 'ModuleNotFoundError: encodings' >&2; exit 1", "does not start: ModuleNotFoundError: encodings"),
        ("exit 7", "does not start: exit code 7"),
    ],
)
def test_what_is_no_python_is_refused(tmp_path: Path, script: str, message: str) -> None:
    path = script_at(tmp_path / "python", script)
    with pytest.raises(InterpreterError, match=message) as caught:
        probe(path)
    assert caught.value.where == str(path)
    assert "--python" in caught.value.hint


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 20)])
def test_an_old_python_is_refused_with_its_version(tmp_path: Path, version: tuple[int, int, int]) -> None:
    path = python_at(tmp_path / "python", version)
    with pytest.raises(InterpreterError, match=rf"this is Python {version[0]}\.{version[1]}\.\d+, .* 3\.9 or newer"):
        probe(path)


def test_a_python_that_hangs_is_given_up(tmp_path: Path) -> None:
    path = script_at(tmp_path / "python", "exec sleep 60")
    with pytest.raises(InterpreterError, match="did not answer"):
        probe(path, seconds=0.05)


def test_missing_folder_and_not_executable(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    for name, message in (("nowhere", "no such"), ("plain", "not an executable"), (".", "not an executable")):
        with pytest.raises(InterpreterError, match=message):
            probe(tmp_path / name)


def test_a_file_that_the_system_cannot_run(tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_bytes(b"\0\1")
    path.chmod(0o755)
    with pytest.raises(InterpreterError, match="cannot be run"):
        probe(path)


# --- finding one


def test_what_is_named_wins(root: Path) -> None:
    environment_at(root / ".venv")
    named = python_at(root.parent / "other" / "python")
    assert found(root, python=str(named)).path == named


def test_an_environments_folder_may_be_named(root: Path) -> None:
    path = environment_at(root.parent / "env312")
    assert found(root, python=str(path.parent.parent)).path == path


def test_a_command_may_be_named(root: Path) -> None:
    path = python_at(root / "tools" / "python3.12")
    assert found(root, {"PATH": str(path.parent)}, python="python3.12").path == path


def test_what_is_named_is_never_replaced_by_a_guess(root: Path) -> None:
    environment_at(root / ".venv")
    with pytest.raises(InterpreterError, match="no such interpreter"):
        found(root, python=str(root / "nowhere"))
    bare = python_at(root / "bare", pytest_version=None)
    with pytest.raises(InterpreterError, match="no pytest") as caught:
        found(root, python=str(bare))
    assert f"{bare} -m pip install pytest" in caught.value.hint


def test_the_settings_python_is_relative_to_their_file(root: Path) -> None:
    path = environment_at(root.parent / "envs" / "a")
    interpreter = found(root, settings=Settings(python="envs/a", folder=root.parent))
    assert (interpreter.path, interpreter.found) == (path, "[tool.secant] python")


def test_the_active_environment_comes_before_the_projects(root: Path) -> None:
    environment_at(root / ".venv")
    active = environment_at(root.parent / "active")
    assert found(root, {"VIRTUAL_ENV": str(root.parent / "active")}).path == active
    assert found(root, {"CONDA_PREFIX": str(root.parent / "active")}).path == active


def test_condas_base_comes_last(root: Path) -> None:
    own = environment_at(root / ".venv")
    base = environment_at(root.parent / "conda")
    conda = {"CONDA_PREFIX": str(base.parent.parent), "CONDA_DEFAULT_ENV": "base"}
    assert found(root, conda).path == own
    (root / ".venv" / "pyvenv.cfg").unlink()
    assert found(root, conda).path == base


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
def test_the_projects_environment_or_one_above_it(root: Path, name: str) -> None:
    above = environment_at(root.parent / name)
    assert found(root).path == above
    own = environment_at(root / name)
    assert (found(root).path, found(root).found) == (own, f"{name} of the project")


def test_nothing_above_the_repository_is_taken(root: Path) -> None:
    environment_at(root.parent.parent / ".venv")
    with pytest.raises(InterpreterError, match="no Python was found"):
        found(root)


def test_an_environment_without_pytest_gives_way_to_another_of_the_project(root: Path) -> None:
    environment_at(root / ".venv", pytest_version=None)
    second = environment_at(root / "venv")
    assert found(root).path == second


def test_but_not_to_a_python_of_the_machine(root: Path) -> None:
    own = environment_at(root / ".venv", pytest_version=None)
    machine = python_at(root.parent / "usr" / "python3")
    with pytest.raises(InterpreterError, match="no pytest") as caught:
        found(root, {"PATH": str(machine.parent)}, running=machine)
    assert f"{own} -m pip install pytest" in caught.value.hint


def test_files_that_say_where_the_environment_is(root: Path) -> None:
    path = environment_at(root.parent / "kept" / "shop-x1")
    (root / ".venv").write_text("../kept/shop-x1\n")
    assert found(root).path == path
    (root / ".venv").unlink()
    (root / ".pdm-python").write_text(f"{path}\n")
    assert found(root).path == path


@pytest.mark.parametrize(("wanted", "chosen"), [("3.12.1", "3.12.1"), ("3.12", "3.12.10"), ("shop-env", "shop-env")])
def test_the_version_that_pyenv_is_asked_for(root: Path, wanted: str, chosen: str) -> None:
    for name in ("3.11.9", "3.12.1", "3.12.9", "3.12.10", "shop-env"):
        python_at(root.parent / "pyenv" / "versions" / name / "bin" / "python")
    (root / ".python-version").write_text(f"{wanted}\n")
    path = found(root, {"PYENV_ROOT": str(root.parent / "pyenv")}).path
    assert path.parent.parent.name == chosen


@pytest.mark.parametrize("value", ["${workspaceFolder}/py/bin/python", "py", "${env:SHOP}/bin/python"])
def test_the_editors_setting(root: Path, value: str) -> None:
    path = environment_at(root / "py")
    settings = root / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(f'{{\n  // ours\n  "python.defaultInterpreterPath": "{value}",\n}}\n')
    assert found(root, {"SHOP": str(root / "py")}).path == path


def test_then_the_python_that_runs_secant_then_path(root: Path) -> None:
    running = python_at(root.parent / "secant" / "python")
    on_path = python_at(root.parent / "usr" / "python3")
    assert found(root, {"PATH": str(on_path.parent)}, running=running).path == running
    python_at(running, pytest_version=None)
    assert found(root, {"PATH": str(on_path.parent)}, running=running).found == "python3 on PATH"


def test_without_pytest_anywhere_the_first_is_named(root: Path) -> None:
    running = python_at(root.parent / "secant" / "python", pytest_version=None)
    with pytest.raises(InterpreterError, match="Secant\\) has no pytest"):
        found(root, running=running)


def test_a_broken_environment_is_passed_over_and_named_where_nothing_else_is(root: Path) -> None:
    script_at(root / ".venv" / "bin" / "python", "exit 1")
    (root / ".venv" / "pyvenv.cfg").touch()
    with pytest.raises(InterpreterError, match="does not start"):
        found(root)
