"""The tasks that no rule repairs: small projects below `tasks/`, and how a version of their function is judged.

A task is a folder `NAME/` with `NAME.py` and its function of the same name, the tests that a run sees
(`test_NAME.py`), and the tests that it does not see (`hidden_NAME.py`). `reference.py` passes both, so that they can be
passed; a run sees none of it. What is judged is judged by pytest in a fresh process, without the engine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

TASKS = Path(__file__).parent / "tasks"
CASSETTES = Path(__file__).parent / "cassettes"
_SECONDS = 60.0
"""For all tests of one file: an endless loop fails them all."""


class Score(NamedTuple):
    """Tests passed of all."""

    passed: int
    total: int

    @property
    def share(self) -> float:
        return self.passed / self.total if self.total else 0.0

    @property
    def all_passed(self) -> bool:
        return 0 < self.total == self.passed


class Task(NamedTuple):
    """One folder."""

    name: str

    @property
    def folder(self) -> Path:
        return TASKS / self.name

    @property
    def target(self) -> str:
        return f"{self.name}.py::{self.name}"

    @property
    def module(self) -> str:
        """The text of the module as it is."""
        return (self.folder / f"{self.name}.py").read_text(encoding="utf-8")

    @property
    def reference(self) -> str:
        """The text of a module that passes every test."""
        return (self.folder / "reference.py").read_text(encoding="utf-8")

    def cassette(self, optimizer: str) -> Path:
        """Where the recording of an optimizer's run on it is kept."""
        return CASSETTES / f"{self.name}.{optimizer}.jsonl"


def tasks() -> list[Task]:
    """All of them in the order of their names."""
    return [Task(file.parent.name) for file in sorted(TASKS.glob("*/reference.py"))]


def write_project(task: Task, folder: Path) -> None:
    """What a run may see: the module and its visible tests. The folder is made."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    for name in (f"{task.name}.py", f"test_{task.name}.py"):
        shutil.copyfile(task.folder / name, folder / name)


def visible(task: Task, module: str, python: Path) -> Score:
    """How many of the tests that a run sees pass with this text of the module."""
    return _passed(task, module, f"test_{task.name}.py", python)


def hidden(task: Task, module: str, python: Path) -> Score:
    """How many of those that it does not see."""
    return _passed(task, module, f"hidden_{task.name}.py", python)


def _passed(task: Task, module: str, tests: str, python: Path) -> Score:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / f"{task.name}.py").write_text(module, encoding="utf-8")
        shutil.copyfile(task.folder / tests, folder / tests)
        score = _counted(folder, tests, python)
        if score is not None:
            return score
        (folder / f"{task.name}.py").write_text(task.reference, encoding="utf-8")
        total = _counted(folder, tests, python)
        return Score(0, total.total if total is not None else 0)


def _counted(folder: Path, tests: str, python: Path) -> Score | None:
    """None where pytest itself came to no end, or to no tests."""
    command = [str(python), "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", "--junitxml=score.xml", tests]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False)
        suite = ET.parse(folder / "score.xml").getroot().find("testsuite")
    except (subprocess.TimeoutExpired, OSError, ET.ParseError):
        return None
    if suite is None or len(suite) < 2:  # a module that cannot be imported is one error
        return None
    lost = sum(int(suite.get(kind, "0")) for kind in ("failures", "errors", "skipped"))
    return Score(len(suite) - lost, len(suite))
