"""`secant doctor`: what this machine and this project give, each found by trying it. Runs no candidate and no test."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.text import Text

from secant import __version__
from secant.cli.failure import described, text
from secant.cli.terminal import clean, output_console
from secant.errors import SecantError
from secant.functions.interpreter import Interpreter, find_interpreter
from secant.functions.isolation import IsolationReport, detect
from secant.functions.project import Project, find_project
from secant.rewriting.ruff_fixes import ruff_program


def examine(folder: Path, python: str | None) -> bool:
    """Say everything; whether all that is essential is there. Raises ConfigError for an unreadable configuration."""
    console = output_console()
    _line(console, "Secant", f"{__version__} on Python {platform.python_version()}, {platform.platform(terse=True)}")
    supported = platform.system() == "Linux"
    if not supported:
        _line(console, "", "candidates run on Linux only, so far: use a Linux machine, WSL or a container", works=False)
    project = find_project(folder)
    configured = f" (pytest options in {project.config_file.name})" if project.config_file else ""
    _line(console, "Project", f"{project.root}{configured}")
    interpreter = _interpreter(console, project, python)
    confined = _isolation(console, detect(interpreter.path if interpreter else sys.executable))
    _tools(console)
    return supported and interpreter is not None and confined


def _interpreter(console: Console, project: Project, python: str | None) -> Interpreter | None:
    """Which Python would run the tests of this folder."""
    try:
        found = find_interpreter(project, python=python, environment=os.environ, running=Path(sys.executable))
    except SecantError as error:
        console.print(text(described(error)), soft_wrap=True)
        return None
    number = ".".join(map(str, found.version))
    _line(console, "Tests", f"run by {found.path} ({found.found})")
    _line(console, "", f"Python {number}, pytest {found.pytest_version}", works=True)
    return found


def _isolation(console: Console, found: IsolationReport) -> bool:
    """Every facility with its reason; whether a worker could be asked at all."""
    _line(console, "Isolation", f"level {found.level}")
    for facility in found.facilities:
        reason = f": {facility.reason}" if facility.reason else ""
        _line(console, "", f"{facility.name}{reason}", works=facility.works)
    if found.warning:
        console.print(Text(f"Warning    {found.warning}", style="yellow"), soft_wrap=True)
    return not any(facility.name == "worker" and not facility.works for facility in found.facilities)


def _tools(console: Console) -> None:
    """What helps and may be missing."""
    ruff = ruff_program()
    _line(console, "Tools", f"ruff {_version('ruff')}: {ruff}" if ruff else "ruff is missing: its fixes are not tried")
    generated = _version("hypothesis")
    lacking = "hypothesis is missing: candidates are compared on recorded calls only (pip install 'secant[fuzz]')"
    told = f"hypothesis {generated}" if generated else lacking
    _line(console, "", told, works=bool(generated))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _line(console: Console, label: str, value: str, *, works: bool | None = None) -> None:
    mark = ("", "") if works is None else ("✓ ", "green") if works else ("✗ ", "red")
    console.print(Text.assemble((f"{label:<11}", "bold"), mark, clean(value)), soft_wrap=True)
