"""Every misbehaving candidate of the zoo through the real warm worker: a fork of its own, and the screen.

`test_isolation_zoo.py` attacks isolation alone; here the whole way is gone, from the engine's request to the verdict.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from secant.functions import isolation
from secant.functions.isolation import Limits
from secant.functions.launching import Launcher
from secant.functions.locate import locate
from secant.functions.target import Target
from secant.functions.textfile import read_text_file
from secant.functions.unit import Unit
from secant.functions.worker import verdicts
from secant.functions.worker.processes import descendants
from secant.functions.workers import Workers
from tests.optimizers.functions.test_isolation_zoo import ZOO, Candidate, Grounds

LIMITS = Limits(memory_bytes=192 << 20, file_bytes=4 << 20, processes=40)
MODULE = '"""Doubles."""\n\n\ndef victim(n):\n    return n\n'
TESTS = """from module import victim


def test_victim():
    assert victim(3) == 6
"""
GOOD = "def victim(n):\n    return n + n\n"
WRONG = "def victim(n):\n    return n + 2\n"
SECONDS = 20.0
SHORT_SECONDS = 0.3
PATIENT = {"ok": {"passed"}, "fail": {"failed", "crash"}, "crash": {"crash"}, "timeout": {"timeout", "crash"}}


class Court(NamedTuple):
    """A worker that has collected the tests, and everything a candidate could harm around it."""

    grounds: Grounds
    workers: Workers
    tests: Sequence[str]
    facilities: frozenset[str]
    household: frozenset[int]
    """The worker's own processes: bubblewrap's, where that is used."""

    def outcome(self, text: str, *, seconds: float = SECONDS) -> str:
        """What became of the test in a fork of its own."""
        (record,) = self.workers.run("swap", [text], self.tests, stop=True, test_seconds=seconds, seconds=2 * seconds)
        return record["results"][-1]["outcome"] if record["results"] else record.get("death", "nothing")

    def screened(self, *texts: str) -> list[int]:
        asked = [{"id": test, "fuel": 5_000, "passes": False} for test in self.tests]
        return self.workers.screen(texts, asked, always=0, stall=0.1, sleep=0.5)["verdicts"]

    def survivors(self) -> frozenset[int]:
        """Processes below the worker that were not there at the beginning."""
        return living(self.workers) - self.household

    def expected(self, candidate: Candidate) -> str:
        """`ok`, `fail`, `crash` or `timeout`, or several of them; empty where running it here would do harm."""
        met = not candidate.needs or candidate.needs in self.facilities
        return candidate.expect if met else candidate.otherwise


def living(workers: Workers) -> frozenset[int]:
    return frozenset(pid for worker in workers.pids for pid in descendants(worker))


def as_function(candidate: Candidate) -> str:
    """The candidate's file as the text of one function."""
    return f"def victim(n):\n{textwrap.indent(candidate.source, '    ')}\n    return victim(n)\n"


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    grounds = Grounds(tmp_path_factory.mktemp("court"))
    path = grounds.project / "module.py"
    path.write_text(MODULE)
    test = grounds.project / "tests" / "test_module.py"
    test.write_text(TESTS)
    environment = {**os.environ, "HOME": str(grounds.home), "SECRET_TOKEN": "s3cr3t"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    launcher = Launcher(
        Path(sys.executable),
        grounds.scratch,
        base_environment=environment,
        passed=["PYTEST_DISABLE_PLUGIN_AUTOLOAD"],
        limits=LIMITS,
        home=grounds.home,
    )
    unit = Unit(locate(read_text_file(path), Target(path=path, name="victim")))
    workers = Workers(launcher, grounds.project, unit, [str(test)], lambda: None)
    tests = [collected.id for collected in workers.collect().tests]
    facilities = frozenset(each.name for each in isolation.detect().facilities if each.works)
    yield Court(grounds, workers, tests, facilities, living(workers))
    workers.close()
    grounds.close()


@pytest.mark.parametrize("candidate", ZOO, ids=lambda candidate: candidate.name)
def test_a_fork_of_its_own(court: Court, candidate: Candidate) -> None:
    expected = court.expected(candidate)
    before = court.grounds.files()
    if expected:
        seconds = SHORT_SECONDS if expected == "timeout" else SECONDS
        allowed = {outcome for each in expected.split("|") for outcome in PATIENT[each]}
        assert court.outcome(as_function(candidate), seconds=seconds) in allowed
    assert court.outcome(GOOD) == "passed"
    assert court.outcome(WRONG) == "failed"
    assert not court.survivors()
    assert court.grounds.visitors() == 0
    assert court.grounds.files() == before


@pytest.mark.parametrize("candidate", ZOO, ids=lambda candidate: candidate.name)
def test_through_the_screen(court: Court, candidate: Candidate) -> None:
    expected = court.expected(candidate)
    before = court.grounds.files()
    hostile = [as_function(candidate)] if expected else []
    first, *judged, last, wrong = court.screened(GOOD, *hostile, GOOD, WRONG)
    assert {first, last} <= {verdicts.PASSED, verdicts.UNKNOWN}
    assert wrong != verdicts.PASSED
    assert "ok" in expected or verdicts.PASSED not in judged
    assert court.screened(GOOD, WRONG) == [verdicts.PASSED, verdicts.FAILED]
    assert not court.survivors()
    assert court.grounds.visitors() == 0
    assert court.grounds.files() == before
