"""The engine as a child process that borrows models: requests go out as lines between events, answers come in."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from secant.cancellation import Cancellation
from secant.config import Models, OptimizeRequest
from secant.engine import optimize
from secant.events import Event, Finished, Forecast, ModelCalled, parse
from secant.journal import RunStore
from secant.models.contract import ModelSettings
from tests.optimizers.commands import Commands, Starting
from tests.optimizers.test_model_runs import TESTS, WRONG
from tests.zoo.models.lent import refused, repaired
from tests.zoo.models.repairer import REPAIRED

MODEL = "vscode:copilot/gpt-4o"
Answering = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


class Lending:
    """`python -m secant.machine`, and a test that lends it a model."""

    def __init__(self, start: Starting, folder: Path) -> None:
        self.process = start(
            "machine",
            cwd=folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.asked: list[Mapping[str, Any]] = []
        self.withdrawn: list[str] = []
        self.events: list[Event] = []

    def say(self, *messages: object) -> None:
        self.stdin.write(b"".join(json.dumps(each).encode() + b"\n" for each in messages))
        self.stdin.flush()

    def until_asked(self) -> Mapping[str, Any]:
        """Read up to the next request."""
        for line in self.stdout:
            self._take(line)
            if line.startswith(b'{"complete"'):
                return self.asked[-1]
        raise AssertionError(f"it ended with {self.events[-1:]}")

    def rest(self, answering: Answering | None = None) -> Finished:
        """Read to the end, and answer what is asked."""
        for line in self.stdout:
            self._take(line)
            found = answering(self.asked[-1]) if answering and line.startswith(b'{"complete"') else None
            if found is not None:
                self.say({"completed": {"id": self.asked[-1]["id"], **found}})
        self.process.wait()
        last = self.events[-1]
        assert isinstance(last, Finished), last
        return last

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.stdout.close()
        self.stdin.close()

    def _take(self, line: bytes) -> None:
        match json.loads(line):
            case {"complete": dict(asked)}:
                self.asked.append(asked)
            case {"withdraw": {"id": identity}}:
                self.withdrawn.append(identity)
            case _:
                self.events.append(parse(line))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "roman.py").write_text(WRONG)
    (tmp_path / "test_roman.py").write_text(TESTS)
    return tmp_path


@pytest.fixture
def lending(commands: Commands, folder: Path) -> Iterator[Lending]:
    made = Lending(commands, folder)
    yield made
    made.close()


def request(folder: Path, **more: Any) -> OptimizeRequest:
    models = Models(levels={"optimizer": ModelSettings(model=MODEL)})
    fields = {"optimizer": "textgrad", "models": models, **more}
    return OptimizeRequest.model_validate({"target": "roman.py::to_roman", "folder": folder, **fields})


def order(folder: Path, **more: Any) -> dict[str, Any]:
    return {"optimize": request(folder, **more).model_dump(mode="json")}


def test_a_lent_model_repairs_what_it_is_asked_to(lending: Lending, folder: Path) -> None:
    """Nonsense is asked again, what answers nobody is left alone."""
    lending.say(order(folder))
    first = lending.until_asked()
    lending.say(
        {"completed": 5},
        {"completed": {"id": "no such id", "text": "?"}},
        {"completed": {"text": "?"}},
        {"completed": {"id": first["id"], "text": ["not", "a", "text"]}},
    )
    last = lending.rest(repaired)
    assert (last.outcome, last.source) == ("improved", REPAIRED)
    spent = last.usage["optimizer"]
    assert (spent.calls, spent.lent, spent.usd) == (len(lending.asked), len(lending.asked), None)
    assert {asked["model"] for asked in lending.asked} == {"copilot/gpt-4o"}
    assert any("requests to your editor's models" in sentence for sentence in last.evidence)
    attempts = [event.call.attempts for event in lending.events if isinstance(event, ModelCalled)]
    assert attempts == [2, *[1] * (spent.calls - 2)]
    assert [event.seq for event in lending.events] == list(range(1, len(lending.events) + 1))


def test_a_quota_that_is_used_up_ends_the_run_and_is_named(lending: Lending, folder: Path) -> None:
    lending.say(order(folder))
    last = lending.rest(lambda asked: refused("quota", "You have used all premium requests."))
    assert last.outcome == "unchanged"
    assert "quota" in last.reason
    assert "all premium requests" in last.reason
    assert len(lending.asked) == 1


def test_what_is_expected_is_told_before_it_is_asked_and_a_stop_withdraws_it(lending: Lending, folder: Path) -> None:
    lending.say(order(folder, max_calls=5))
    asked = lending.until_asked()
    (told,) = [event for event in lending.events if isinstance(event, Forecast)]
    assert told.models == {"optimizer": MODEL}
    assert (told.calls, told.lent, told.usd, told.most_calls) == (5, 5, None, 5)
    lending.say({"stop": True})
    last = lending.rest()
    assert (last.outcome, last.stopped) == ("stopped", True)
    assert lending.withdrawn == [asked["id"]]


def test_the_end_of_stdin_ends_everything(lending: Lending, folder: Path) -> None:
    lending.say(order(folder))
    lending.until_asked()
    lending.stdin.close()
    assert lending.rest().stopped


def test_a_killed_run_goes_on_and_asks_nothing_twice(lending: Lending, commands: Commands, folder: Path) -> None:
    lending.say(order(folder))
    first = lending.until_asked()
    lending.say({"completed": {"id": first["id"], **repaired(first)}})
    second = lending.until_asked()
    lending.close()
    (run,) = RunStore(folder).ids()
    again = Lending(commands, folder)
    try:
        again.say({"resume": {"folder": str(folder), "run": run}})
        last = again.rest(repaired)
    finally:
        again.close()
    assert last.source == REPAIRED
    assert [asked["messages"] for asked in again.asked] == [second["messages"]]
    assert last.usage["optimizer"].calls == 2
    assert not [event for event in again.events if isinstance(event, Forecast)]


@pytest.mark.usefixtures("preloaded_workers")
def test_the_command_line_lends_no_model_and_says_so(folder: Path) -> None:
    told: list[Event] = []
    optimize(request(folder), [told.append], Cancellation(), {**os.environ, "OPENAI_API_KEY": "test-key-77aa01bc"})
    last = told[-1]
    assert isinstance(last, Finished)
    assert f"{MODEL} was not found: only an editor lends such a model" in last.reason
    assert "VS Code" in last.reason
    assert last.usage == {}


def test_the_models_that_can_be_named_are_one_line(commands: Commands, folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.secant]\nmodel = "vscode:copilot/gpt-4o"\n')
    made = Lending(commands, folder)
    try:
        made.say({"models": {"folder": str(folder)}})
        lines = made.stdout.readlines()
        assert made.process.wait() == 0
    finally:
        made.close()
    (line,) = lines
    first = json.loads(line)["models"][0]
    assert (first["name"], first["source"], first["provider"]) == (MODEL, "project", "vscode")


def test_a_project_that_cannot_be_read_is_told_as_for_a_run(commands: Commands, folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.secant]\nmodle = "a/b"\n')
    made = Lending(commands, folder)
    try:
        made.say({"models": {"folder": str(folder)}})
        (line,) = made.stdout.readlines()
        assert made.process.wait() == 2
    finally:
        made.close()
    assert "Did you mean model?" in json.loads(line)["hint"]
