"""Recorded runs replay the same under any PYTHONHASHSEED, as commands: those that a real reader answered, one of each
optimizer, to the same journal; and one whose tests print sets.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks.task_projects import Task, write_project
from secant.events import Finished, parse
from secant.journal import RunStore
from tests.optimizers.commands import Commands
from tests.zoo.models.gatherer import WHOLE
from tests.zoo.models.server import serving

RECORDED = (
    ("to_roman", "hessiangrad", "improved"),
    ("wrap", "textgrad", "improved"),
    ("share", "momentum", "improved"),
    ("paint", "sampling", "unchanged"),
)
CODES = {"improved": 0, "unchanged": 3}
MEASURED = {"seq", "time", "run", "seconds", "milliseconds", "path", "folder", "python", "replay"}
"""Fields that tell of the clock, or of where the run was. `seq` counts progress too, which comes by the clock."""
UNDER = ("0", "1")
"""Hash seeds."""


@pytest.fixture(scope="module")
def played(
    tmp_path_factory: pytest.TempPathFactory, commands_under: Callable[[str], Commands]
) -> dict[str, dict[str, Path]]:
    """The project of each run, by hash seed and optimizer. Both seeds at once."""
    folders: dict[str, dict[str, Path]] = {seed: {} for seed in UNDER}
    for name, optimizer, outcome in RECORDED:
        words = ("replay", str(Task(name).cassette(optimizer)), "--python", sys.executable, "--json")
        processes: list[subprocess.Popen[bytes]] = []
        for seed, own in folders.items():
            own[optimizer] = tmp_path_factory.mktemp(f"seed-{seed}") / name
            write_project(Task(name), own[optimizer])
            start = commands_under(seed)
            processes.append(start("secant", *words, cwd=own[optimizer], stdout=subprocess.DEVNULL))
        assert {process.wait() for process in processes} == {CODES[outcome]}
    return folders


@pytest.mark.parametrize(("name", "optimizer", "outcome"), RECORDED)
def test_a_recorded_run_is_played_to_its_end(
    played: dict[str, dict[str, Path]], name: str, optimizer: str, outcome: str
) -> None:
    last = finished(played["0"][optimizer])
    _, *lines = Task(name).cassette(optimizer).read_text(encoding="utf-8").splitlines()
    recorded = [json.loads(line) for line in lines]
    assert last.outcome == outcome, last.reason  # a request that was not recorded ends the run and is the reason
    assert last.usage["optimizer"].calls == sum(call.get("n", 1) for call in recorded) > 0


@pytest.mark.parametrize("optimizer", [optimizer for _, optimizer, _ in RECORDED])
def test_it_is_the_same_under_every_hash_seed(played: dict[str, dict[str, Path]], optimizer: str) -> None:
    projects = [played[seed][optimizer] for seed in ("0", "1")]
    one, other = (journal(project) for project in projects)
    assert one == other
    assert len(one) > 5
    assert finished(projects[0]).source == finished(projects[1]).source


def finished(project: Path) -> Finished:
    store = RunStore(project)
    (identity,) = store.ids()
    last = list(store.read(identity))[-1]
    assert isinstance(last, Finished), last
    return last


def journal(project: Path) -> list[dict[str, Any]]:
    """The events of the project's run, without what was measured by a clock and where it was."""
    store = RunStore(project)
    (identity,) = store.ids()
    text = store.path(identity).read_text(encoding="utf-8").replace(str(project), "PROJECT").replace(identity, "RUN")
    return [event(json.loads(re.sub(r"\bin [\d.]+ s\b", "in SECONDS s", line))) for line in text.splitlines()]


def event(read: dict[str, Any]) -> dict[str, Any]:
    if read["type"] == "tests_found":
        read["tests"] = sorted(read["tests"], key=str)  # they are told with the quickest first
    return {name: steady(each) for name, each in read.items() if name not in MEASURED}


def steady(value: object) -> object:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {name: steady(each) for name, each in fields.items() if name not in MEASURED}
    return [steady(each) for each in cast("list[object]", value)] if isinstance(value, list) else value


# A run whose tests print sets

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
def letters(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "letters.py").write_text(SOURCE)
    (tmp_path / "test_letters.py").write_text(TESTS)
    return tmp_path


def steadfast(value: Any) -> Any:
    """The value without what is volatile."""
    if isinstance(value, dict):
        return {name: steadfast(each) for name, each in value.items() if name not in VOLATILE}
    return [steadfast(each) for each in value] if isinstance(value, list) else value


def told(output: str) -> Sequence[Any]:
    """What was asked of the model, proposed, measured and found, in order."""
    kinds = {"model_called", "proposed", "evaluated", "updated", "confirmed"}
    return [
        steadfast(event.model_dump(mode="json", exclude={"seq"}))
        for event in map(parse, output.splitlines())
        if event.type in kinds
    ]


def test_a_run_whose_tests_print_sets_replays_the_same_under_every_hash_seed(
    letters: Path, commands_under: Callable[[str], Commands]
) -> None:
    def started(seed: str, *words: str) -> subprocess.Popen[str]:
        variables, pipe = {**os.environ, "OPENAI_API_KEY": KEY}, subprocess.PIPE
        start = commands_under(seed)
        return start("secant", *words, "--json", cwd=letters, env=variables, stdout=pipe, stderr=pipe, text=True)

    with serving("gatherer") as server:
        models = ("--model", "openai/small-model", "--base-url", server.base_url, "--key-variable", "OPENAI_API_KEY")
        words = ("optimize", "letters.py::vowels", "--optimizer", "textgrad", *models, "--record", "run.jsonl")
        output, errors = started(UNDER[0], *words).communicate()
    last = parse(output.splitlines()[-1])
    assert isinstance(last, Finished), errors
    assert last.source == WHOLE
    assert "frozenset({" in str([received.body for received in server.requests])
    replays = [started(seed, "replay", "run.jsonl") for seed in UNDER]
    outputs = [replay.communicate()[0] for replay in replays]
    assert [replay.returncode for replay in replays] == [0, 0]
    assert told(outputs[0]) == told(outputs[1])
    assert len([event for event in told(outputs[0]) if event["type"] == "model_called"]) == len(server.requests)
