"""Two versions compared by a real bench, where a call does not end."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.optimizers.functions.shapes import bench_of

pytestmark = pytest.mark.usefixtures("preloaded_workers")

COUNTS = """\
def down(number):
    steps = 0
    while number != 0:
        number -= 1
        steps += 1
    return steps
"""
TESTS = """\
from counts import down

def test_down():
    assert down(3) == 3
"""


def test_what_never_ends_is_skipped_or_a_difference(tmp_path: Path) -> None:
    """Skipped where the first version does not end, which shortens what later calls may take, and not what they say."""
    endless = [{"base": 0, "args": {"0": str(number)}} for number in range(-1, -9, -1)]
    ending = [{"base": 0, "args": {"0": str(number)}} for number in (1, 2)]
    with closing(bench_of(tmp_path, "counts.py::down", {"counts.py": COUNTS, "test_counts.py": TESTS})) as bench:
        workers = bench.workers
        assert workers.record(["test_counts.py::test_down"], 30.0)["calls"] == 1
        same = workers.compare(None, COUNTS.replace("!=", ">"), inputs=[*endless, *ending], seconds=30.0)
        other = workers.compare(None, COUNTS.replace("!= 0", "not in (0, 2)"), inputs=ending, seconds=30.0)
        never = workers.compare(None, COUNTS.replace("!= 0", "!= 5"), inputs=(), seconds=30.0)
    assert (same["compared"], same["skipped"], same["differences"]) == (3, 8, [])
    assert [(found["call"], found["what"]) for found in other["differences"]] == [
        ("down(3)", "result"),
        ("down(2)", "result"),
    ]
    (difference,) = never["differences"]
    assert (difference["call"], difference["second"], difference["what"]) == ("down(3)", "takes too long", "time")
