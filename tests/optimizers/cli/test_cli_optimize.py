"""`secant optimize` as a process of its own, started or forked, on a real project, with the real engine."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from small_project import SOURCE, events, run_secant, start_secant, until

from secant.events import Confirmed, Failed, Finished, Notice
from tests.optimizers.commands import Commands, anew

FIXED = SOURCE.replace(b"return low  # wrong", b"return high  # wrong")
DOCUMENTED = (
    *("type", "seq", "time", "run", "outcome", "goal", "tests", "speedup", "diff", "source", "alternatives"),
    *("evaluations", "seconds", "usage"),
)


def test_json_is_one_event_a_line_and_the_last_one_says_everything(project: Path) -> None:
    done = run_secant(anew, project, "optimize", "bounds.py::clamp", "--json", "--max-evaluations", "80")
    told = events(done.stdout)
    assert [e.seq for e in told] == list(range(1, len(told) + 1))
    assert [told[0].type, told[-1].type] == ["run_started", "finished"]
    last = json.loads(done.stdout.splitlines()[-1])
    assert [name for name in DOCUMENTED if name not in last] == []
    assert (last["outcome"], last["goal"], last["tests"]) == ("improved", "fix", {"passed": 3, "total": 3})
    assert last["speedup"] is None
    assert "+        return high" in last["diff"]
    assert any(isinstance(e, Confirmed) and e.ok and e.artifact == last["artifact"] for e in told)
    assert (done.returncode, done.stderr) == (0, "")
    assert (project / "bounds.py").read_bytes() == SOURCE


def test_a_person_reads_what_was_found_what_changed_and_the_command_that_applied_it(
    project: Path, commands: Commands
) -> None:
    done = run_secant(
        commands, project, "optimize", "bounds.py:9", "--goal", "fix", "--max-evaluations", "80", "--apply"
    )
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    for piece in (
        "clamp bounds.py:4-10",
        "judged by 3 of 4 tests",
        "3 test_bounds.py imports bounds and names clamp",
        "1 test_bounds.py does not call the function",
        "2 of 3 tests pass; the goal: make it pass all",
        "fails: test_bounds.py::test_above",
        "- return low # wrong + return high",
        "3 of 3 tests pass, confirmed by a cold pytest run",
        "Applied to bounds.py",
    ):
        assert piece in said
    assert "\x1b" not in done.stdout
    assert (project / "bounds.py").read_bytes() == FIXED


def test_nothing_better_is_exit_code_3_and_several_tests_may_follow_one_option(
    project: Path, commands: Commands
) -> None:
    words = ("test_bounds.py::test_inside", "test_bounds.py::test_below")
    done = run_secant(commands, project, "optimize", "bounds.py::clamp", "--goal", "fix", "--tests", *words)
    assert done.returncode == 3
    assert "judged by 2 tests\n" in done.stdout
    assert "all 2 tests pass already" in done.stdout


def test_a_name_that_does_not_exist_is_answered_with_near_ones(project: Path, commands: Commands) -> None:
    done = run_secant(commands, project, "optimize", "bounds.py::clmap")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no function clmap" in done.stderr
    assert "Did you mean clamp?" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_json_an_impossible_request_is_an_event_too(project: Path, commands: Commands) -> None:
    done = run_secant(commands, project, "optimize", "boundz.py::clamp", "--json")
    (last,) = events(done.stdout)
    assert isinstance(last, Failed)
    assert (done.returncode, last.exit_code, done.stderr) == (2, 2, "")
    assert "boundz.py" in last.where


@pytest.mark.parametrize(
    "words",
    [
        ("--goal", "smaller"),
        ("--max-seconds", "0"),
        ("--max-evaluations", "-1"),
        ("--optimizer", "none"),
        ("bounds.py::twice",),
    ],
)
def test_a_request_that_makes_no_sense_is_exit_code_2(
    project: Path, words: tuple[str, ...], commands: Commands
) -> None:
    done = run_secant(commands, project, "optimize", "bounds.py::clamp", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert words[0] in done.stderr or words[-1] in done.stderr


def test_ctrl_c_ends_the_run_in_order(project: Path) -> None:
    process = start_secant(anew, project, "optimize", "bounds.py::clamp", "--json")
    until(process, "baseline")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    last = events(output)[-1]
    assert isinstance(last, Finished)
    assert "stopping, keeping the best so far" in errors
    assert (last.outcome, process.returncode) in [("stopped", 3), ("improved", 0)]
    assert "stopped by the user" in last.reason


def test_a_file_that_changed_during_the_run_is_left_alone(project: Path, commands: Commands) -> None:
    process = start_secant(
        commands, project, "optimize", "bounds.py::clamp", "--json", "--apply", "--max-evaluations", "80"
    )
    until(process, "baseline")
    changed = b"# edited meanwhile\n" + SOURCE
    (project / "bounds.py").write_bytes(changed)
    output, _ = process.communicate(timeout=120)
    told = events(output)
    last = told[-1]
    assert isinstance(last, Finished)
    assert (last.outcome, last.applied) == ("improved", False)
    assert [e.level for e in told if isinstance(e, Notice) and "changed" in e.message] == ["warning"]
    assert (project / "bounds.py").read_bytes() == changed


def test_a_reader_that_goes_away_ends_the_run_without_a_word(project: Path, commands: Commands) -> None:
    process = start_secant(commands, project, "optimize", "bounds.py::clamp", "--json")
    until(process, "run_started")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    assert (process.wait(timeout=120), errors) == (1, "")
