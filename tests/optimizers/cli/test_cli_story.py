"""What a person reads, from events alone."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from secant.cancellation import Cancellation
from secant.cli.progress import Bar
from secant.cli.story import Story
from secant.cli.workspace import command
from secant.events import (
    Alternative,
    Baseline,
    Confirmed,
    Event,
    Finished,
    Forecast,
    FoundTest,
    Improved,
    Notice,
    Progress,
    RunStarted,
    Score,
    TargetFound,
    TestCount,
    TestsFound,
)
from secant.types import SpeedUp

DIFF = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-old\n+new\n"
PASSED = TestCount(passed=2, total=2)


def told(*events: Event, colours: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=100,
        markup=False,
        highlight=False,
        force_terminal=colours,
        color_system="standard" if colours else None,
    )
    with Story(console, Cancellation()) as story:
        for event in events:
            story(event)
    return out.getvalue()


def finished(**fields: object) -> Finished:
    plain = {
        "outcome": "improved",
        "goal": "fix",
        "tests": PASSED,
        "diff": DIFF,
        "run": "r1",
        "evidence": ("It holds.",),
    }
    return Finished.model_validate({**plain, **fields})


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "m.py").write_text("")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def found(tmp_path: Path) -> TargetFound:
    return TargetFound(path=str(tmp_path / "m.py"), name="f", first_line=1, last_line=2, digest="d")


def alternative(rationale: str, differs: Sequence[dict[str, str]] = ()) -> Alternative:
    return Alternative(
        artifact=rationale, source="", diff=DIFF, rationale=rationale, tests=PASSED, differs=tuple(differs)
    )


def test_the_result_has_diff_evidence_and_the_command(found: TargetFound) -> None:
    text = told(found, finished())
    assert DIFF in text
    assert "• It holds." in text
    assert text.rstrip().endswith("Apply it:  secant apply r1")


def test_what_could_not_be_applied_is_not_offered_to_be(found: TargetFound) -> None:
    text = told(found, finished(refused="the file changed since it was measured"))
    assert "Apply it" not in text
    assert text.rstrip().endswith("since it was measured; the result is kept: secant show r1")


def test_two_alternatives_are_shown_with_the_inputs_that_tell_them_apart(found: TargetFound) -> None:
    differs = [{"call": "f([])", "winner": "0", "alternative": "raises IndexError"}]
    text = told(found, finished(alternatives=[alternative("one", differs), alternative("two"), alternative("three")]))
    row = next(line for line in text.splitlines() if "f([])" in line)
    assert [cell.strip() for cell in re.split("  +", row.strip())] == list(differs[0].values())
    assert "no input is known" in text
    assert "three" not in text
    assert "secant apply r1 --alternative 2" in text
    assert "--alternative 3" not in text


def test_what_was_applied_needs_no_command(found: TargetFound) -> None:
    text = told(found, finished(applied=True))
    assert "Applied to m.py" in text
    assert "secant apply" not in text


def test_a_run_of_another_project_is_applied_there(found: TargetFound, tmp_path: Path) -> None:
    other = tmp_path / "other folder"
    other.mkdir()
    (other / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    assert command("secant apply r1", other / "n.py") == "cd 'other folder' && secant apply r1"
    assert command("secant apply r1", Path(found.path)) == "secant apply r1"


def test_nothing_better_says_why(found: TargetFound) -> None:
    text = told(
        found, finished(outcome="unchanged", diff="", reason="nothing better was found: all were tried", evaluations=7)
    )
    assert "Unchanged  nothing better was found: all were tried" in text
    assert "7 candidates tried" in text
    assert "secant show r1" in text


def test_a_run_that_was_stopped_says_how_to_go_on(found: TargetFound) -> None:
    text = told(found, finished(outcome="stopped", diff="", reason="stopped by the user"))
    assert "Stopped  stopped by the user" in text
    assert "secant resume r1" in text


def test_many_test_files_take_a_dozen_lines_at_most() -> None:
    tests = tuple(FoundTest(id=f"test_{i}.py::test_{j}", why="imports m") for i in range(30) for j in range(2))
    out = tuple(FoundTest(id=f"test_{i}.py::test_x", why="does not call the function") for i in range(9))
    lines = told(TestsFound(tests=tests, left_out=out)).splitlines()
    assert len(lines) <= 13
    assert "60 of 69 tests" in lines[0]
    assert sum(int(line.split()[0]) for line in lines[1:] if line.split()[0].isdigit()) == 69


def test_cases_that_are_left_out_are_counted_among_all() -> None:
    case = FoundTest(id="1", why="a.jsonl:1", place="a.jsonl:1")
    text = told(RunStarted(kind="prompt"), TestsFound(tests=(case, case), searched=("a.jsonl",), left_out=(case,)))
    assert "Cases      judged by 2 of 3 cases of a.jsonl" in text


def test_the_baseline_says_the_path_in_words_and_the_reason() -> None:
    failed = tuple(f"t.py::test_{i}" for i in range(6))
    text = told(Baseline(goal="fix", passed=1, total=7, failed=failed, path="cold: a: b", isolation="rlimits only"))
    assert "1 of 7 tests pass; the goal: make it pass all" in text
    assert "on a copy of the project (slow), because a: b" in text
    assert "and 2 more" in text
    assert "isolation: rlimits only" in text


def test_notices_new_bests_and_lost_ones_are_said() -> None:
    speed = SpeedUp(ratio=3.0, low=2.5, high=3.5, verdict="faster")
    text = told(
        Notice(level="warning", message="odd", hint="do this"),
        Improved(step=1, artifact="a", passed=2, total=2, speedup=speed, rationale="memoize"),
        Confirmed(artifact="a", ok=False, passed=1, total=2, reason="it failed cold"),
    )
    assert "Warning    odd\n           do this" in text
    assert "2 of 2 tests pass, 3x the speed (2.5 to 3.5): memoize" in text
    assert "did not hold: it failed cold" in text


def test_a_tests_output_cannot_drive_the_terminal() -> None:
    text = told(Notice(level="warning", message="\x1b]0;owned\x07[red]x", hint="\x9b2J"), colours=True)
    assert "\x1b]0" not in text
    assert "\\x1b]0;owned\\x07[red]x" in text
    assert "\x9b" not in text


def test_the_diff_is_coloured(found: TargetFound) -> None:
    text = told(found, finished(), colours=True)
    assert "\x1b[32m+new" in text
    assert "\x1b[31m-old" in text


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setenv("TERM", "xterm")
    return Console(file=_Terminal(), width=100, force_terminal=True, force_interactive=True, markup=False)


def drawn(console: Console) -> str:
    assert isinstance(console.file, _Terminal)
    return console.file.getvalue()


def test_in_a_terminal_a_line_moves_and_is_gone_at_the_end(terminal: Console, found: TargetFound) -> None:
    best = Progress(phase="screen", evaluations=41, best="3 of 4 passed", fraction=0.5)
    with Story(terminal, Cancellation()) as story:
        for event in (RunStarted(), found, best, Improved(step=1, artifact="a", passed=1, total=2), finished()):
            story(event)
    text = drawn(terminal)
    assert "trying candidates, 41 candidates, best 3 of 4 passed" in text
    assert text.index("\x1b[?25l") < text.index("\x1b[?25h") < text.index("Improved")
    assert "Better" not in text


def test_the_moving_line_says_that_the_wish_to_stop_was_heard(terminal: Console) -> None:
    cancellation = Cancellation()
    bar = Bar(terminal, cancellation)
    bar.start()
    cancellation.cancel()
    bar.stop()
    assert "press again to end now" in drawn(terminal)


def test_a_dumb_terminal_gets_plain_lines(terminal: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with Story(terminal, Cancellation()) as story:
        story(RunStarted())
        story(Progress(phase="screen", evaluations=41))
        story(Improved(step=1, artifact="a", passed=1, total=2))
    assert "41" not in drawn(terminal)
    assert "1 of 2 tests pass" in drawn(terminal)


def test_what_a_model_will_probably_cost_is_told_before_it_is_asked() -> None:
    said = told(Forecast(models={"optimizer": "a/b"}, calls=12, tokens=9000, usd=0.01, most_calls=20))
    assert said == "Models     a/b may be asked: about 12 calls, about $0.0100; never more than 20 calls\n"


def test_a_case_that_fails_is_named_with_its_line_of_data(tmp_path: Path) -> None:
    cases = TestsFound(tests=(FoundTest(id="4", why="", place="data.jsonl:4"),), searched=("data.jsonl",))
    text = told(cases, Baseline(goal="fix", passed=0, total=1, failed=("4",), path="", isolation=""))
    assert re.search(r"fails: 4  .*data\.jsonl:4", text)


def test_a_new_prompt_is_headed_by_what_was_gained_and_says_it_once(found: TargetFound) -> None:
    score = Score(metric="exact", split="report", n=9, before=0.1, after=1.0, claimed=True, verdict="+89 points")
    text = told(found, finished(score=score, evidence=("10 % → 100 %.", "+89 points."), reason="1 step is done"))
    assert "Improved  +89 points\n" in text
    assert text.count("+89 points") == 1
    assert "• the search ended: 1 step is done" in text
