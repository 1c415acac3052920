"""Runs that a real reader answered, played from their cassettes: one of each optimizer, twice, to the same journal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks.task_projects import Task, write_project
from secant.events import Finished
from secant.journal import RunStore

RECORDED = (
    ("to_roman", "hessiangrad", "improved"),
    ("wrap", "textgrad", "improved"),
    ("share", "momentum", "improved"),
    ("paint", "sampling", "unchanged"),
)
MEASURED = {"seq", "time", "run", "seconds", "milliseconds", "path", "folder", "python", "replay"}
"""Fields that tell of the clock, or of where the run was. `seq` counts progress too, which comes by the clock."""
PLAY = """
import os, sys
from pathlib import Path
from secant import engine
from secant.cancellation import Cancellation
from secant.cli.replay import request
for cassette, folder in zip(sys.argv[1::2], sys.argv[2::2]):
    asked = request(Path(cassette), Path(folder), sys.executable)
    engine.optimize(asked, [], Cancellation(), os.environ)
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """The project of each run, by hash seed and optimizer. Both seeds at once."""
    folders: dict[str, dict[str, Path]] = {"0": {}, "1": {}}
    processes: list[subprocess.Popen[bytes]] = []
    for seed, own in folders.items():
        arguments: list[str] = []
        for name, optimizer, _ in RECORDED:
            own[optimizer] = tmp_path_factory.mktemp(f"seed-{seed}") / name
            write_project(Task(name), own[optimizer])
            arguments += [str(Task(name).cassette(optimizer)), str(own[optimizer])]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        processes.append(subprocess.Popen([sys.executable, "-c", PLAY, *arguments], env=environment))
    assert [process.wait() for process in processes] == [0, 0]
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
