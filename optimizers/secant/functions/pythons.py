"""The places where a project's Python may lie, in the order in which an editor would look. Runs none of them."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from secant.functions.project import Project, absolute

_EXECUTABLES = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")
_VSCODE_PYTHON = re.compile(r'"python\.(?:defaultInterpreterPath|pythonPath)"\s*:\s*("(?:[^"\\]|\\.)*")')
_VARIABLE = re.compile(r"\$\{(env:)?(\w+)\}")


class Candidate(NamedTuple):
    """A place where a Python may be."""

    path: Path
    found: str
    named: bool = False
    """A person asked for this one: it is used or refused."""
    own: bool = True
    """It belongs to this project or shell, not to the machine."""


def candidates(
    project: Project, *, python: str | None, environment: Mapping[str, str], running: Path | None
) -> Iterator[Candidate]:
    """The places in their order; a named one ends the search."""
    if python is not None:
        yield _named(python, Path.cwd(), "--python", environment)
        return
    if project.settings.python is not None:
        folder = project.settings.folder or project.root
        yield _named(project.settings.python, folder, "[tool.secant] python", environment)
        return
    yield from _active(environment)
    for folder in _folders(project.root):
        yield from _environments(folder, project.root)
    yield from _pyenv(project.root, environment)
    yield from _vscode(project.root, environment)
    if environment.get("CONDA_DEFAULT_ENV") == "base":
        yield from _inside(Path(environment.get("CONDA_PREFIX", "")), "conda's base environment", own=False)
    if running is not None:
        yield Candidate(running, "the Python that runs Secant", own=False)
    for name in ("python3", "python"):
        found = shutil.which(name, path=environment.get("PATH", ""))
        if found:
            yield Candidate(Path(found), f"{name} on PATH", own=False)


def _named(text: str, folder: Path, found: str, environment: Mapping[str, str]) -> Candidate:
    """A path, a folder of an environment, or a command on PATH."""
    on_path = None if {"/", os.sep} & set(text) else shutil.which(text, path=environment.get("PATH", ""))
    path = absolute(folder / Path(text).expanduser())
    if on_path and not path.exists():
        return Candidate(Path(on_path), found, named=True)
    inside = next(_inside(path, found), None) if path.is_dir() else None
    return Candidate(inside.path if inside else path, found, named=True)


def _inside(prefix: Path, found: str, *, own: bool = True) -> Iterator[Candidate]:
    """The Python of an environment's folder."""
    for name in _EXECUTABLES:
        if (prefix / name).exists():
            yield Candidate(absolute(prefix / name), found, own=own)
            return


def _active(environment: Mapping[str, str]) -> Iterator[Candidate]:
    """The environment that the shell has active. conda's base always is, which says nothing about the project."""
    if environment.get("VIRTUAL_ENV"):
        yield from _inside(Path(environment["VIRTUAL_ENV"]), "the active virtual environment")
    if environment.get("CONDA_PREFIX") and environment.get("CONDA_DEFAULT_ENV") != "base":
        yield from _inside(Path(environment["CONDA_PREFIX"]), "the active conda environment")


def _folders(root: Path) -> Iterator[Path]:
    """The root and the folders above it, up to the top of its repository or below the home folder."""
    home = Path.home()
    for folder in (root, *root.parents):
        if folder in (home, Path(folder.anchor)) and folder != root:
            return
        yield folder
        if (folder / ".git").exists():
            return


def _environments(folder: Path, root: Path) -> Iterator[Candidate]:
    """Environments that lie in a folder, and files that say where one lies (pipenv's `.venv`, `.pdm-python`)."""
    owner = "of the project" if folder == root else f"in {folder}"
    for name in (".venv", "venv", "env"):
        path = folder / name
        if path.is_file():
            yield from _inside(folder / _first_line(path), f"{name} {owner}")
        elif (path / "pyvenv.cfg").exists() or (path / "conda-meta").is_dir():
            yield from _inside(path, f"{name} {owner}")
    if (folder / ".pdm-python").is_file():
        path = absolute(folder / _first_line(folder / ".pdm-python"))
        if path.is_file():
            yield Candidate(path, f".pdm-python {owner}")


def _pyenv(root: Path, environment: Mapping[str, str]) -> Iterator[Candidate]:
    """The version that `.python-version` asks for, where pyenv has it; `3.12` means its newest 3.12."""
    file = next(
        (folder / ".python-version" for folder in _folders(root) if (folder / ".python-version").is_file()), None
    )
    if file is None:
        return
    versions = Path(environment.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    wanted = _first_line(file)
    if not wanted or not versions.is_dir():
        return
    near = [path for path in versions.iterdir() if path.name == wanted or path.name.startswith(f"{wanted}.")]
    for path in sorted(near, key=_numbers, reverse=True)[:1]:
        yield from _inside(path, f".python-version ({wanted}, pyenv)")


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.name)]


def _vscode(root: Path, environment: Mapping[str, str]) -> Iterator[Candidate]:
    """The editor's setting. Its file is JSON with comments, so the one entry is picked out of the text."""
    for folder in _folders(root):
        file = folder / ".vscode" / "settings.json"
        match = _VSCODE_PYTHON.search(file.read_text("utf-8", "replace")) if file.is_file() else None
        if match is None:
            continue
        path = absolute(folder / Path(_substituted(json.loads(match[1]), folder, environment)).expanduser())
        if path.is_dir():
            yield from _inside(path, ".vscode/settings.json")
        elif path.exists():
            yield Candidate(path, ".vscode/settings.json")


def _substituted(text: str, folder: Path, environment: Mapping[str, str]) -> str:
    """The text with `${workspaceFolder}` and `${env:NAME}` filled in; other variables stay as they are."""

    def value(match: re.Match[str]) -> str:
        if match[1]:
            return environment.get(match[2], "")
        return str(folder) if match[2] in ("workspaceFolder", "workspaceRoot") else match[0]

    return _VARIABLE.sub(value, text)


def _first_line(path: Path) -> str:
    return (path.read_text("utf-8", "replace").strip().splitlines() or [""])[0].strip()
