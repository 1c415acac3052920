"""How workers are started: where, with which environment and import path, and shut in by what."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from secant.functions.isolation import Facility, IsolationLevel, Limits
from secant.functions.launching import Launcher


def launcher(scratch: Path, **fields: object) -> Launcher:
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": "/own", "API_TOKEN": "secret", "NEEDED": "yes"}
    return Launcher(Path(sys.executable), scratch, base_environment=base, **fields)


def test_a_start_names_interpreter_folder_and_a_clean_environment(tmp_path: Path) -> None:
    launch = launcher(tmp_path, passed=["NEEDED"]).launch(tmp_path)
    assert launch.interpreter == Path(sys.executable)
    assert launch.cwd == tmp_path
    assert launch.environment["NEEDED"] == "yes"
    assert "API_TOKEN" not in launch.environment
    assert launch.environment["HOME"] == str(tmp_path / "home")


def test_an_import_path_goes_before_the_users_own(tmp_path: Path) -> None:
    starts = launcher(tmp_path)
    assert starts.launch(tmp_path, import_path=["/copy/src", "/copy"]).environment["PYTHONPATH"] == (
        os.pathsep.join(["/copy/src", "/copy", "/own"])
    )
    assert starts.launch(tmp_path).environment["PYTHONPATH"] == "/own"


@pytest.mark.parametrize(("passed", "seed"), [((), "0"), (("PYTHONHASHSEED",), "42")])
def test_the_order_of_sets_is_secants_unless_the_project_passes_a_seed(
    tmp_path: Path, passed: tuple[str, ...], seed: str
) -> None:
    base = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "42"}
    starts = Launcher(Path(sys.executable), tmp_path, base_environment=base, passed=passed)
    assert starts.launch(tmp_path).environment["PYTHONHASHSEED"] == seed


def test_a_start_may_have_a_scratch_folder_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own"
    launch = launcher(tmp_path).launch(tmp_path, scratch=own)
    assert launch.environment["TMPDIR"] == str(own / "tmp")
    assert launcher(tmp_path).sandbox(own)["writable"] == [str(own)]


@pytest.mark.parametrize("present", [True, False])
def test_bubblewrap_is_used_where_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: bool) -> None:
    found = Facility(name="bubblewrap", works=present)
    monkeypatch.setattr("secant.functions.launching.bubblewrap", lambda: found)
    monkeypatch.setattr("shutil.which", lambda *_, **__: "/usr/bin/bwrap")
    starts = launcher(tmp_path)
    command = starts.launch(tmp_path).wrap(["python", "-c", "pass"])
    assert (starts.level is IsolationLevel.BUBBLEWRAP) is present
    assert (command[0] == "/usr/bin/bwrap") is present
    assert list(command[-3:]) == ["python", "-c", "pass"]
    assert starts.sandbox()["namespaces"] is not present


def test_a_worker_is_told_its_limits_and_what_it_may_write(tmp_path: Path) -> None:
    limits = Limits(memory_bytes=1 << 28)
    told = launcher(tmp_path, limits=limits, home=Path("/home/somebody")).sandbox()
    assert told["writable"] == [str(tmp_path)]
    assert told["sandbox"]["limits"] == limits.model_dump()
    assert told["sandbox"]["home"] == "/home/somebody"
