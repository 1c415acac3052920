"""ruff's fixes as one candidate: the same function, its signature and place kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_performance_harness import assert_same

from secant.rewriting import ruff_fixes
from secant.rewriting.source import FunctionSource

SLOW = """def any_positive(xs):
    # one is enough
    for x in list([y for y in xs]):
        if x > 0:
            return True
    return False
"""


def test_a_loop_becomes_any() -> None:
    (rewrite,) = ruff_fixes.rewrites(FunctionSource(SLOW))
    assert "return any(x > 0 for x in list(xs))" in rewrite.text
    assert "    # one is enough\n" in rewrite.text
    assert_same(SLOW, rewrite, [([1, -1, 2],), ([],)])


def test_a_method_keeps_its_indentation() -> None:
    text = "".join("    " + line for line in SLOW.splitlines(keepends=True))
    (rewrite,) = ruff_fixes.rewrites(FunctionSource(text))
    assert rewrite.text.startswith("    def any_positive(xs):\n")
    assert_same(text, rewrite, [([1, -1],)])


def test_an_import_that_a_fix_needs_moves_into_the_body() -> None:
    text = 'def total(xs):\n    """Sum."""\n    import operator\n    return sum(map(lambda pair: pair[1], xs))\n'
    found = ruff_fixes.rewrites(FunctionSource(text))
    for rewrite in found:
        assert rewrite.text.startswith("def total(xs):\n")
        assert_same(text, rewrite, [([(1, 2)],)])
    assert found


def test_nothing_to_fix_is_no_rewrite() -> None:
    assert ruff_fixes.rewrites(FunctionSource("def f(x):\n    return x\n")) == []


def test_without_ruff_there_is_no_rewrite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff_fixes, "ruff_program", lambda: None)
    assert ruff_fixes.rewrites(FunctionSource(SLOW)) == []


def test_a_ruff_that_fails_is_no_rewrite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "ruff"
    broken.write_text("#!/bin/sh\nexit 2\n")
    broken.chmod(0o755)
    monkeypatch.setattr(ruff_fixes, "ruff_program", lambda: str(broken))
    assert ruff_fixes.rewrites(FunctionSource(SLOW)) == []
