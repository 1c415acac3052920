"""A small project and the command as a person would run it. The engine behind it is the real one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from secant.events import Event, parse
from tests.optimizers.commands import Starting

SOURCE = b'''"""Bounds of values."""\r
\r
\r
def clamp(value, low, high):\r
    """The value, moved into the bounds."""\r
    if value < low:\r
        return low\r
    if value > high:\r
        return low  # wrong\r
    return value\r
\r
\r
def twice(value):\r
    return value + value'''
"""Windows line ends, and none at the end of the file: an edit must keep both."""

TESTS = """
from bounds import clamp, twice


def test_inside():
    assert clamp(2, 1, 3) == 2


def test_below():
    assert clamp(0, 1, 3) == 1


def test_above():
    assert clamp(9, 1, 3) == 3


def test_twice():
    assert twice(2) == 4
"""


def make_project(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (folder / "bounds.py").write_bytes(SOURCE)
    (folder / "test_bounds.py").write_text(TESTS)
    return folder


def environment() -> dict[str, str]:
    """Of a pipe: no colours and no width, whatever the person's own terminal says."""
    dropped = {"COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


def run_secant(start: Starting, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command, carried out."""
    pipe = subprocess.PIPE
    with start("secant", *words, cwd=folder, env=environment(), stdout=pipe, stderr=pipe, text=True) as process:
        output, errors = process.communicate(timeout=120)
    return subprocess.CompletedProcess([*words], process.returncode, output, errors)


def start_secant(start: Starting, folder: Path, *words: str) -> subprocess.Popen[str]:
    return start(
        "secant",
        *words,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pipesize=4096,  # the run cannot get far ahead of who reads it, however busy the machine is
    )


def until(process: subprocess.Popen[str], wanted: str) -> Event:
    """Reads the process's events up to the first of a type."""
    assert process.stdout is not None
    for line in process.stdout:
        event = parse(line)
        if event.type == wanted:
            return event
    raise AssertionError(f"there was no {wanted} event; stderr: {process.stderr.read() if process.stderr else ''}")


def events(output: str) -> Sequence[Event]:
    """Every line must be an event."""
    return [parse(line) for line in output.splitlines()]
