"""The screen: what it says of good, wrong, endless, hurtful and poisonous candidates, in whatever company."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from secant.functions.worker.verdicts import (
    FAILED,
    FUEL,
    HURT,
    INVALID,
    PASSED,
    UNKNOWN,
    UNSWAPPABLE,
    VerdictTable,
)
from tests.optimizers.functions.shapes import Bench, bench_of

pytestmark = pytest.mark.usefixtures("preloaded_workers")

MODULE = "SEEN = []\n\n\ndef double(n, start=[0]):\n    return n\n"
TESTS = """
import pytest
from numbers_ import double

def test_zero():
    assert double(0) == 0

@pytest.mark.parametrize("n", [1, 2])
def test_some(n):
    assert double(n) == 2 * n
"""
GOOD = "def double(n, start=[0]):\n    return 2 * n\n"
WRONG = "def double(n, start=[0]):\n    return 3 * n\n"
ENDLESS = "def double(n, start=[0]):\n    while True:\n        pass\n"
BROKEN = "def double(n, start=[0]:\n"
DECORATED = "@staticmethod\n" + GOOD
CRASHING = "def double(n, start=[0]):\n    import os\n    os.abort()\n"
BUSY = "def double(n, start=[0]):\n    return sum(iter(int, 1))\n"
POISON = "def double(n, start=[0]):\n    import builtins\n    builtins.len = builtins.sum = None\n    return n\n"
LEAKING = "def double(n, start=[0]):\n    start.append(n)\n    return 2 * n if len(start) < 3 else n\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    files = {"numbers_.py": MODULE, "test_numbers.py": TESTS}
    made = bench_of(tmp_path_factory.mktemp("screen"), "numbers_.py::double", files)
    yield made
    made.close()


def screened(bench: Bench, *texts: str, seconds: float = 20.0, always: int = 0) -> tuple[list[int], list[int], bool]:
    tests = [{"id": t.id, "fuel": 1_000, "passes": t.passes} for t in bench.suite.in_order]
    answer = bench.workers.screen(texts, tests, always=always, stall=0.2, sleep=0.2, seconds=seconds)
    return answer["verdicts"], answer["passed"], answer["canary_failed"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (GOOD, PASSED),
        (WRONG, FAILED),
        (ENDLESS, FUEL),
        (BROKEN, INVALID),
        (DECORATED, UNSWAPPABLE),
        (CRASHING, HURT),
        (BUSY, HURT),
        (LEAKING, FAILED),
    ],
)
def test_each_by_itself_and_between_good_ones(bench: Bench, text: str, verdict: int) -> None:
    assert screened(bench, text)[0] == [verdict]
    assert screened(bench, GOOD, text, GOOD, WRONG)[0] == [PASSED, verdict, PASSED, FAILED]


def test_defaults_that_a_candidate_changed_are_put_back(bench: Bench) -> None:
    good = "def double(n, start=[0]):\n    return 2 * n if start == [0] else n\n"
    assert screened(bench, LEAKING, good)[0] == [FAILED, PASSED]


def test_an_original_that_dies_does_not_count_against_candidates(tmp_path: Path) -> None:
    module = "import os\n\n\ndef double(n, start=[0]):\n    return 2 * n or os.abort()\n"
    with closing(bench_of(tmp_path, "numbers_.py::double", {"numbers_.py": module, "test_numbers.py": TESTS})) as made:
        tests = [{"id": t.id, "fuel": 1_000, "passes": t.passes, "dies": not t.passes} for t in made.suite.in_order]
        answer = made.workers.screen([GOOD, WRONG, CRASHING, GOOD], tests, always=0, stall=0.2, sleep=0.2)
    assert answer["verdicts"] == [PASSED, FAILED, HURT, PASSED]


def test_verdicts_of_a_spoilt_child_are_withdrawn(bench: Bench) -> None:
    uses = "def double(n, start=[0]):\n    return sum([n, n])\n"
    verdicts, _, canary_failed = screened(bench, uses, POISON, uses, WRONG)
    assert PASSED not in verdicts[1:2]
    assert verdicts[2] != FAILED
    assert canary_failed or verdicts[2] in (PASSED, UNKNOWN)


def test_a_crash_is_not_blamed_on_whoever_came_behind_a_trap(bench: Bench) -> None:
    trap = "def double(n, start=[0]):\n    import os\n    SEEN.append(os.abort)\n    return 2 * n\n"
    victim = "def double(n, start=[0]):\n    [act() for act in SEEN]\n    return 2 * n\n"
    assert screened(bench, victim, trap, victim, GOOD)[0] == [PASSED, PASSED, PASSED, PASSED]


def test_the_tests_passed_are_counted_among_the_first_ones(bench: Bench) -> None:
    half = "def double(n, start=[0]):\n    return 2 if n else 0\n"
    assert screened(bench, half, WRONG, GOOD, always=3)[1] == [2, 1, 3]


def test_what_is_not_judged_in_time_stays_unknown(bench: Bench) -> None:
    assert screened(bench, GOOD, WRONG, seconds=0.0)[0] == [UNKNOWN, UNKNOWN]


def test_the_table_survives_its_writer() -> None:
    table = VerdictTable(3)
    table.note(1, 0)
    table.set(0, PASSED, 70_000)
    table.set(1, HURT)
    table.note(2, 1, soured=True)
    assert table.progress() == (2, 1, True)
    assert table.columns() == ([PASSED, HURT, UNKNOWN], [65_535, 0, 0])
    table.withdraw(0, 2)
    assert table.columns() == ([UNKNOWN] * 3, [0] * 3)
    table.close()
