"""The registry of rules: one that fails costs nobody the others, and is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from secant.rewriting.edit import Rewrite
from secant.rewriting.facts import Facts
from secant.rewriting.performance import catalogue
from secant.rewriting.performance.subject import Subject
from secant.rewriting.source import FunctionSource

SLOW = """def shared(xs, ys):
    found = []
    for x in xs:
        if x in ys:
            found.append(x)
    return found
"""
FACTS = Facts(variable_types={"xs": ("list",), "ys": ("list",), "x": ("int",)})


def failing(subject: Subject) -> Iterator[Rewrite | None]:
    yield None
    raise KeyError(subject.node.name)


def test_a_rule_that_fails_is_named_and_costs_nobody_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    undisturbed = catalogue.rewrites(FunctionSource(SLOW), FACTS)
    monkeypatch.setattr(catalogue, "RULES", (failing, *catalogue.RULES))
    assert catalogue.rewrites(FunctionSource(SLOW), FACTS) == undisturbed != []
    (message,) = [record.getMessage() for record in caplog.records]
    assert (
        message == "The rule test_performance_catalogue.failing failed on shared and proposes nothing: "
        "KeyError: 'shared'"
    )
    caplog.clear()


def test_a_text_with_another_signature_is_no_rewrite() -> None:
    source = FunctionSource(SLOW)
    assert catalogue.keeps_signature(source, SLOW.replace("found = []", "found = list()"))
    assert not catalogue.keeps_signature(source, SLOW)
    assert not catalogue.keeps_signature(source, SLOW.replace("xs, ys", "ys, xs"))
    assert not catalogue.keeps_signature(source, SLOW.replace("def shared", "def shares"))
    assert not catalogue.keeps_signature(source, SLOW + "  broken(")
