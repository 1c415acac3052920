"""Optimizers by name."""

from __future__ import annotations

import pytest

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
