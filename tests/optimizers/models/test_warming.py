"""What a run's first request needs is loaded beforehand, and nothing that another way of asking would need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from secant.models.contract import ModelSettings
from secant.models.warming import warm
before = "secant.models.gateway" in sys.modules
warm([ModelSettings(model=sys.argv[1])]).join()
print(json.dumps([before, *(name in sys.modules for name in ("secant.models.gateway", "aiohttp", "litellm"))]))
"""


@pytest.mark.parametrize(("model", "short"), [("openai/small-model", True), ("deepseek/small-model", False)])
def test_the_libraries_of_the_models_are_loaded(model: str, short: bool) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, model], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [False, True, short, False]
