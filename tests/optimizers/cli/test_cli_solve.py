"""`secant solve` as a process of its own, on the example, with the real engine and a model server on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_project import environment, events

from tests.optimizers.commands import Commands, Starting, anew
from tests.zoo.models.packer import PACKED
from tests.zoo.models.server import Server, serving

EXAMPLE = Path(__file__).parents[3] / "examples" / "problems"
KEY = "test-key-19f0c7d2ab5544e1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "problems")
    (tmp_path / "problems" / "pyproject.toml").write_text("")
    return tmp_path / "problems"


@pytest.fixture
def packer() -> Iterator[Server]:
    with serving("packer") as server:
        yield server


def secant(start: Starting, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    pipe, variables = subprocess.PIPE, {**environment(), "OPENAI_API_KEY": KEY}
    with start("secant", *words, cwd=folder, env=variables, stdout=pipe, stderr=pipe, text=True) as process:
        output, errors = process.communicate()
    return subprocess.CompletedProcess([*words], process.returncode, output, errors)


def solve(start: Starting, folder: Path, server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    asked = ("--model", "openai/small-model", "--base-url", server.base_url, "--key-variable", "OPENAI_API_KEY")
    return secant(start, folder, "solve", "parcels.md", "--check", "checks.py::packs", *asked, "--no-cache", *words)


def test_the_example_is_solved_and_a_person_reads_how(folder: Path, packer: Server) -> None:
    before = (folder / "parcels.md").read_text()
    done = solve(anew, folder, packer)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    for piece in (
        "Solution ## Solution",
        "judged by 1 check",
        "0 of 1 check pass; the goal: solve the problem without a mistake",
        "Improved Greedy is not best: both boxes can be full.",
        "-Answer: 3",
        "+Answer: 2",
        "1 of 1 checks pass, confirmed once more in a fresh process; before, 0 passed.",
        "Vote over all 2 versions: 3 (1 of 2; tied with 2; the earliest counts), and not 2, which is offered.",
        "Self-consistency at equal cost (1 fresh answer for 1 call): 2 (1 of 1), which is what is offered",
        "Apply it: secant apply",
    ):
        assert piece in said
    assert (folder / "parcels.md").read_text() == before


def test_a_finished_run_is_shown_and_applied(folder: Path, packer: Server, commands: Commands) -> None:
    before = (folder / "parcels.md").read_text()
    told = events(solve(commands, folder, packer, "--json").stdout)
    assert (told[0].kind, told[-1].type, told[-1].outcome) == ("solution", "finished", "improved")
    run = told[0].run
    shown = secant(commands, folder, "show", run, "--raw")
    assert "Vote over all 2 versions" in shown.stdout
    assert "1 of 1 checks pass." in shown.stdout
    assert "## Checks" in shown.stdout
    assert "tests" not in shown.stdout
    assert (shown.returncode, shown.stderr) == (0, "")
    applied = secant(commands, folder, "apply", run)
    assert applied.returncode == 0, applied.stderr
    old = before[before.index("The heaviest") : before.index("\n## Notes")]
    assert (folder / "parcels.md").read_text() == before.replace(old, PACKED)
    again = secant(commands, folder, "apply", run)
    assert again.returncode == 1
    assert "not what was measured any more" in again.stderr


def test_a_killed_run_is_resumed_and_pays_for_nothing_twice(folder: Path, packer: Server, commands: Commands) -> None:
    run = events(solve(commands, folder, packer, "--json").stdout)[0].run
    journal = folder / ".secant" / "runs" / f"{run}.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if json.loads(line)["type"] == "proposed")
    journal.write_bytes(b"".join(lines[: place + 1]))
    asked = len(packer.requests)
    done = secant(commands, folder, "resume", run, "--json")
    assert done.returncode == 0, done.stderr
    assert events(done.stdout)[-1].outcome == "improved"
    assert len(packer.requests) == asked + 1  # the fresh answer, whose line the kill took; not the proposal


def test_without_a_model_it_says_how_to_name_one(folder: Path, commands: Commands) -> None:
    done = secant(commands, folder, "solve", "parcels.md", "--check", "checks.py::packs")
    assert done.returncode == 2
    assert "a solution is refined by a model, and none is named" in done.stderr
    assert "--model" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("missing.md",), "Markdown files there: parcels.md"),
        (("parcels.md", "--select", "## Sulution"), "Did you mean --select '## Solution'"),
        (("parcels.md", "--answer", "("), "no regular expression"),
        (("parcels.md", "--check", "checks.py::pack"), "pack"),
        (("parcels.md", "--optimizer", "hessian"), "Did you mean hessiangrad"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_asked(
    folder: Path, packer: Server, words: tuple[str, ...], told: str, commands: Commands
) -> None:
    asked = ("--model", "openai/small-model", "--base-url", packer.base_url, "--key-variable", "OPENAI_API_KEY")
    done = secant(commands, folder, "solve", *words, *asked)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert packer.requests == []


def test_the_examples_own_solution_fails_its_check_for_the_reason_told() -> None:
    text = (EXAMPLE / "parcels.md").read_text()
    code = "import sys, checks; print(checks.packs(sys.stdin.read(), sys.argv[1]))"
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

    def says(solution: str, answer: str) -> str:
        command = [sys.executable, "-c", code, answer]
        done = subprocess.run(
            command, cwd=EXAMPLE, env=variables, input=solution, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert "might fit into 2" in says(text, "3")
    assert says(PACKED, "2") == "True"
    assert "the boxes hold" in says(PACKED.replace("+ 1", ""), "2")
    assert "weighs 21 kg" in says(PACKED.replace("4", "5").replace("6 + 5", "6 + 4"), "2")
    assert says(PACKED, "3").startswith("(0.25")


def test_a_cassette_is_the_same_refinement_without_a_model(folder: Path, commands: Commands) -> None:
    with serving("packer") as server:
        told = events(solve(commands, folder, server, "--json", "--record", "run.cassette.jsonl").stdout)
    done = secant(commands, folder, "replay", "run.cassette.jsonl", "--json")
    played = events(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert played[0].kind == "solution"
    assert played[-1].source == told[-1].source
    assert KEY not in (folder / "run.cassette.jsonl").read_text()
