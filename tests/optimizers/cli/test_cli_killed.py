"""`kill -9` while a model is waited for, then `secant resume`: nothing that was answered is asked or paid again."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from small_project import environment, events

from secant.events import Finished
from secant.journal import RunStore
from tests.optimizers.commands import Commands, Starting, anew
from tests.zoo.models.repairer import REPAIRED
from tests.zoo.models.server import Server, serving

KEY = "test-key-c2e1f09a7b3346d5"
PARCELS = Path(__file__).parents[3] / "examples" / "problems"
ROMAN = """def to_roman(number):
    values = [(10, "X"), (5, "V"), (1, "I")]
    text = ""
    for value, letter in values:
        while number >= value:
            text += letter
            number -= value
    return text
"""
ROMAN_TESTS = """from roman import to_roman


def test_four():
    assert to_roman(4) == "IV"


def test_large():
    assert to_roman(1994) == "MCMXCIV"
"""


def functions(folder: Path) -> Sequence[str]:
    """A function to be repaired by a model: a critique, then a version. The command's words."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "roman.py").write_text(ROMAN)
    (folder / "test_roman.py").write_text(ROMAN_TESTS)
    return ("optimize", "roman.py::to_roman", "--optimizer", "textgrad")


def solutions(folder: Path) -> Sequence[str]:
    """A solution to be improved: a version, then fresh answers to compare it with."""
    shutil.copytree(PARCELS, folder)
    (folder / "pyproject.toml").write_text("")
    return ("solve", "parcels.md", "--check", "checks.py::packs")


def started(start: Starting, folder: Path, server: Server, words: Sequence[str]) -> subprocess.Popen[str]:
    named = ("--model", "openai/small-model", "--base-url", server.base_url, "--key-variable", "OPENAI_API_KEY")
    return secant(start, folder, *words, *named, "--no-cache", "--json")


def secant(start: Starting, folder: Path, *words: str) -> subprocess.Popen[str]:
    pipe, variables = subprocess.PIPE, {**environment(), "OPENAI_API_KEY": KEY}
    return start("secant", *words, cwd=folder, env=variables, stdout=pipe, stderr=pipe, text=True)


def ending(process: subprocess.Popen[str]) -> Finished:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    last = events(output)[-1]
    assert isinstance(last, Finished)
    return last


@pytest.mark.parametrize(("made", "model"), [(functions, "repairer"), (solutions, "packer")])
def test_a_run_that_was_killed_goes_on_and_pays_for_nothing_twice(
    tmp_path: Path, made: Callable[[Path], Sequence[str]], model: str, commands: Commands
) -> None:
    with serving(model) as undisturbed:
        whole = ending(started(commands, tmp_path / "whole", undisturbed, made(tmp_path / "whole")))
    with serving(model, f"held_{model}") as server:
        words = made(tmp_path / "killed")
        with started(anew, tmp_path / "killed", server, words) as process:
            server.wait_for(2)  # the first is answered and journaled, or the second would not have been asked
            process.send_signal(signal.SIGKILL)
            process.communicate()
        server.released.set()
        (run,) = RunStore(tmp_path / "killed").ids()
        resumed = ending(secant(commands, tmp_path / "killed", "resume", run, "--json"))
        bodies = [str(received.body["messages"]) for received in server.requests]
    assert (resumed.source, resumed.artifact) == (whole.source, whole.artifact)
    assert model != "repairer" or resumed.source == REPAIRED
    paid = bodies[:1] + bodies[2:]  # the second was never answered: nobody who listened was left
    assert paid == [str(received.body["messages"]) for received in undisturbed.requests]
    assert bodies[2] == bodies[1]
    assert sum(usage.calls for usage in resumed.usage.values()) == len(paid)
