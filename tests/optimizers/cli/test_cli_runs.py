"""What can be done with earlier runs. Most are written by hand, with the recorder that the engine uses."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import SOURCE, events, run_secant, start_secant, until
from typer.testing import CliRunner, Result

from secant.cli import application
from secant.events import Alternative, Event, Finished, RunStarted, TargetFound, TestCount
from secant.functions.textfile import digest_of
from secant.journal import Recorder, RunStore
from tests.optimizers.commands import Commands

Invoke = Callable[..., Result]
HIGH, NONE = "return high", "return None"


def text(answer: str) -> str:
    return SOURCE.decode().replace("\r", "").split("\n\n\n")[1].replace("return low  # wrong", answer) + "\n"


@pytest.fixture
def journaled(project: Path) -> Path:
    """A project with an improved run (`…-aaaa`, one alternative), an unchanged (`-bbbb`), a cut off one (`-cccc`)."""
    other = Alternative(artifact="b", source=text(NONE), diff="", tests=TestCount(passed=3, total=3))
    tests = TestCount(passed=3, total=3)
    improved = Finished(
        outcome="improved", goal="fix", tests=tests, source=text(HIGH), rationale="returns high", alternatives=(other,)
    )
    write(project, "20260101-120000000-aaaa", improved)
    write(
        project, "20260102-120000000-bbbb", Finished(outcome="unchanged", goal="fix", tests=tests, reason="it is fine")
    )
    write(project, "20260103-120000000-cccc")
    return project


def write(project: Path, run: str, *end: Event) -> None:
    path = project / "bounds.py"
    found = TargetFound(path=str(path), name="clamp", first_line=4, last_line=10, digest=digest_of(SOURCE))
    recorder = Recorder(run, RunStore(project).create(run))
    for event in (RunStarted(target="bounds.py::clamp", optimizer="rewrite"), found, *end):
        recorder.record(event)
    recorder.close()


@pytest.fixture
def invoke(journaled: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.chdir(journaled)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*words: str) -> Result:
        return CliRunner().invoke(application(), words)

    return call


def test_runs_are_listed_the_newest_first(invoke: Invoke) -> None:
    lines = [line for line in invoke("runs").output.splitlines() if "bounds.py::clamp" in line]
    assert [line.split()[0][-4:] for line in lines] == ["cccc", "bbbb", "aaaa"]
    assert ["resumed" in lines[0], "unchanged" in lines[1], "improved" in lines[2]] == [True, True, True]


def test_without_runs_it_says_how_to_start_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    result = CliRunner().invoke(application(), ["runs"])
    assert (result.exit_code, "secant optimize" in result.output) == (0, True)


def test_a_run_is_shown_by_a_part_of_its_id(invoke: Invoke) -> None:
    rendered, raw = invoke("show", "bbbb"), invoke("show", "20260102", "--raw")
    assert (rendered.exit_code, raw.exit_code) == (0, 0)
    assert raw.output.startswith("# bounds.py::clamp\n")
    assert "## Result: unchanged" in raw.output
    assert "it is fine" in rendered.output
    assert "##" not in rendered.output
    assert "Apply it with `secant apply 20260101-120000000-aaaa`" in invoke("show", "aaaa", "--raw").output


@pytest.mark.parametrize(("prefix", "said"), [("2026", "3 runs begin with"), ("dddd", "there is no run dddd")])
def test_a_part_that_names_no_run_or_several_is_refused(invoke: Invoke, prefix: str, said: str) -> None:
    for command in ("show", "apply", "resume"):
        result = invoke(command, prefix)
        assert result.exit_code == 2
        assert said in result.stderr


@pytest.mark.parametrize(("words", "answer"), [((), HIGH), (("--alternative", "1"), NONE)])
def test_apply_writes_what_was_chosen_and_not_one_other_byte(
    invoke: Invoke, project: Path, words: tuple[str, ...], answer: str
) -> None:
    result = invoke("apply", "aaaa", *words)
    assert (result.exit_code, "Applied to bounds.py" in result.output) == (0, True)
    assert (project / "bounds.py").read_bytes() == SOURCE.replace(b"return low  # wrong", answer.encode())
    again = invoke("apply", "aaaa")
    assert (again.exit_code, "not what was measured" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("aaaa", "--alternative", "2"), "there is no number 2"), (("bbbb",), "nothing to apply"), (("cccc",), "nothing")],
)
def test_what_cannot_be_applied_is_refused(invoke: Invoke, project: Path, words: tuple[str, ...], said: str) -> None:
    result = invoke("apply", *words)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert (project / "bounds.py").read_bytes() == SOURCE


def test_a_finished_run_is_not_resumed(invoke: Invoke) -> None:
    result = invoke("resume", "aaaa", "--json")
    assert (result.exit_code, events(result.stdout)[-1].type) == (2, "failed")


def test_a_damaged_journal_is_named_with_its_line(invoke: Invoke, project: Path) -> None:
    journal = RunStore(project).path("20260103-120000000-cccc")
    journal.write_text(journal.read_text() + "{}\n")
    for words in (("show", "cccc"), ("resume", "cccc")):
        result = invoke(*words)
        assert result.exit_code == 1
        assert "this line of the journal is damaged" in result.stderr
        assert f"{journal.name}:3" in result.stderr


def test_a_killed_run_goes_on_where_it_was(project: Path, commands: Commands) -> None:
    process = start_secant(commands, project, "optimize", "bounds.py::clamp", "--json", "--max-evaluations", "80")
    killed = until(process, "improved")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    done = run_secant(commands, project, "resume", killed.run[-4:], "--json")
    told = events(done.stdout)
    last = told[-1]
    assert isinstance(last, Finished)
    assert (done.returncode, last.outcome, last.run) == (0, "improved", killed.run)
    assert told[0].seq > killed.seq
    assert RunStore(project).list()[0].outcome == "improved"
