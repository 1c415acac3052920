"""Runs one candidate on the judging tests, by the path that the baseline found faithful.

A candidate whose shape cannot be swapped in (other decorators, another closure) is imported anew by itself; nobody has
to ask for it. How verdicts are scored is the evaluator's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from secant.errors import SecantError
from secant.functions.cold import ColdRunner
from secant.functions.process import WorkerDied
from secant.functions.suite import OK_OUTCOMES, Suite
from secant.functions.unit import Unit
from secant.functions.workers import Workers

_LEAST_TEST_SECONDS = 2.0
_LEAST_SECONDS = 5.0
_LONG_SECONDS = 0.3

Record = Mapping[str, Any]
"""`{"results": [{"id", "outcome", "seconds", "message"}], "error"?, "death"?, "message"?}`, as a worker answers."""


class _Candidate(NamedTuple):
    """A unit's text as workers are given it."""

    text: str
    landed: Mapping[str, Any] | None
    path: Literal["swap", "fresh"]
    """What runs code of the module's when it is imported must run in its place: in a module imported anew."""


class Judge:
    """Holds everything that runs candidates of one function. `file_bytes` gives the whole file with a target's text."""

    def __init__(
        self,
        suite: Suite,
        unit: Unit,
        *,
        workers: Workers,
        cold: ColdRunner,
        file_bytes: Callable[[str], bytes],
    ) -> None:
        self._suite = suite
        self._unit = unit
        self._workers = workers
        self._cold = cold
        self._file_bytes = file_bytes
        self._test_seconds = max(_LEAST_TEST_SECONDS, 20 * max((t.seconds for t in suite.passing), default=0.5))
        self._seconds = max(_LEAST_SECONDS, 10 * suite.total_seconds) + self._test_seconds

    def run(self, text: str, tests: Sequence[str], *, stop: bool) -> Record:
        """The record of a target's text on `tests`; with `stop` it ends at the first failure.

        They are run in pytest's order, whatever the order asked for: fixtures of wide scopes are set up once, and what
        one test leaves behind meets the next as in any run. Where that takes long and one failure is enough, the tests
        that fail on the original are run by themselves before.
        """
        if self._suite.path == "cold":
            return self._cold_record(text, tests)
        wanted = set(tests)
        in_turn = [t for t in self._suite.tests if t.id in wanted]
        refusal = self._unit.refusal(text)
        if refusal:
            return {"results": [], "error": "refused", "message": refusal}
        candidate = self._candidate(text)
        telling = [t.id for t in in_turn if not t.passes]
        if stop and telling and self._suite.any_order and sum(t.seconds for t in in_turn) > _LONG_SECONDS:
            record = self._warm_record(candidate, telling, stop=True)
            if not _passed(record, telling):
                return record
        return self._warm_record(candidate, [t.id for t in in_turn], stop=stop)

    def _candidate(self, text: str) -> _Candidate:
        landed = self._unit.as_landed(text)
        late = landed is not None and not self._unit.landing(text).quiet
        path = "fresh" if late or self._suite.path != "swap" else "swap"
        return _Candidate(self._unit.with_target(text), landed, path)

    def _warm_record(self, candidate: _Candidate, tests: Sequence[str], *, stop: bool) -> Record:
        record = self._run(candidate, tests, stop=stop)
        if record.get("error") == "unswappable":
            record = self._run(candidate._replace(path="fresh"), tests, stop=stop)
        return record

    def _run(self, candidate: _Candidate, tests: Sequence[str], *, stop: bool) -> Record:
        try:
            (record,) = self._workers.run(
                candidate.path,
                [candidate.text],
                tests,
                stop=stop,
                test_seconds=self._test_seconds,
                seconds=self._seconds,
                landed=[candidate.landed],
            )
        except WorkerDied as died:
            return {"results": [], "death": "crash", "message": died.message}
        return record

    def _cold_record(self, text: str, tests: Sequence[str]) -> Record:
        try:
            data = self._file_bytes(text)
        except SecantError as error:  # it does not parse, or would define another function there
            return {"results": [], "error": "parse", "message": error.message}
        run = self._cold.run(data, tests, self._test_seconds)
        return {"results": list(run.results.values()), "message": "; ".join(run.errors)[:500]}


def _passed(record: Record, tests: Sequence[str]) -> bool:
    passed = {result["id"] for result in record["results"] if result["outcome"] in OK_OUTCOMES}
    return passed.issuperset(tests)
