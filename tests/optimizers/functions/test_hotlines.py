"""Which lines of the original are hot: counted by a real bench, weighed and told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secant.config import OptimizeRequest
from secant.functions.hotlines import hot_lines, told
from secant.functions.launching import Launcher
from secant.functions.preparation import Prepared, find_subject, prepare
from secant.functions.recordings import Recordings

pytestmark = pytest.mark.usefixtures("preloaded_workers")

PAIRS = """\
def pairs(items, wanted):
    found = []
    for first in items:
        for second in items:
            if first + second == wanted:
                found.append((first, second))
    return [a * b for a, b in found]
"""
OUTER = """\


def outer(n):
    step = 2

    def inner(k):
        while k > 0:
            k -= step
        return k

    return inner(n)
"""
TESTS = """\
from pairing import outer, pairs

def test_pairs():
    assert pairs([1, 2, 3, 4], 5) == [4, 6, 6, 4]

def test_none():
    assert pairs([], 5) == []

def test_outer():
    assert outer(10) == 0
"""


@pytest.fixture(scope="module", params=["pairs", "outer.inner"])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("pairing")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "pairing.py").write_text(PAIRS + OUTER)
    (folder / "test_pairing.py").write_text(TESTS)
    asked = OptimizeRequest(target=f"pairing.py::{request.param}", folder=folder)
    launcher = Launcher(Path(sys.executable), tmp_path_factory.mktemp("scratch"), base_environment=os.environ)
    made = prepare(asked, find_subject(asked, os.environ), launcher, lambda _: None, lambda: None)
    Recordings(made.workers, made.suite, tolerance=1e-9, announce=lambda _: None).required()
    yield made
    made.workers.close()


def test_the_hot_lines_of_the_recorded_calls(prepared: Prepared) -> None:
    located = prepared.subject.located
    text = hot_lines(prepared.workers, prepared.unit, located.text)
    head, *rows = text.split("\n")
    if located.name == "inner":
        assert head.startswith("Counted on 1 recorded calls: ")
        assert rows == [
            "line 2: 5x, 62 %: while k > 0:",
            "line 3: 5x, 31 %: k -= step",
            "line 4: 1x, 6 %: return k",
        ]
    else:
        assert head.startswith("Counted on 2 recorded calls: ")
        assert rows == [
            "line 2: 2x, 2 %: found = []",
            "line 3: 4x, 5 %: for first in items:",
            "line 4: 16x, 18 %: for second in items:",
            "line 5: 16x, 55 %: if first + second == wanted:",
            "line 6: 4x, 14 %: found.append((first, second))",
            "line 7: 4x, 7 %: return [a * b for a, b in found]",
        ]
    assert hot_lines(prepared.workers, prepared.unit, located.text) == text


def test_only_the_hottest_lines_are_told_in_the_order_of_the_text() -> None:
    text = "def f(n):\n" + "".join(f"    n += {number}\n" for number in range(20))
    rows = told(text, 3, {line: line for line in range(2, 22)}, {}).split("\n")[1:]
    assert [int(row.split()[1].rstrip(":")) for row in rows] == list(range(10, 22))


def test_where_nothing_ran_nothing_is_told() -> None:
    assert told("def f(n):\n    return n\n", 0, {}, {}) == ""
