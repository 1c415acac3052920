"""The unchanged function on its tests, by every way in which a candidate could be run: what the baseline compares.

Warm as pytest imported it, warm with its own code swapped in, imported anew, and cold. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from secant.functions.cold import ColdResult, ColdRunner
from secant.functions.launching import COLD_SEED, WARM_SEED
from secant.functions.unit import Unit
from secant.functions.workers import Workers

_FIRST_FUEL = 500_000
_SECOND_FUEL = 40_000_000
_ENDLESS_FUEL = 20_000
"""For a test that is known not to end: enough to see which lines it runs."""
_ALL_TESTS_SECONDS = 300.0

Outcomes = Mapping[str, Mapping[str, Any]]
"""By test id, `{"outcome", "seconds", ...}` as the worker reports them."""


class Original:
    """Runs the original; every method answers with outcomes by test."""

    def __init__(self, workers: Workers, cold: ColdRunner, unit: Unit, *, test_seconds: float) -> None:
        self._workers = workers
        self._cold = cold
        self._unit = unit
        self._test_seconds = test_seconds
        self._fuel = _FIRST_FUEL
        self._endless: set[str] = set()
        self.variable_types: dict[str, set[str]] = {}
        """Types that local variables had while it ran swapped in; likewise attributes of `self`."""
        self.attribute_types: dict[str, set[str]] = {}

    def imported(self, tests: Sequence[str]) -> Outcomes:
        """As pytest imported it, with a probe that counts calls and loop steps; endless tests told from slow ones."""
        results = self._warm("imported", tests, _FIRST_FUEL)
        endless = [t for t in tests if results[t]["outcome"] == "timeout"]
        if endless:
            # However few loop steps the others need, this may be the one with a large input: it gets a second look.
            again = self._warm("imported", endless[:1], _SECOND_FUEL)
            if again[endless[0]]["outcome"] != "timeout":
                again = {**again, **self._warm("imported", endless[1:], _SECOND_FUEL)}
            results = {**results, **again}
            self._fuel = _SECOND_FUEL
        self._endless = {t for t in endless if results[t]["outcome"] == "timeout"}
        return results

    def imported_again(self, tests: Sequence[str]) -> Outcomes:
        """The same with the random state of a process of its own."""
        return self._warm("imported", tests, self._fuel, reseed=True)

    def swapped(self, tests: Sequence[str]) -> Outcomes:
        """With its own code put in as a candidate's would be; tells covered lines, and collects types."""
        ending = [t for t in tests if t not in self._endless]
        results = self._warm("swapped", ending, self._fuel) if ending else {}
        return {**results, **self._warm("swapped", [t for t in tests if t in self._endless], _ENDLESS_FUEL)}

    def fresh(self, tests: Sequence[str]) -> Outcomes:
        """In a process that imports the project anew; empty where that cannot serve this module."""
        (record,) = self._workers.run(
            "fresh", [self._unit.text], tests, stop=False, test_seconds=self._test_seconds, seconds=_ALL_TESTS_SECONDS
        )
        return {} if record.get("error") else {r["id"]: r for r in record["results"]}

    def cold(self, tests: Sequence[str], hash_seed: str = COLD_SEED) -> ColdResult:
        """By a plain pytest on a copy."""
        if not tests:
            return ColdResult(results={})
        return self._cold.run(None, tests, self._test_seconds, hash_seed=hash_seed)

    def cold_again(self, tests: Sequence[str]) -> Outcomes:
        """The same with the hash seed of the workers: what differs for that alone hangs on the order of a set."""
        return self.cold(tests, WARM_SEED).results

    def _warm(
        self, mode: Literal["imported", "swapped"], tests: Sequence[str], fuel: int, *, reseed: bool = False
    ) -> dict[str, Mapping[str, Any]]:
        """Results by test. A test that ends the child is run once more, alone; the ones behind it in another child."""
        results: dict[str, Mapping[str, Any]] = {}
        waiting = [list(tests)]
        while waiting:
            asked = waiting.pop()
            new = self._warm_child(mode, asked, fuel, reseed=reseed)
            rest = [t for t in asked if t not in new]
            died = next((t for t, result in new.items() if result["outcome"] == "crash"), None)
            if died is not None and len(asked) > 1:
                waiting.append([died])
            results.update(new)
            if rest:
                waiting.insert(0, rest)
        return results

    def _warm_child(
        self, mode: Literal["imported", "swapped"], tests: Sequence[str], fuel: int, *, reseed: bool
    ) -> dict[str, Mapping[str, Any]]:
        answer = self._workers.baseline(
            mode, tests, fuel=fuel, reseed=reseed, test_seconds=self._test_seconds, seconds=_ALL_TESTS_SECONDS
        )
        if mode == "swapped":
            _merge(self.variable_types, answer.get("types", {}))
            _merge(self.attribute_types, answer.get("attributes", {}))
        new: dict[str, Mapping[str, Any]] = {r["id"]: r for r in answer["results"]}
        if new:
            return new
        message = answer.get("message", "the child ended before its first test")
        return {t: {"id": t, "outcome": "crash", "message": message} for t in tests}


def _merge(into: dict[str, set[str]], types: Mapping[str, Sequence[str]]) -> None:
    for name, seen in types.items():
        into.setdefault(name, set()).update(seen)
