"""The Python that runs the user's tests, found as an editor would find it.

What a person names is taken or refused, never replaced by a guess. What is found is taken where it has pytest. A
project with an environment of its own is never run by another Python: the tests would miss what is installed there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from secant.errors import InterpreterError
from secant.functions.project import Project
from secant.functions.pythons import candidates

OLDEST = (3, 9)
_PROBE_SECONDS = 20.0
_MARK = "secant-interpreter "
# Python 2 must understand this too, to say its version. The folder it starts in may hold a json.py: off the path.
# The version of pytest is read off the name of its metadata; importlib.metadata costs as much as all else here.
_PROBE = f"""
import sys
sys.path = [entry for entry in sys.path if entry]
import json
found = {{"version": list(sys.version_info[:3]), "prefix": sys.prefix, "executable": sys.executable}}
found["import_path"] = sys.path
try:
    from importlib.util import find_spec
    import os, re
    spec, held = find_spec("pytest"), []
    if spec:
        beside = os.listdir(os.path.dirname(os.path.dirname(spec.origin)))
        held = re.findall(r"^pytest-([0-9].*)\\.dist-info$", "\\n".join(beside), re.M)
    if spec and len(held) != 1:
        from importlib.metadata import version
        held = [version("pytest")]
    found["pytest_version"] = held[0] if spec else None
except Exception:  # because an environment can be broken in any way; what cannot be asked for has no pytest
    found["pytest_version"] = None
print("{_MARK}" + json.dumps(found))
"""


class Interpreter(BaseModel):
    """A Python that was run once and answered."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")

    path: Path
    """As it was found; a virtual environment's link is not followed, it would lead out of the environment."""
    version: tuple[int, int, int]
    prefix: Path
    pytest_version: str | None = None
    found: str = ""
    """How it was found, for a person: `.venv of the project`."""
    import_path: tuple[str, ...] = ()
    """Its `sys.path` before anything of a project is added: what is installed for editing shows here."""


def find_interpreter(
    project: Project,
    *,
    python: str | None = None,
    environment: Mapping[str, str],
    running: Path | None = None,
) -> Interpreter:
    """The first Python with pytest among: `python` (the option), `[tool.secant] python`, the active environment,
    `.venv`/`venv`/`env` of the project or above it, `.python-version`, the editor's settings, `running` (the Python
    that runs Secant) and python3 on PATH.

    Raises InterpreterError with what to do where there is none, and where a named one is missing, too old, or has no
    pytest.
    """
    without: list[Interpreter] = []
    own_without = False
    failures: list[InterpreterError] = []
    for candidate in candidates(project, python=python, environment=environment, running=running):
        if not candidate.own and own_without:
            break
        try:
            interpreter = probe(candidate.path, found=candidate.found, folder=project.root)
            if candidate.named or interpreter.pytest_version:
                return require_pytest(interpreter)
            without.append(interpreter)
            own_without = own_without or candidate.own
        except InterpreterError as error:
            if candidate.named:
                raise
            failures.append(error)
    if without:
        return require_pytest(without[0])
    if failures:
        raise failures[0]
    raise InterpreterError("no Python was found that could run the tests", hint="Name one: --python PATH.")


def find_python(project: Project, *, python: str | None, environment: Mapping[str, str]) -> Interpreter:
    """The first Python in the same order, for code that needs no pytest: checks, metrics. Raises InterpreterError."""
    for candidate in candidates(project, python=python, environment=environment, running=Path(sys.executable)):
        try:
            return probe(candidate.path, found=candidate.found, folder=project.root)
        except InterpreterError:
            if candidate.named:
                raise
    raise InterpreterError("no Python was found that could run the code that judges", hint="Name one: --python PATH.")


def require_pytest(interpreter: Interpreter) -> Interpreter:
    """The same interpreter. Raises InterpreterError where it cannot import pytest."""
    if interpreter.pytest_version is None:
        raise InterpreterError(
            f"this Python ({interpreter.found or 'as named'}) has no pytest",
            hint=f"Install it: {interpreter.path} -m pip install pytest\nOr name another Python: --python PATH.",
            where=str(interpreter.path),
        )
    return interpreter


def probe(path: Path, *, found: str = "", folder: Path | None = None, seconds: float = _PROBE_SECONDS) -> Interpreter:
    """Runs a Python once and asks what it is. Raises InterpreterError where it is not one that Secant can use."""
    reply = _asked(path, folder, seconds)
    marked = [line for line in reply.splitlines() if line.startswith(_MARK)]
    try:
        answer = json.loads(marked[-1].removeprefix(_MARK))
        version: tuple[int, int, int] = tuple(answer["version"])
        # A shim decides by the folder it is called in which Python it is: what it decided is kept.
        real = Path(answer["executable"]) if path.parent.name == "shims" and answer["executable"] else path
        interpreter = Interpreter(
            path=real,
            version=version,
            prefix=answer["prefix"],
            pytest_version=answer["pytest_version"],
            found=found,
            import_path=answer.get("import_path", ()),
        )
    except (IndexError, KeyError, TypeError, ValueError, ValidationError) as error:
        raise InterpreterError("this is not a Python", hint="Name one: --python PATH.", where=str(path)) from error
    if version < OLDEST:
        said, oldest = ".".join(map(str, version)), ".".join(map(str, OLDEST))
        raise InterpreterError(
            f"this is Python {said}, and tests need {oldest} or newer", hint="Name one: --python PATH.", where=str(path)
        )
    return interpreter


def _asked(path: Path, folder: Path | None, seconds: float) -> str:
    """What the interpreter prints."""
    hint = "Name a Python: --python PATH."
    if not path.exists():
        raise InterpreterError("there is no such interpreter", hint=hint, where=str(path))
    if path.is_dir() or not os.access(path, os.X_OK):
        raise InterpreterError("this is not an executable file", hint=hint, where=str(path))
    try:
        done = subprocess.run(
            [str(path), "-c", _PROBE],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            timeout=seconds,
            start_new_session=True,  # so that Ctrl-C in the terminal is ours alone to answer
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"this Python did not answer within {seconds:g} seconds"
        raise InterpreterError(message, hint=hint, where=str(path)) from error
    except OSError as error:
        raise InterpreterError(f"it cannot be run: {error.strerror}", hint=hint, where=str(path)) from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        raise InterpreterError(f"this Python does not start: {last}", hint=hint, where=str(path))
    return done.stdout.decode("utf-8", "replace")
