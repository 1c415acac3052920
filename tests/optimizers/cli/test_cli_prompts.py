"""`secant refine` and `secant eval` as processes of their own, with the real engine and a model server on loopback."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_project import environment, events, until

from secant.events import Finished, ModelCalled
from tests.optimizers.commands import Commands, Starting, anew
from tests.optimizers.promptfiles.counter import PROMPT, Counter, rows
from tests.zoo.models.router import CODES
from tests.zoo.models.server import Server, serving

AT_ONCE = 8
"""Requests of a run that nobody asks to do more at once."""
KEY = "test-key-19f0c7d2ab5544e1"


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


@pytest.fixture
def router() -> Iterator[Server]:
    with serving("router") as server:
        yield server


def started(start: Starting, counter: Counter, *words: str, server: Server | None = None) -> subprocess.Popen[str]:
    model = ("--model", "openai/small-model", "--key-variable", "OPENAI_API_KEY")
    more = (*model, "--base-url", server.base_url) if server is not None else ()
    pipe, variables = subprocess.PIPE, {**environment(), "OPENAI_API_KEY": KEY}
    options = {"cwd": counter.folder, "env": variables, "stdout": pipe, "stderr": pipe, "text": True, "pipesize": 4096}
    return start("secant", *words, *more, **options)


def secant(
    start: Starting, counter: Counter, *words: str, server: Server | None = None
) -> subprocess.CompletedProcess[str]:
    with started(start, counter, *words, server=server) as process:
        output, errors = process.communicate(timeout=120)
    return subprocess.CompletedProcess([*words], process.returncode, output, errors)


def test_a_prompt_is_refined_shown_and_applied(commands: Commands, counter: Counter, router: Server) -> None:
    refined = secant(anew, counter, "refine", "route.prompt.md", "--max-steps", "2", server=router)
    assert refined.returncode == 0, refined.stderr
    assert "0 % → 100 % on 9 held-out cases (exact)" in refined.stdout
    assert f"+{CODES}" in refined.stdout
    assert counter.path.read_bytes() == PROMPT.encode()
    (run,) = (word for word in refined.stdout.split() if word.startswith("20"))
    shown = secant(commands, counter, "show", run, "--raw").stdout
    assert "## Score by exact" in shown
    assert "30 cases of" in shown
    assert secant(commands, counter, "apply", run).returncode == 0
    assert counter.path.read_bytes() == PROMPT.replace("Answer with the queue.", CODES).encode()
    again = secant(commands, counter, "apply", run)
    assert again.returncode == 1
    assert "Nothing was written" in again.stderr


def test_a_killed_run_is_resumed_and_nothing_is_paid_twice(
    commands: Commands, counter: Counter, router: Server
) -> None:
    words = ("refine", "route.prompt.md", "--optimizer", "hessiangrad", "--json")
    killed = started(commands, counter, *words, server=router)
    run = until(killed, "proposed").run
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    resumed = secant(commands, counter, "resume", run, "--json")
    assert resumed.returncode == 0, resumed.stderr
    last = events(resumed.stdout)[-1]
    assert isinstance(last, Finished)
    assert last.score.after == 1.0
    journal = counter.store.read(run)
    calls = [event.call for event in journal if isinstance(event, ModelCalled)]
    assert len({call.key for call in calls}) == len(calls)
    asked = [json.dumps(request.body) for request in router.requests]
    assert len(asked) - len(calls) <= AT_ONCE  # what was under way when it was killed may be asked again


def test_recorded_answers_are_scored_without_a_model(commands: Commands, tmp_path: Path) -> None:
    data = [{**row, "recorded": "BIL"} for row in rows(9)]
    scored = secant(commands, Counter(tmp_path, data), "eval", "route.prompt.md")
    assert scored.returncode == 0, scored.stderr
    assert "✓ 1  route.eval.jsonl:1" in scored.stdout
    assert '✗ 2  route.eval.jsonl:2  expected "TEC", got "BIL"' in scored.stdout
    assert "33 %  on 9 cases (exact; 95 %: 12 to 65)" in scored.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("refine", "route.prompt.md"), "a prompt is refined by a model, and none is named"),
        (("refine", "route.prompt.md", "--optimizer", "gpro"), "Did you mean gpo"),
        (("eval", "rout.prompt.md"), "route.prompt.md"),
        (("eval", "route.prompt.md", "--data", "none.jsonl"), "there is no such data file"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_way_out(
    commands: Commands, counter: Counter, asked: tuple[str, ...], said: str
) -> None:
    refused = secant(commands, counter, *asked)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
