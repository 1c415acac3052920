"""The data sets refined from one command, with a model on loopback: what is drawn, what is asked, what is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import prompt_data
from tests.zoo.models.server import serving

WHY = prompt_data.missing(prompt_data.DATA, prompt_data.TASKS)
MOST = {"fit": 3, "select": 4, "report": 9}


@pytest.mark.skipif(bool(WHY), reason=WHY)
def test_two_tasks_are_refined_from_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with serving("sorter") as server:
        named = ["--model", "openai/small-model", "--optimizer-model", "openai/large-model"]
        asked = ["--cases", "4", "--report-cases", "8", "--max-steps", "1", "--base-url", server.base_url, *named]
        only = ["--only", "word_sorting", "object_counting"]
        prompt_data.main([*asked, *only, "--folder", str(tmp_path), "--json", str(tmp_path / "figures.json")])
    models = [received.body["model"] for received in server.requests]
    assert set(models) == {"small-model", "large-model"}
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    sorting, counting = figures["rows"]
    assert (sorting["task"], sorting["outcome"]) == ("word_sorting", "improved")
    assert (sorting["score"]["n"], sorting["score"]["before"], sorting["score"]["after"]) == (8, 0.0, 1.0)
    assert (counting["task"], counting["outcome"]) == ("object_counting", "unchanged")
    assert sum(u["calls"] for row in figures["rows"] for u in row["usage"].values()) >= len(server.requests)
    assert "http" not in json.dumps(figures)
    printed = capsys.readouterr().out
    assert "word_sorting" in printed
    assert "100.0 %" in printed


@pytest.mark.skipif(bool(WHY), reason=WHY)
@pytest.mark.parametrize("task", prompt_data.TASKS, ids=[task.name for task in prompt_data.TASKS])
def test_cases_are_drawn_by_the_seed_and_hold_no_solution(task: prompt_data.Task, tmp_path: Path) -> None:
    def drawn(folder: str, seed: int) -> str:
        place = prompt_data.project(task, tmp_path / folder, prompt_data.DATA, MOST, seed)
        return (place / f"{task.name}.eval.jsonl").read_text(encoding="utf-8")

    rows = [json.loads(line) for line in drawn("one", 0).splitlines()]
    assert [row["split"] for row in rows] == ["fit"] * 3 + ["select"] * 4 + ["report"] * 9
    assert all(set(row) == {"id", "input", "expected", "split"} and row["expected"] != "" for row in rows)
    assert drawn("again", 0) == drawn("one", 0) != drawn("other", 1)


def test_data_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="The data of gsm8k is not there"):
        prompt_data.main(["--model", "x", "--only", "gsm8k", "--data", str(tmp_path)])
