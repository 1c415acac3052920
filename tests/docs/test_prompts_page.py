"""The page about prompts counts as the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from secant.registry import Registry
from secant.types import Task

PAGE = Path(__file__).parents[2] / "docs" / "prompts.md"
ROWS = dict(
    re.findall(r"^\| ((?:`\w+`(?: \(default\))?,? ?)+)\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
)
ASKED = {name: int(calls) for names, calls in ROWS.items() for name in re.findall(r"`(\w+)`", names)}


@pytest.mark.parametrize("name", ["gpo", "opro", "gepa", "hessiangrad", "textgrad", "momentum", "sampling"])
def test_the_calls_of_a_step_are_those_of_the_optimizer(name: str) -> None:
    calls = Registry().create(name).step_calls(Task(kind="prompt", goal="", description=""))
    assert ASKED[name] == calls.versions + calls.critiques
