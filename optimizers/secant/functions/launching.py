"""How a worker or a cold run is started: its scratch folder, environment, wrapper and sandbox, in one place.

Python orders sets of strings by a seed that it draws anew for every process. Here it is fixed: failures are shown to a
model, and a failure that prints a set must read the same in every run, or nothing could be replayed. What is looked at
twice is looked at under two seeds, so that a result which hangs on the order of a set is found out: workers run under
one, cold runs (the baseline's, and each confirmation) under another, and a test on which they disagree is run cold
under the workers' as well. The seed of whoever started Secant counts only where the project passes it on
(`pass-environment`): a recorded run is to replay under any.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from secant.functions.isolation import IsolationLevel, Limits, bubblewrap, environment, wrap
from secant.functions.process import Launch, OneShot

HASH_SEED = "PYTHONHASHSEED"
WARM_SEED = "0"
"""Of the workers, which judge candidates by the thousand."""
COLD_SEED = "1"
"""Of cold runs."""


class Launcher:
    """Starts processes of the user's interpreter for one run; everything that they may write lies in `scratch`."""

    def __init__(
        self,
        interpreter: Path,
        scratch: Path,
        *,
        base_environment: Mapping[str, str],
        passed: Collection[str] = (),
        limits: Limits = Limits(),  # noqa: B008 an immutable default
        home: Path | None = None,
        copies: Path | None = None,
    ) -> None:
        """`copies` is where a copy of the project may stand: outside of `scratch` it is as read-only as the project."""
        self.scratch = scratch
        self.copies = copies or scratch
        self._interpreter = interpreter
        self._limits = limits
        self._home = home or Path.home()
        self._base = base_environment
        self._passed = passed
        self.level = IsolationLevel.BUBBLEWRAP if bubblewrap().works else IsolationLevel.NAMESPACES

    def launch(
        self, cwd: Path, *, scratch: Path | None = None, import_path: Sequence[str] = (), hash_seed: str = WARM_SEED
    ) -> Launch:
        """A start in `cwd`; `import_path` goes before the user's own PYTHONPATH."""
        place = scratch or self.scratch
        variables = {HASH_SEED: hash_seed, **environment(self._base, scratch=place, passed=self._passed)}
        if import_path:
            own = variables.get("PYTHONPATH", "")
            variables["PYTHONPATH"] = os.pathsep.join([*import_path, *([own] if own else [])])

        def wrapped(command: Sequence[str]) -> Sequence[str]:
            return wrap(command, scratch=place, project=cwd, level=self.level)

        return Launch(interpreter=self._interpreter, cwd=cwd, environment=variables, wrap=wrapped)

    def withheld(self, text: str) -> list[str]:
        """The environment variables that `text` names and that workers do not see."""
        seen = environment(self._base, scratch=self.scratch, passed=self._passed)
        return [name for name in self._base if name not in seen and re.search(rf"\b{re.escape(name)}\b", text)]

    def sandbox(self, scratch: Path | None = None) -> dict[str, Any]:
        """The part of a request that says how to confine; the worker's own room documents the fields."""
        place = str(scratch or self.scratch)
        return {
            "namespaces": self.level is not IsolationLevel.BUBBLEWRAP,
            "writable": [place],
            "scratch": place,
            "sandbox": {
                "scratch": place,
                "readable": [str(self._interpreter.parent.parent)],
                "home": str(self._home),
                "limits": self._limits.model_dump(),
            },
        }

    def cold(
        self, cwd: Path, scratch: Path, request: Mapping[str, Any], import_path: Sequence[str], hash_seed: str
    ) -> OneShot:
        """Start one cold run in `cwd`, a copy of the project inside `scratch`."""
        launch = self.launch(cwd, scratch=scratch, import_path=import_path, hash_seed=hash_seed)
        return OneShot(launch, scratch / "output.log", {**request, **self.sandbox(scratch)})
