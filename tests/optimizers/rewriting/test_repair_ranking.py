"""The order of the work: likely edits early, each text once, the same in every process, pairs best first."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise

import pytest

from secant.rewriting.edit import apply, overlap
from secant.rewriting.facts import Facts
from secant.rewriting.repair import pairs, ranked
from secant.rewriting.source import FunctionSource, parses

TEXT = """\
def below(values, limit):
    found = []
    for value in values:
        if value < limit:
            found.append(value)
        else:
            limit -= 1
    return sorted(found)
"""
_EARLY = 60


def test_each_text_comes_once_and_the_best_first() -> None:
    found = ranked(FunctionSource(TEXT), Facts(), "lite")
    texts = [apply(TEXT, edit.splices) for edit in found]
    assert len(set(texts)) == len(texts)
    assert TEXT not in texts
    assert all(before.prior >= after.prior for before, after in pairwise(found))


def test_the_levels_are_as_large_as_promised() -> None:
    lite, full = (len(ranked(FunctionSource(TEXT), Facts(), level)) for level in ("lite", "full"))
    assert 200 < lite <= 3_000
    assert lite < full <= 60_000


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("value <= limit", "value < limit"),
        ("value > limit", "value < limit"),
        ("not value < limit", "value < limit"),
        ("limit += 1", "limit -= 1"),
        ("limit -= 2", "limit -= 1"),
        ("found.extend(value)", "found.append(value)"),
        ("list(found)", "sorted(found)"),
        ("in limit:", "in values:"),
    ],
)
def test_usual_mistakes_are_undone_early(wrong: str, right: str) -> None:
    text = TEXT.replace(right, wrong)
    assert text != TEXT
    first = [apply(text, edit.splices) for edit in ranked(FunctionSource(text), Facts(), "lite")[:_EARLY]]
    assert TEXT in first


def test_suspect_lines_come_first() -> None:
    facts = Facts(covered_lines={"good": (2, 3, 4, 5, 8), "bad": (2, 3, 4, 7, 8)}, failed_tests=("bad",))
    plain, guided = (ranked(FunctionSource(TEXT), known, "lite") for known in (Facts(), facts))
    wanted = TEXT.replace("limit -= 1", "limit += 1")

    def rank(found: list) -> int:
        return [apply(TEXT, edit.splices) for edit in found].index(wanted)

    assert guided[0].line == 7
    assert rank(guided) < rank(plain)
    assert {apply(TEXT, edit.splices) for edit in guided} == {apply(TEXT, edit.splices) for edit in plain}


def test_a_statement_over_several_lines_shares_its_suspicion() -> None:
    text = "def f(a, b):\n    c = a\n    return (\n        a\n        < b\n    )\n"
    facts = Facts(covered_lines={"good": (2,), "bad": (2, 3)}, failed_tests=("bad",))
    first = ranked(FunctionSource(text), facts, "lite")[0]
    assert apply(text, first.splices) == text.replace("<", "<=")


def test_the_order_does_not_depend_on_the_hash_seed() -> None:
    script = (
        "import sys, hashlib\n"
        "from secant.rewriting.facts import Facts\n"
        "from secant.rewriting.repair import ranked\n"
        "from secant.rewriting.source import FunctionSource\n"
        "print(hashlib.sha256(repr(ranked(FunctionSource(sys.argv[1]), Facts(), 'full')).encode()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script, TEXT],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_pairs_come_best_first_and_fit_together() -> None:
    source = FunctionSource(TEXT)
    found = ranked(source, Facts(), "lite")[:40]
    offered = list(pairs(source, found, 10_000))
    scores = [one.prior * other.prior for one, other in offered]
    possible = [pair for pair in combinations(found, 2) if not overlap(*pair)]
    assert scores == sorted(scores, reverse=True)
    assert all(not overlap(one, other) for one, other in offered)
    assert all(parses(apply(TEXT, (*one.splices, *other.splices))) for one, other in offered)
    assert len(set(offered)) == len(offered)
    assert {frozenset(pair) for pair in offered} <= {frozenset(pair) for pair in possible}
    assert len(offered) > 0.9 * len(possible)


def test_pairs_stop_at_the_limit() -> None:
    source = FunctionSource(TEXT)
    found = ranked(source, Facts(), "lite")
    assert len(list(pairs(source, found, 25))) == 25
    assert list(pairs(source, found, 0)) == []
    assert list(pairs(source, found[:1], 25)) == []


def test_pairs_that_would_empty_a_block_are_left_out() -> None:
    text = "def f(a, b):\n    if a:\n        a += 1\n        b += 1\n    return b\n"
    source = FunctionSource(text)
    deletions = [edit for edit in ranked(source, Facts(), "lite") if edit.kind == "deletion" and edit.line in {3, 4}]
    assert len(deletions) == 2
    assert list(pairs(source, deletions, 10)) == []


def test_two_bugs_are_undone_by_a_pair() -> None:
    text = TEXT.replace("value < limit", "value <= limit").replace("limit -= 1", "limit += 1")
    source = FunctionSource(text)
    candidates = pairs(source, ranked(source, Facts(), "lite"), 3_000)
    assert any(apply(text, (*one.splices, *other.splices)) == TEXT for one, other in candidates)
