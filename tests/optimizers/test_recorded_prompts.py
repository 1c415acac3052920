"""Runs on a prompt that real readers answered, played from their cassettes: every one ends as it ended then."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import equal_prompts
from benchmarks.prompt_runs import events, measured
from secant.cli.replay import request

RECORDED = [name for name in equal_prompts.RUNS if equal_prompts.cassette(name).exists()]


@pytest.mark.parametrize("optimizer", RECORDED)
def test_a_recorded_run_ends_as_it_ended(optimizer: str) -> None:
    played = equal_prompts.replay(optimizer)
    recorded = equal_prompts.recorded_ending(optimizer)
    assert {name: equal_prompts.ending(played)[name] for name in recorded} == recorded, played.reason
    if optimizer != equal_prompts.BASELINES:
        assert sum(usage.calls for usage in played.usage.values()) <= equal_prompts.MOST_CALLS
        assert played.versions > 0


@pytest.mark.parametrize("optimizer", [name for name in RECORDED if name != equal_prompts.BASELINES][:2])
def test_a_cassette_that_lacks_a_call_ends_the_run(optimizer: str, tmp_path: Path) -> None:
    whole = equal_prompts.cassette(optimizer).read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(n for n, line in enumerate(whole) if n and '"model": "writer"' in line)
    torn = tmp_path / "torn.jsonl"
    torn.write_text("".join(whole[:first] + whole[first + 1 :]), encoding="utf-8")
    asked = request(torn, equal_prompts.project(tmp_path / "tickets"), None)
    played = measured(optimizer, events(asked))
    assert (played.outcome, played.versions) == ("failed", 0)
    assert equal_prompts.UNRECORDED in played.reason


def test_the_cases_are_what_the_readme_says() -> None:
    """Each custom is seen twice before it is asked for, and no message stands in two splits."""
    rows = equal_prompts.cases()
    splits = {name: [row for row in rows if row["split"] == name] for name in ("fit", "select", "report")}
    assert {name: len(each) for name, each in splits.items()} == {"fit": 12, "select": 8, "report": 28}
    assert len({row["ticket"] for row in rows}) == len(rows)
    assert {row["expected"] for row in splits["report"]} == {"accounts", "billing", "shipping", "technical", "sales"}
