"""Isolation from the engine's side: the environment, the command around the worker, what is detected and said of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from secant.functions import isolation
from secant.functions.isolation import Facility, IsolationLevel, Limits
from secant.functions.worker import isolation as worker
from secant.functions.worker import limits as worker_limits


def test_only_harmless_names_remain_in_the_environment(tmp_path: Path) -> None:
    base = {
        **{"PATH": "/bin", "LC_ALL": "C.UTF-8", "VIRTUAL_ENV": "/venv"},
        **{"AWS_SECRET_ACCESS_KEY": "1", "OPENAI_API_KEY": "2", "SSH_AUTH_SOCK": "3", "GITHUB_TOKEN": "4"},
    }
    seen = isolation.environment(base, scratch=tmp_path)
    assert {name: seen[name] for name in ("PATH", "LC_ALL", "VIRTUAL_ENV")} == {
        name: base[name] for name in ("PATH", "LC_ALL", "VIRTUAL_ENV")
    }
    assert set(seen) & {"AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY", "SSH_AUTH_SOCK", "GITHUB_TOKEN"} == set()


def test_a_person_who_loads_no_plugins_is_heard(tmp_path: Path) -> None:
    base = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    assert base.items() <= isolation.environment(base, scratch=tmp_path).items()


def test_a_project_may_pass_names_but_not_those_that_change_pytest(tmp_path: Path) -> None:
    base = {"DATABASE_URL": "sqlite://", "PYTEST_ADDOPTS": "-x", "PYTHONDONTWRITEBYTECODE": "1"}
    seen = isolation.environment(base, scratch=tmp_path, passed=base)
    assert seen["DATABASE_URL"] == "sqlite://"
    assert "PYTEST_ADDOPTS" not in seen
    assert "PYTHONDONTWRITEBYTECODE" not in seen


def test_home_and_temporary_files_lie_in_scratch(tmp_path: Path) -> None:
    seen = isolation.environment({"HOME": "/home/someone", "TMPDIR": "/elsewhere"}, scratch=tmp_path)
    for name in ("HOME", "TMPDIR", "TMP", "TEMP"):
        assert Path(seen[name]).is_relative_to(tmp_path)
        assert Path(seen[name]).is_dir()


def test_the_worker_knows_the_same_limits_with_the_same_defaults() -> None:
    assert Limits().model_dump() == worker_limits.Limits()._asdict()


@pytest.mark.parametrize("field", ["wall_seconds", "cpu_seconds", "memory_bytes", "processes", "open_files"])
def test_a_limit_of_nothing_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Limits.model_validate({field: 0})


def test_an_unknown_limit_in_a_request_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="megabytes"):
        worker.Sandbox(str(tmp_path), limits={"megabytes": 3})


@pytest.mark.parametrize("level", [level for level in IsolationLevel if level is not IsolationLevel.BUBBLEWRAP])
def test_the_command_stays_as_it_is_below_bubblewrap(tmp_path: Path, level: IsolationLevel) -> None:
    assert isolation.wrap(["python", "w.py"], scratch=tmp_path, project=tmp_path, level=level) == ["python", "w.py"]


def test_the_command_stays_as_it_is_where_bubblewrap_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    command = isolation.wrap(["python"], scratch=tmp_path, project=tmp_path, level=IsolationLevel.BUBBLEWRAP)
    assert command == ["python"]


def fake_bubblewrap(folder: Path, script: str) -> Path:
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_bubblewrap_encloses_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_bubblewrap(tmp_path, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    scratch, project, extra = tmp_path / "s", tmp_path / "p", tmp_path / "e"
    command = isolation.wrap(
        ["python", "w.py"], scratch=scratch, project=project, writable=[extra], level=IsolationLevel.BUBBLEWRAP
    )
    assert command[0] == str(program)
    assert command[-5:] == ["--chdir", str(project), "--", "python", "w.py"]
    assert {"--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session"} <= set(command)
    bound = [command[at + 1] for at, word in enumerate(command) if word == "--bind"]
    assert bound == [str(scratch), str(extra)]


def test_a_project_inside_a_secret_folder_is_not_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_bubblewrap(tmp_path, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    project = tmp_path / ".config" / "project"
    project.mkdir(parents=True)
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".netrc").write_text("secret")
    command = isolation.wrap(["python"], scratch=tmp_path / "scratch", project=project, level=IsolationLevel.BUBBLEWRAP)
    assert [command[at + 1] for at, word in enumerate(command) if word == "--tmpfs"].count(str(tmp_path / ".ssh")) == 1
    assert str(tmp_path / ".config") not in command
    assert command[command.index(str(tmp_path / ".netrc")) - 1] == os.devnull


def test_descriptors_pass_into_whatever_surrounds_the_worker(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as answers, os.fdopen(writer, "wb") as passed:
        command = isolation.wrap(
            [sys.executable, "-I", "-S", "-c", f"import os; os.write({passed.fileno()}, os.getcwd().encode())"],
            scratch=tmp_path,
            project=tmp_path,
            level=isolation.detect().level,
        )
        subprocess.run(command, pass_fds=[passed.fileno()], cwd=tmp_path, check=True)
        passed.close()
        assert answers.read() == str(tmp_path).encode()


def test_bubblewrap_that_does_not_work_is_reported_with_its_own_words(tmp_path: Path) -> None:
    fake_bubblewrap(tmp_path, "echo bwrap: no permission >&2; exit 1")
    report = isolation.detect(search_path=str(tmp_path))
    assert report.facilities[0] == Facility(name="bubblewrap", works=False, reason="bwrap: no permission")
    assert report.level is not IsolationLevel.BUBBLEWRAP


def test_a_missing_facility_has_a_reason_and_a_working_level_no_warning(tmp_path: Path) -> None:
    report = isolation.detect(search_path=str(tmp_path))
    assert not report.works("bubblewrap")
    assert all(facility.works or facility.reason for facility in report.facilities)
    assert bool(report.warning) == (report.level is IsolationLevel.RLIMITS)
    assert report.works("resource limits")


def test_an_interpreter_that_cannot_be_asked_gives_the_lowest_level_and_says_so(tmp_path: Path) -> None:
    report = isolation.detect(tmp_path / "python", search_path=str(tmp_path))
    assert report.level is IsolationLevel.RLIMITS
    assert "Missing: bubblewrap, worker" in report.warning
    assert "install bubblewrap" in report.warning


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ({"landlock": None, "seccomp": None, "network namespace": None, "file namespace": None}, "namespaces"),
        ({"landlock": None, "seccomp": None, "network namespace": "refused", "file namespace": None}, "landlock"),
        ({"landlock": None, "seccomp": None}, "landlock"),
        ({"landlock": None, "seccomp": "old kernel"}, "rlimits"),
        ({"landlock": "old kernel", "seccomp": None, "network namespace": None, "file namespace": None}, "rlimits"),
    ],
)
def test_the_level_follows_from_what_works(tmp_path: Path, answer: dict[str, str | None], level: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n")
    python.chmod(0o755)
    assert isolation.detect(python, search_path=str(tmp_path / "none")).level == level


def test_the_warning_speaks_of_the_network_only_where_it_is_open(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("""#!/bin/sh\necho '{"landlock": "old kernel", "seccomp": null}'\n""")
    python.chmod(0o755)
    assert "network" not in isolation.detect(python, search_path=str(tmp_path / "none")).warning
