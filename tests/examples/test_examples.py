"""The project that a newcomer tries first: its wrong function is repaired as the documentation says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from secant import engine
from secant.cancellation import Cancellation
from secant.config import EvalRequest, OptimizeRequest
from secant.events import Event, Finished

EXAMPLES = Path(__file__).parents[2] / "examples"
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""A newcomer's, who has none of the plug-ins with which Secant is tested."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns(".secant", "__pycache__", ".pytest_cache")
    return shutil.copytree(EXAMPLES, tmp_path / "shop", ignore=ignored)


def tried(folder: Path) -> str:
    """The last line of a plain pytest."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().splitlines()[-1]


def test_the_wrong_function_is_repaired(shop: Path) -> None:
    assert "failed" in tried(shop)
    told: list[Event] = []
    request = OptimizeRequest(
        target="src/shop/pricing.py::order_total", folder=shop, python=sys.executable, apply=True, max_seconds=60
    )
    assert engine.optimize(request, [told.append], Cancellation(), ENVIRONMENT) == 0
    last = told[-1]
    assert isinstance(last, Finished)
    assert (last.goal, last.applied, last.tests.passed == last.tests.total) == ("fix", True, True)
    assert "failed" not in tried(shop)


def test_the_prompts_recorded_answers_are_scored(shop: Path) -> None:
    told: list[Event] = []
    request = EvalRequest(target="prompts/inbox.prompt.md", folder=shop)
    assert engine.optimize(request, [told.append], Cancellation(), ENVIRONMENT) == 0
    last = told[-1]
    assert isinstance(last, Finished) and last.score is not None
    assert (last.outcome, last.score.n, last.tests.passed) == ("scored", 24, 22)
