"""Optimizers by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from secant.cli.app import application
from secant.errors import BadRequest
from secant.registry import OPTIMIZERS, Registry


def test_an_optimizer_is_imported_when_it_is_asked_for() -> None:
    registry = Registry({"rule-climber": "cards.climbers:RuleClimber", "broken": "no.such.module:Thing"})
    assert registry.names() == ("broken", "rule-climber")
    assert registry.create("rule-climber").name == "rule-climber"


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(BadRequest) as refused:
        Registry({"rewrite": "a:B", "opro": "a:C"}).create("rewrit")
    assert "rewrit" in refused.value.message
    assert "Did you mean rewrite?" in refused.value.hint
    assert "opro" in refused.value.hint


def test_the_table_names_modules_of_the_optimizers_room() -> None:
    assert "rewrite" in OPTIMIZERS
    for path in OPTIMIZERS.values():
        module, _, name = path.partition(":")
        assert module.startswith("secant.optimizers.")
        assert name[0].isupper()


@pytest.mark.parametrize("name", ["mixed", "rewrite"])
def test_what_edits_python_is_not_for_prompts(name: str) -> None:
    with pytest.raises(BadRequest, match=f"{name} edits Python by rules, and this is a prompt") as raised:
        Registry().create(name, "prompt")
    assert "gpo" in raised.value.hint
    assert name not in raised.value.hint


def test_help_and_page_name_the_optimizers_that_there_are_for_prompts() -> None:
    names = set(Registry().names("prompt"))
    (option,) = (o for o in get_command(application()).commands["refine"].params if o.name == "optimizer")
    assert set(re.findall(r"\w+", option.help)) - {"or"} == names
    page = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text()
    table = page.split("| `--optimizer` |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.splitlines()[2:]))) == names
    with pytest.raises(BadRequest) as raised:
        Registry().create("gpt", "prompt")
    assert set(re.findall(r"\w+", raised.value.hint.split("exist: ")[1])) == names
