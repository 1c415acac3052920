"""The engine as a child process: orders and stops go in as lines, events come out as lines, nothing is left over."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from secant.events import Event, Failed, Finished, parse
from secant.journal import RunStore
from tests.optimizers.commands import Commands, Starting, anew

FILES = {
    "pytest.ini": "[pytest]\n",
    "ranges.py": "def clamp(value, low, high):\n    if value < low:\n        return low\n    if value > high:\n"
    "        return low\n    return value\n",
    "test_ranges.py": "from ranges import clamp\n\ndef test_above():\n    assert clamp(11, 0, 10) == 10\n\n"
    "def test_below():\n    assert clamp(-3, 0, 10) == 0\n",
}
FIXED = FILES["ranges.py"].replace("> high:\n        return low", "> high:\n        return high")
HANGING = """\
import os, time
from ranges import clamp

if os.path.exists("hangs"):
    told = open("hangs", "wb", buffering=0)
    told.write(b".")
time.sleep(1000)

def test_never():
    clamp(1, 0, 2)
"""
"""Says that it hangs, where somebody wants to know, and keeps the pipe open as long as it lives."""


class Machine:
    """A running `python -m secant.machine`, started by `start`."""

    def __init__(self, start: Starting, folder: Path, stderr: int | None = subprocess.DEVNULL) -> None:
        self.process = start(
            "machine",
            cwd=folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            pipesize=4096,  # the run cannot get far ahead of who reads it
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.events: list[Event] = []

    def say(self, *messages: object) -> None:
        """Objects are sent as JSON, bytes as they are."""
        lines = (each if isinstance(each, bytes) else json.dumps(each).encode() for each in messages)
        self.stdin.write(b"".join(line + b"\n" for line in lines))
        self.stdin.flush()

    def until(self, wanted: Callable[[Any], bool]) -> Event:
        for line in self.stdout:
            event = parse(line)
            self.events.append(event)
            if wanted(event):
                return event
        raise AssertionError(f"it ended with {self.events[-1:]}")

    def rest(self) -> tuple[int, Any]:
        """The exit code and the last event; every line must have been one."""
        self.events += [parse(line) for line in self.stdout]
        return self.process.wait(), self.events[-1] if self.events else None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.stdout.close()
        self.stdin.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def machine(commands: Commands, folder: Path) -> Iterator[Machine]:
    made = Machine(commands, folder)
    yield made
    made.close()


@pytest.fixture
def started_machine(folder: Path) -> Iterator[Machine]:
    """One that was not forked, with workers that were not."""
    made = Machine(anew, folder)
    yield made
    made.close()


def order(folder: Path, **fields: Any) -> dict[str, Any]:
    return {"optimize": {"target": "ranges.py::clamp", "folder": str(folder), **fields}}


def is_a(kind: str) -> Callable[[Any], bool]:
    return lambda event: event.type == kind


def workers_of(folder: Path) -> set[int]:
    """Processes other than this one that work in the project."""
    found: set[int] = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder and (process / "cmdline").read_bytes():
                found.add(int(process.name))
        except OSError:  # it ended, or is somebody else's
            continue
    return found


def test_an_order_is_carried_out_and_told_in_lines(started_machine: Machine, folder: Path) -> None:
    """What else comes in is ignored, what tests print goes elsewhere."""
    (folder / "conftest.py").write_text("import os\n\nos.write(1, b'printed by a test\\n')\nprint('and so is this')\n")
    machine = started_machine
    machine.say(order(folder, max_evaluations=80), b"garbage", {"stop": "perhaps"}, [1], b"\xff", b"")
    code, last = machine.rest()
    assert code == 0
    assert (last.type, last.outcome, last.source) == ("finished", "improved", FIXED)
    assert [event.seq for event in machine.events] == list(range(1, len(machine.events) + 1))
    told = [event for event in machine.events if event.type != "progress"]
    assert list(RunStore(folder).read(last.run)) == told


def test_unsaved_text_comes_with_the_order(machine: Machine, folder: Path) -> None:
    """More of it than a pipe takes at once."""
    text = FIXED + "# and so on\n" * 10_000
    machine.say(order(folder, buffers={str(folder / "ranges.py"): text}, goal="fix"))
    code, last = machine.rest()
    assert code == 3
    assert last.reason.startswith("all 2 tests pass already")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"not json", "order"),
        (b"{}", "one thing"),
        (b'{"optimize": {"target": "a.py::f"}}', "optimize.folder: Field required"),
        (b'{"optimize": {"target": "a.py::f", "folder": ".", "goal": "best"}}', "optimize.goal"),
        (b'{"optimize": {"target": "a.py::f", "folder": ".", "buffers": {"a.py": ""}}}', "not absolute"),
        (b'{"optimize": {"target": "a.py::f", "folder": ".", "colour": "red"}}', "optimize.colour"),
        (b'{"resume": {"folder": ".", "run": "nonsense"}}', "there is no run nonsense"),
        (b'{"optimize": {"target": "ranges.py::clump", "folder": "."}}', "no function clump"),
    ],
)
def test_a_bad_order_is_told_as_the_only_event(machine: Machine, line: bytes, said: str) -> None:
    machine.say(line)
    code, last = machine.rest()
    assert code == 2
    assert isinstance(last, Failed)
    assert machine.events == [last]
    assert said in last.message
    assert last.hint
    assert last.exit_code == 2


def test_without_an_order_there_is_no_run(machine: Machine) -> None:
    machine.stdin.close()
    code, last = machine.rest()
    assert code == 2
    assert "before there was an order" in last.message


def test_a_stop_keeps_the_best_so_far(machine: Machine, folder: Path) -> None:
    machine.say(order(folder))
    machine.until(is_a("improved"))
    machine.say({"stop": True})
    code, last = machine.rest()
    assert code == 0
    assert (last.outcome, last.stopped) == ("improved", True)
    assert "stopped by the user" in last.reason
    assert last.alternatives == ()


@pytest.mark.parametrize("how", ["stop twice", "end of stdin", "terminated twice"])
def test_a_run_that_is_ended_at_once_confirms_nothing(machine: Machine, folder: Path, how: str) -> None:
    machine.say(order(folder))
    machine.until(is_a("improved"))
    if how == "stop twice":
        machine.say({"stop": True}, {"stop": True})
    elif how == "end of stdin":
        machine.stdin.close()
    else:
        machine.process.send_signal(signal.SIGTERM)
        machine.process.send_signal(signal.SIGINT)
    code, last = machine.rest()
    assert code == 3
    assert (last.type, last.outcome, last.stopped) == ("finished", "stopped", True)
    assert not any(event.type == "confirmed" for event in machine.events)
    assert workers_of(folder) == set()


def test_a_stop_while_pytest_collects_leaves_no_process(started_machine: Machine, folder: Path) -> None:
    machine = started_machine
    (folder / "test_ranges.py").write_text(HANGING)
    machine.say(order(folder))
    machine.until(is_a("target_found"))
    machine.until(is_a("progress"))
    machine.say({"stop": True})
    code, last = machine.rest()
    assert code == 3
    assert last.reason == "the run was stopped before there was anything to keep"
    assert workers_of(folder) == set()


def test_a_killed_engine_takes_a_worker_along_that_hangs(started_machine: Machine, folder: Path) -> None:
    machine = started_machine
    hangs = folder / "hangs"
    os.mkfifo(hangs)
    (folder / "test_ranges.py").write_text(HANGING)
    machine.say(order(folder))
    with hangs.open("rb", buffering=0) as told:
        assert told.read(1) == b"."
        machine.process.kill()
        assert select.select([told], [], [], 30)[0], "the worker lives on, and holds the pipe"
        assert told.read(1) == b""


def test_nobody_listening_ends_the_run_without_a_word(folder: Path) -> None:
    machine = Machine(anew, folder, stderr=subprocess.PIPE)
    try:
        machine.say(order(folder))
        machine.until(is_a("baseline"))
        machine.stdout.close()
        _, said = machine.process.communicate()
        assert said == b""
        assert machine.process.returncode == 3
        (run,) = RunStore(folder).list()
        assert (run.state, run.outcome) == ("finished", "stopped")
        assert workers_of(folder) == set()
    finally:
        machine.process.kill()


def test_a_killed_run_is_gone_on_with(machine: Machine, commands: Commands, folder: Path) -> None:
    machine.say(order(folder, max_evaluations=80))
    machine.until(is_a("improved"))
    machine.process.kill()
    machine.process.wait()
    run = machine.events[0].run
    again = Machine(commands, folder)
    try:
        again.say({"resume": {"folder": str(folder), "run": run}})
        code, last = again.rest()
        assert code == 0
        assert isinstance(last, Finished)
        assert (last.outcome, last.source, last.run) == ("improved", FIXED, run)
        assert again.events[0].seq > 1
    finally:
        again.close()


def test_no_library_that_a_run_may_do_without_is_loaded_before_the_order() -> None:
    code = "import sys, secant.machine; print({'typer', 'rich', 'hypothesis', 'pytest'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
