"""The prompts whose optimizers are compared, with their cases and budgets. Reads `prompt_tasks/`, runs nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parent / "prompt_tasks"
CASSETTES = Path(__file__).parent / "cassettes"


class Task(NamedTuple):
    """One prompt file beside its cases; its cassettes are named after it."""

    name: str
    folder: str
    """In `prompt_tasks/`."""
    most_calls: int
    """Of a run, those of the prompt itself and of the optimizer together, the held-out cases included."""
    looks: tuple[int, ...]
    """Numbers of calls at which the best so far is reported."""

    @property
    def prompt(self) -> str:
        return f"{self.name}.prompt.md"

    def cases(self) -> Sequence[Mapping[str, str]]:
        """Its inputs with their answers and splits."""
        lines = (HOME / self.folder / f"{self.name}.eval.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def project(self, folder: Path) -> Path:
        """A folder with the prompt and its cases, as a user has them."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in (HOME / self.folder).glob(f"{self.name}.*"):
            shutil.copy(file, folder)
        return folder

    def cassette(self, optimizer: str) -> Path:
        return CASSETTES / f"{self.name}.{optimizer}.jsonl"


ROUTE = Task("route", "tickets", 210, (60, 100, 140))
"""Enough for one whole step of each: OPRO's first is over with 140, and the held-out cases take 56."""
CLAIM = Task("claim", "household", 420, (100, 200, 300))
"""The held-out cases take 80, OPRO's first step 200."""
TASKS: Mapping[str, Task] = {task.name: task for task in (ROUTE, CLAIM)}
