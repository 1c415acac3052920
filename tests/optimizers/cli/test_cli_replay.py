"""A recorded run replays to the byte under any PYTHONHASHSEED, although its tests print sets: real commands."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from small_project import environment, events

from secant.events import Finished
from tests.optimizers.commands import anew
from tests.zoo.models.gatherer import WHOLE
from tests.zoo.models.server import serving

KEY = "test-key-50ad3c19be7742d8"
SOURCE = '''def vowels(text):
    """The vowels of a text."""
    return frozenset(text)
'''
TESTS = """from letters import vowels


def test_set():
    assert set(vowels("performance")) == {"a", "e", "o"}


def test_frozen_set():
    assert vowels("strawberry cranberry blueberry") == frozenset("aeu")


def test_dictionary():
    assert {"found": vowels("windy valley way"), "words": 3} == {"found": {"a", "e", "i"}, "words": 3}
"""
VOLATILE = frozenset({"run", "time", "seconds", "milliseconds", "usage"})
"""What depends on the clock or names the run."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "letters.py").write_text(SOURCE)
    (tmp_path / "test_letters.py").write_text(TESTS)
    return tmp_path


def started(folder: Path, seed: str, *words: str) -> subprocess.Popen[str]:
    variables = {**environment(), "OPENAI_API_KEY": KEY, "PYTHONHASHSEED": seed}
    pipe = subprocess.PIPE
    return anew("secant", *words, "--json", cwd=folder, env=variables, stdout=pipe, stderr=pipe, text=True)


def steadfast(value: Any) -> Any:
    """The value without what is volatile."""
    if isinstance(value, dict):
        return {name: steadfast(each) for name, each in value.items() if name not in VOLATILE}
    return [steadfast(each) for each in value] if isinstance(value, list) else value


def told(output: str) -> Sequence[Any]:
    """What was asked of the model, proposed, measured and found, in order."""
    kinds = {"model_called", "proposed", "evaluated", "updated", "confirmed"}
    return [
        steadfast(event.model_dump(mode="json", exclude={"seq"})) for event in events(output) if event.type in kinds
    ]


def test_a_run_whose_tests_print_sets_replays_the_same_under_every_hash_seed(folder: Path) -> None:
    with serving("gatherer") as server:
        models = ("--model", "openai/small-model", "--base-url", server.base_url, "--key-variable", "OPENAI_API_KEY")
        words = ("optimize", "letters.py::vowels", "--optimizer", "textgrad", *models, "--record", "run.jsonl")
        output, errors = started(folder, "7", *words).communicate()
    last = events(output)[-1]
    assert isinstance(last, Finished), errors
    assert last.source == WHOLE
    assert "frozenset({" in str([received.body for received in server.requests])
    replays = [started(folder, seed, "replay", "run.jsonl") for seed in ("0", "1")]
    outputs = [replay.communicate()[0] for replay in replays]
    assert [replay.returncode for replay in replays] == [0, 0]
    assert told(outputs[0]) == told(outputs[1])
    assert len([event for event in told(outputs[0]) if event["type"] == "model_called"]) == len(server.requests)
