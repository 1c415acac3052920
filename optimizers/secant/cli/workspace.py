"""Which runs a command means: those of the project that the current folder belongs to."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from secant.functions.project import find_project
from secant.journal import RunStore


def run_store() -> RunStore:
    """The runs of the current folder's project. Raises ConfigError where a configuration cannot be read."""
    return RunStore(workspace(Path.cwd()))


def workspace(path: Path) -> Path:
    """Where the runs of a file or folder are kept, as the engine decides it for a new one."""
    return Path(os.path.realpath(find_project(path).root))


def command(words: str, path: Path) -> str:
    """A command on a run of the function in `path`, as it must be typed in the current folder."""
    here, there = workspace(Path.cwd()), workspace(path)
    if here == there:
        return words
    return f"cd {shlex.quote(os.path.relpath(there))} && {words}"
