"""The Python that stands for the user's: a virtual environment that holds pytest and nothing else.

A pytest that finds plug-ins imports them each time it starts, and a run starts it three times. The environment of this
repository has six of them; most projects have none or one, so that times taken there would tell of the plug-ins.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from benchmarks._support import ROOT


def plain_python() -> Path:
    """The interpreter of that environment, made under `build/` where it is not there yet."""
    folder = ROOT / "build" / f"plain-{sys.version_info.major}.{sys.version_info.minor}-pytest-{version('pytest')}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        venv.create(folder, clear=True, symlinks=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, f"pytest=={version('pytest')}"], check=True)
        ready.touch()
    return python
