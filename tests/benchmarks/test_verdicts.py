"""What the benchmarks make of a run: a claim of the engine counts only where it holds without the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import repair, run, speed
from benchmarks.engine_run import EngineRun, Trail
from benchmarks.seeding import Bug

BUG = Bug(
    task_id="Own/0",
    entry_point="larger",
    buggy="def larger(a, b):\n    return a if a < b else b\n",
    correct="def larger(a, b):\n    return a if a > b else b\n",
    kind="comparison",
    shown=("assert larger(1, 2) == 2", "assert larger(2, 2) == 2"),
    hidden=("assert larger(3, 1) == 3",),
)
SECOND = "def larger(a, b):\n    return b\n"


def judged(*modules: str, outcome: str = "improved") -> repair.Row:
    return repair.judged(BUG, EngineRun(exit_code=0, seconds=1.0, outcome=outcome, modules=modules), 60.0)


def test_the_original_again_is_right() -> None:
    row = judged(BUG.correct)
    assert (row.shown, row.hidden, row.exact, row.counted) == (True, True, True, 1.0)


def test_a_repair_that_only_fits_the_shown_asserts_is_not_right_though_an_alternative_may_be() -> None:
    row = judged(SECOND, BUG.correct)
    assert (row.shown, row.hidden, row.exact, row.alternative) == (True, False, False, True)


def test_a_claim_that_fails_a_shown_assert_counts_as_nothing_found() -> None:
    row = judged(BUG.buggy)
    assert (row.outcome, row.shown, row.hidden, row.counted) == ("improved", False, False, 60.0)


def test_a_run_without_a_result_counts_with_the_whole_time() -> None:
    assert judged(outcome="killed").counted == 60.0


def test_a_bug_of_two_kinds_stands_in_both_rows() -> None:
    rows = [judged(BUG.correct), judged(BUG.correct).model_copy(update={"kind": "comparison + slice"})]
    table = repair.by_kind(rows, edits=2)
    assert [(line[0], line[1]) for line in table.rows] == [("comparison", "2"), ("slice", "1"), ("all", "2")]


def trail(fate: str) -> Trail:
    return Trail(rationale="", fate=fate)


@pytest.mark.parametrize(
    ("outcome", "fates", "reason"),
    [
        ("failed", (), "failed"),
        ("unchanged", (), "no rule applies"),
        ("unchanged", ("duplicate",), "no rule applies"),
        ("unchanged", ("tests", "speed", "behaviour"), "turned down by speed"),
        ("unchanged", ("tests", "survived"), "not confirmed"),
    ],
)
def test_the_reason_is_that_of_the_candidate_that_came_furthest(
    outcome: str, fates: tuple[str, ...], reason: str
) -> None:
    run = EngineRun(exit_code=3, outcome=outcome, trails=tuple(map(trail, fates)))
    assert speed.why_not(run) == reason


def test_a_gain_needs_the_verdict() -> None:
    function = speed.functions("slow")[0]
    told = {"ratio": 9.0, "low": 0.9, "high": 11.0, "workload": "recorded calls", "verdict": "indistinguishable"}
    engine_run = EngineRun(exit_code=0, outcome="improved", finished={"speedup": told})
    assert not speed.judged(function, engine_run, 9.0).improved
    faster = engine_run.model_copy(update={"finished": {"speedup": {**told, "verdict": "faster"}}})
    assert speed.judged(function, faster, 9.0).improved


def test_a_module_is_timed_on_the_folders_own_tests(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "work.py").write_text("def work():\n    return sum(range(300_000))\n", encoding="utf-8")
    (project / "test_work.py").write_text("from work import work\n\ndef test_it():\n    assert work()\n", "utf-8")
    assert speed.tests_ratio(project, "work", "def work():\n    return 1\n", core=0, repeats=1) > 1


def test_tables_replace_what_stands_between_their_marks() -> None:
    begin, end = run.BEGIN.format(name="speed"), run.END.format(name="speed")
    text = f"before\n\n{begin}\nold\n{end}\n\nafter\n"
    once = run.with_tables(text, {"speed": "new"})
    assert once == f"before\n\n{begin}\n\nnew\n\n{end}\n\nafter\n"
    assert run.with_tables(once, {"speed": "new"}) == once


def test_a_readme_without_a_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the marks of speed"):
        run.with_tables("nothing", {"speed": "new"})


def test_the_readme_has_a_place_for_every_benchmark() -> None:
    text = run.README.read_text(encoding="utf-8")
    assert run.with_tables(text, dict.fromkeys(run.BENCHMARKS, "@@")).count("@@") == len(run.BENCHMARKS)
