"""What the user turned down is not proposed again: neither measured nor offered, and that is said."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from secant import engine
from secant.cancellation import Cancellation
from secant.config import OptimizeRequest
from secant.events import Evaluated, Event, Finished, Notice, Proposed
from secant.screening import Screen
from secant.types import Artifact, Part, Proposal

pytestmark = pytest.mark.usefixtures("preloaded_workers")

RANGES = """\
def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return low
    return value
"""
TESTS = """\
from ranges import clamp

def test_above():
    assert clamp(11, 0, 10) == 10

def test_below():
    assert clamp(-3, 0, 10) == 0
"""


def run(folder: Path, *rejected: str, **fields: Any) -> list[Any]:
    for name, text in {"pytest.ini": "[pytest]\n", "ranges.py": RANGES, "test_ranges.py": TESTS}.items():
        (folder / name).write_text(text)
    events: list[Event] = []
    request = OptimizeRequest(target="ranges.py::clamp", folder=folder, rejected=rejected, **fields)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    engine.optimize(request, [events.append], Cancellation(), environment)
    return events


def of(events: list[Any], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return run(tmp_path_factory.mktemp("first"), max_evaluations=150)[-1]


def test_a_winner_that_was_turned_down_is_not_offered_again(tmp_path: Path, first: Finished) -> None:
    """As an editor may hand it back: with Windows line ends, and none at the end."""
    assert first.outcome == "improved"
    events = run(tmp_path, first.source.replace("\n", "\r\n").rstrip(), max_evaluations=150)
    second = events[-1]
    assert second.outcome == "improved"
    assert first.artifact not in {second.artifact, *(each.artifact for each in second.alternatives)}
    assert first.artifact not in {event.artifact for event in of(events, Evaluated)}
    items = [item for event in of(events, Proposed) for item in event.items if item.id == first.artifact]
    assert {item.status for item in items} == {"rejected"}
    (notice,) = of(events, Notice)
    assert notice.message == "1 proposal that you turned down is not offered again."


@pytest.mark.usefixtures("started_workers")
def test_where_nothing_else_was_found_that_is_said(tmp_path: Path, first: Finished) -> None:
    events = run(tmp_path, first.source, "def clamp(value, low, high):\n    return value\n", max_evaluations=1)
    assert events[-1].outcome == "unchanged"
    assert events[-1].reason.endswith("; 2 proposals that you turned down are not offered again")


def artifact(text: str) -> Artifact:
    return Artifact(parts=(Part(name="f", text=text),))


def test_the_screen_tells_what_was_turned_down_from_what_was_seen() -> None:
    screen = Screen(artifact("seed"), [artifact("seen").id], rejected=[artifact("no").id, artifact("seed").id])
    texts = ("no", "no", "seen", "seed", "new")
    assert [screen.judge(Proposal(artifact=artifact(text))).status for text in texts] == [
        "rejected", "rejected", "duplicate", "noop", "ok",
    ]  # fmt: skip
