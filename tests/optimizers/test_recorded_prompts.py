"""Runs on prompts that real readers answered, played from their cassettes: every one ends as it ended then."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks import equal_prompts
from benchmarks.equal_prompts import BASELINES, RUNS, Run
from benchmarks.prompt_runs import events, measured
from benchmarks.prompt_task import CLAIM, ROUTE, TASKS, Task
from secant.cli.replay import request

TORN = [Run(ROUTE, "gpo"), Run(ROUTE, "opro")]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_a_recorded_run_ends_as_it_ended(run: Run) -> None:
    played = equal_prompts.replay(run)
    ended = equal_prompts.recorded_ending(run)
    assert {name: equal_prompts.ending(played)[name] for name in ended} == ended, played.reason
    if run.optimizer != BASELINES:
        assert sum(usage.calls for usage in played.usage.values()) <= run.task.most_calls
        assert played.versions > 0


@pytest.mark.parametrize("run", TORN, ids=lambda run: run.name)
def test_a_cassette_that_lacks_a_call_ends_the_run(run: Run, tmp_path: Path) -> None:
    whole = run.cassette.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(n for n, line in enumerate(whole) if n and '"model": "writer"' in line)
    torn = tmp_path / "torn.jsonl"
    torn.write_text("".join(whole[:first] + whole[first + 1 :]), encoding="utf-8")
    asked = request(torn, run.task.project(tmp_path / "tickets"), None)
    played = measured(run.optimizer, events(asked))
    assert (played.outcome, played.versions) == ("failed", 0)
    assert equal_prompts.UNRECORDED in played.reason


@pytest.mark.parametrize(
    ("task", "splits", "answers"),
    [
        (ROUTE, {"fit": 12, "select": 8, "report": 28}, {"accounts", "billing", "shipping", "technical", "sales"}),
        (CLAIM, {"fit": 24, "select": 16, "report": 40}, {"pay", "visit", "visit-2", "papers", "repair", "refuse"}),
    ],
    ids=lambda value: value.name if isinstance(value, Task) else "",
)
def test_the_cases_are_what_the_readme_says(task: Task, splits: dict[str, int], answers: set[str]) -> None:
    """Every answer can be learned before it is asked for, and no input stands in two splits."""
    rows = task.cases()
    assert Counter(row["split"] for row in rows) == splits
    assert len({row["ticket" if task == ROUTE else "claim"] for row in rows}) == len(rows)
    for split in ("fit", "report"):
        assert {row["expected"] for row in rows if row["split"] == split} == answers


def test_runs_are_named_by_task_by_optimizer_or_both() -> None:
    def names(only: list[str] | None, task: str | None) -> list[str]:
        return [run.name for run in equal_prompts.chosen(only, task)]

    assert names(["claim.gpo"], None) == ["claim.gpo"]
    assert names(["gpo"], None) == ["route.gpo", "claim.gpo"]
    assert names(["gpo", "claim.ape"], "claim") == ["claim.gpo", "claim.ape"]
    assert len(names(None, None)) == len(TASKS) * len(names(None, "route"))
