"""Which models a request names, from what was typed and what the project says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from secant.cli.modelling import models
from secant.cli.models import show
from secant.config import Models
from secant.errors import BadRequest
from secant.functions.settings import Settings
from secant.naming import Named

NONE = Settings()


def test_without_a_model_there_is_none() -> None:
    assert models(Named(), NONE) is None


def test_one_model_serves_every_level() -> None:
    chosen = models(Named(model="ollama/qwen3", temperature=0.5), NONE)
    assert chosen is not None
    assert {level: settings.model for level, settings in chosen.levels.items()} == {
        "program": "ollama/qwen3",
        "optimizer": "ollama/qwen3",
    }
    assert chosen.levels["optimizer"].parameters == {"temperature": 0.5}


def test_the_optimizer_may_have_its_own() -> None:
    chosen = models(Named(model="a/weak", optimizer_model="a/strong"), NONE)
    assert chosen is not None
    assert chosen.levels["optimizer"].model == "a/strong"
    assert chosen.levels["program"].model == "a/weak"


def test_what_is_typed_wins_over_the_project() -> None:
    settings = Settings(model="a/own", base_url="http://127.0.0.1:1/v1")
    chosen = models(Named(model="a/typed"), settings)
    assert chosen is not None
    assert chosen.levels["program"].model == "a/typed"
    assert chosen.levels["program"].base_url == "http://127.0.0.1:1/v1"


@pytest.mark.parametrize("named", [Named(base_url="http://x"), Named(temperature=1.0), Named(record=Path("c.jsonl"))])
def test_options_that_need_a_model_say_so(named: Named) -> None:
    with pytest.raises(BadRequest, match="no model is named"):
        models(named, NONE)


def test_a_cassette_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = models(Named(model="a/b", record=Path("run.cassette.jsonl")), NONE)
    assert chosen is not None
    assert chosen.record == tmp_path / "run.cassette.jsonl"


def test_a_cassette_stands_in_for_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = models(Named(model="cassette:run.jsonl"), NONE)
    assert chosen == Models(replay=tmp_path / "run.jsonl")


def test_a_model_of_an_editor_is_listed_without_a_price() -> None:
    out = io.StringIO()
    show(Settings(model="vscode:copilot/gpt-4o"), {}, Console(file=out, width=120))
    assert "vscode:copilot/gpt-4o" in out.getvalue()
    assert "requests of your plan" in out.getvalue()
