"""Isolation seen from the engine: limits, a clean environment, the command around the worker, what this machine gives.

The worker and its children confine themselves (`worker/isolation`); this room prepares what has to surround them and
never runs a candidate. `detect` finds out by doing, for `secant doctor` and for the choice of a level.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from secant.functions.worker.isolation import secret_places
from secant.types import Frozen

_PROBE_SECONDS = 20
_KEPT = frozenset(
    {
        *("PATH", "LANG", "LANGUAGE", "TZ", "TERM", "COLUMNS", "LINES", "NO_COLOR", "USER", "LOGNAME", "SHELL"),
        *("PYTHONPATH", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONWARNINGS", "PYTHONSAFEPATH"),
        *("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT", "MPLBACKEND"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD",  # which plug-ins there are decides what a test means
    }
)
_NEVER = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONSTARTUP"})
# What root's file access stands on; bubblewrap takes every capability away unless it is named.
_ROOT_CAPABILITIES = ("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID")
_LOAD_FACILITIES = """
import importlib.machinery, importlib.util, sys
spec = importlib.machinery.ModuleSpec("_secant_worker", None, is_package=True)
spec.submodule_search_locations.append(sys.argv[1])
sys.modules[spec.name] = importlib.util.module_from_spec(spec)
from _secant_worker import facilities
facilities.main()
"""


class IsolationLevel(StrEnum):
    """How candidates are shut in, strongest first."""

    BUBBLEWRAP = "bubblewrap"
    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    RLIMITS = "rlimits"


class Limits(Frozen):
    """What one candidate may use, its subprocesses included where the unit allows it."""

    wall_seconds: float = Field(default=10.0, gt=0)
    cpu_seconds: int = Field(default=30, ge=1)
    memory_bytes: int = Field(default=2 << 30, ge=1 << 20)
    file_bytes: int = Field(default=64 << 20, ge=0)
    processes: int = Field(default=64, ge=1)
    open_files: int = Field(default=1024, ge=16)


class Facility(Frozen):
    """One thing a machine may offer. `reason` says why it does not work, or how it does; it may be empty."""

    name: str
    works: bool
    reason: str = ""


class IsolationReport(Frozen):
    """What this machine gives: every facility, the resulting level, and a warning where the level is the lowest."""

    level: IsolationLevel
    facilities: tuple[Facility, ...]
    warning: str = ""

    def works(self, name: str) -> bool:
        """Does the facility of this name work here? False for one that was not looked for."""
        return any(facility.works for facility in self.facilities if facility.name == name)


def environment(base: Mapping[str, str], *, scratch: Path, passed: Collection[str] = ()) -> dict[str, str]:
    """What a worker sees of `base`: no secrets, because only names known to be harmless or `passed` on request remain.

    HOME and the temporary folder lie in `scratch`, and are made. Bytecode is written (importing without it costs
    twice), and options meant for the person's own pytest runs are left out.
    """
    wanted = (_KEPT | frozenset(passed)) - _NEVER
    kept = {name: value for name, value in base.items() if name in wanted or name.startswith("LC_")}
    home, temporary = scratch / "home", scratch / "tmp"
    for folder in (home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    return kept | {"HOME": str(home), "TMPDIR": str(temporary), "TMP": str(temporary), "TEMP": str(temporary)}


def wrap(
    command: Sequence[str],
    *,
    scratch: Path,
    project: Path,
    writable: Sequence[Path] = (),
    level: IsolationLevel,
) -> list[str]:
    """The command that starts `command` at `level`: inside bubblewrap, or unchanged, as the worker then sees to itself.

    Inside, all files are read-only but `scratch` and `writable`; network, processes and shared memory are its own;
    it ends with this process; descriptors that are passed on keep working. It starts in `project`.
    """
    program = shutil.which("bwrap")
    if level is not IsolationLevel.BUBBLEWRAP or program is None:
        return list(command)
    needed = [folder.resolve() for folder in (project, scratch, *writable, Path(command[0]).parent)]
    arguments = _enclosure(program)
    for place in {Path(secret).resolve() for secret in secret_places(str(Path.home()))}:
        if place.exists() and not any(folder.is_relative_to(place) for folder in needed):
            arguments += ["--tmpfs", str(place)] if place.is_dir() else ["--ro-bind", os.devnull, str(place)]
    for folder in (scratch, *writable):
        arguments += ["--bind", str(folder.resolve()), str(folder.resolve())]
    return [*arguments, "--chdir", str(project.resolve()), "--", *command]


def _enclosure(program: str) -> list[str]:
    """bubblewrap and its options for every use: all files read-only; network, processes and shared memory its own."""
    arguments = [program, "--die-with-parent", "--new-session", "--unshare-net", "--unshare-ipc", "--unshare-pid"]
    arguments += ["--unshare-uts", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    if os.geteuid() == 0:
        arguments += ["--cap-drop", "ALL"]
        arguments += [word for name in _ROOT_CAPABILITIES for word in ("--cap-add", name)]
    return arguments


def detect(python: str | Path = sys.executable, *, search_path: str | None = None) -> IsolationReport:
    """What this machine gives a worker that runs in the interpreter `python`, found by doing.

    `search_path`: where bubblewrap is looked for, PATH by default. Never raises: what cannot be tried does not work.
    """
    facilities = (bubblewrap(search_path), *_inside(str(python)))
    works = {facility.name for facility in facilities if facility.works}
    confined = {"landlock", "seccomp"} <= works
    if "bubblewrap" in works:
        level = IsolationLevel.BUBBLEWRAP
    elif confined and {"network namespace", "file namespace"} <= works:
        level = IsolationLevel.NAMESPACES
    elif confined:
        level = IsolationLevel.LANDLOCK
    else:
        level = IsolationLevel.RLIMITS
    return IsolationReport(level=level, facilities=facilities, warning=_warning(level, facilities))


def _warning(level: IsolationLevel, facilities: Sequence[Facility]) -> str:
    if level is not IsolationLevel.RLIMITS:
        return ""
    lacking = [facility.name for facility in facilities if not facility.works]
    harm = "read your keys or change your files" + (" or use the network" if "seccomp" in lacking else "")
    return (
        "Candidates run here with limits on time, memory and file size, but with your rights to files: one that "
        f"misbehaves could {harm}. Missing: {', '.join(lacking)}. To shut candidates in, install bubblewrap "
        "(the package `bubblewrap` of your distribution) or use a kernel with Landlock (Linux 5.13 or later)."
    )


def bubblewrap(search_path: str | None = None) -> Facility:
    """Whether bubblewrap is there and can start: some distributions forbid it the namespaces that it needs."""
    name = "bubblewrap"
    program = shutil.which("bwrap", path=search_path)
    if program is None:
        return Facility(name=name, works=False, reason="bwrap is not on PATH")
    _, failure = _run([*_enclosure(program), "--", "/bin/sh", "-c", ":"])
    return Facility(name=name, works=not failure, reason=failure or program)


def _inside(python: str) -> tuple[Facility, ...]:
    """The facilities that the worker reaches by itself, tried in its own interpreter."""
    folder = Path(__file__).parent / "worker"
    output, reason = _run([python, "-I", "-c", _LOAD_FACILITIES, str(folder)])
    try:
        found: dict[str, str | None] = {} if reason else json.loads(output)
    except ValueError:
        found, reason = {}, f"{python} did not answer: {output[:200]}"
    if reason or not found:
        return (Facility(name="worker", works=False, reason=reason or f"{python} found nothing"),)
    return tuple(Facility(name=name, works=why is None, reason=why or "") for name, why in found.items())


def _run(command: Sequence[str]) -> tuple[str, str]:
    """A probe's output, and the reason if it failed."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    failure = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
    return done.stdout, failure[0] if done.returncode else ""
