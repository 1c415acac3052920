"""Every rewrite of every HumanEval solution, and every rewrite of those, still passes the problem's own check."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from test_performance_harness import compiled, observed

from secant.rewriting.facts import Facts
from secant.rewriting.performance import rewrites
from secant.rewriting.performance.catalogue import keeps_signature
from secant.rewriting.source import FunctionSource

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "humaneval" / "HumanEval.jsonl.gz"


class Solution(NamedTuple):
    """A problem's solution, what stands around it, and what its check shows about its types."""

    problem: dict[str, str]
    surroundings: str
    text: str
    facts: Facts


def problems() -> list[dict[str, str]]:
    """The problems, or none where the data is not beside the project."""
    if not DATA.exists():
        return []
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def parts(problem: dict[str, str]) -> tuple[str, str]:
    """What stands before the function, and the function itself."""
    text = problem["prompt"] + problem["canonical_solution"]
    start = text.rindex(f"def {problem['entry_point']}(")
    return text[:start], text[start:]


def passes(problem: dict[str, str], function: Callable[..., Any]) -> bool:
    module: dict[str, Any] = {}
    exec(problem["test"], module)
    try:
        module["check"](function)
    except Exception:  # noqa: BLE001 # because a failing check may raise anything
        return False
    return True


@pytest.fixture(scope="module")
def solutions() -> list[Solution]:
    """Every solution with the types that its own check shows."""
    found: list[Solution] = []
    for problem in problems():
        surroundings, text = parts(problem)
        found.append(Solution(problem, surroundings, text, facts_for(problem, surroundings, text)))
    return found


def facts_for(problem: dict[str, str], surroundings: str, text: str) -> Facts:
    function = compiled(text, surroundings)
    imports = {"math": "math"} if "import math" in surroundings else {}
    return Facts(variable_types=observed(function, lambda f: passes(problem, f)), imports=imports)


@pytest.mark.skipif(not DATA.exists(), reason="HumanEval is not beside the project (../shared/data/humaneval)")
def test_rewrites_of_solutions_pass_the_problems_checks(solutions: list[Solution]) -> None:
    tried: list[str] = []
    for problem, surroundings, text, facts in solutions:
        source = FunctionSource(text)
        for rewrite in rewrites(source, facts):
            again = rewrites(FunctionSource(rewrite.text), facts)
            for candidate in (rewrite, *again):
                assert keeps_signature(source, candidate.text), candidate.text
                assert passes(problem, compiled(candidate.text, surroundings)), f"{candidate.rule}:\n{candidate.text}"
                tried.append(candidate.rule)
    assert len(set(tried)) >= 10, f"the rules that fired: {sorted(set(tried))}"


@pytest.mark.skipif(not DATA.exists(), reason="HumanEval is not beside the project (../shared/data/humaneval)")
def test_rewriting_comes_to_an_end(solutions: list[Solution]) -> None:
    """Applying the first rewrite again and again reaches a text that no rule changes any more."""
    for _, _, solution, facts in solutions:
        text = solution
        for _ in range(12):
            found = rewrites(FunctionSource(text), facts)
            if not found:
                break
            text = found[0].text
        else:
            pytest.fail(f"still growing after 12 rounds:\n{text}")
