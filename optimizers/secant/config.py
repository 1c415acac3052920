"""What can be asked of a run: requests as plain, validated values. They are journaled as they are given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from secant.types import Frozen

Goal = Literal["auto", "fix", "faster"]


class OptimizeRequest(Frozen):
    """Optimize one function. Paths are as the user gave them, relative to `folder`."""

    target: str
    """`path.py::Qual.name` or `path.py:LINE`."""
    folder: Path
    goal: Goal = "auto"
    tests: tuple[str, ...] = ()
    """Paths or node ids; empty: they are searched for."""
    python: str | None = None
    optimizer: str = "rewrite"
    max_seconds: float | None = Field(default=None, gt=0)
    max_evaluations: int | None = Field(default=None, ge=0)
    seed: int = 0
    apply: bool = False
    tolerance: float = Field(default=1e-9, ge=0)
    """Relative difference of floats that still counts as the same result."""
    buffers: Mapping[str, str] = {}
    """Absolute path to unsaved text, as an editor holds it: the run sees these instead of the files on disk."""
    rejected: tuple[str, ...] = ()
    """Texts of the function that the user turned down: they are not proposed again."""

    @field_validator("buffers")
    @classmethod
    def _absolute(cls, buffers: Mapping[str, str]) -> Mapping[str, str]:
        for path in buffers:
            if not Path(path).is_absolute():
                raise ValueError(f"the buffer's path {path!r} is not absolute")
        return buffers
