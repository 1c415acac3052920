"""The original on its tests, run several ways: which tests reach it, which are stable, and which path candidates take.

Warm as imported (what pytest does, with a probe at the function's entry), warm as swapped (the same code put in as a
candidate would be), and cold (a plain pytest on a copy). Where the three agree for every test, a swap is faithful.
Where the swap differs, candidates are imported anew; where that differs too, each gets a cold run of its own. A test
that disagrees with itself is flaky: it is named and judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from secant.events import FoundTest
from secant.functions.cold import ColdResult, ColdRunner
from secant.functions.suite import OK_OUTCOMES, JudgingTest, RunPath, Suite
from secant.functions.unit import Unit
from secant.functions.workers import Collected, Workers

FIRST_FUEL = 2_000_000
SECOND_FUEL = 40_000_000
_CLEARLY_ENDLESS = 1000
"""A test that uses so many times the loop steps of every finished one does not end."""
_ALL_TESTS_SECONDS = 300.0

Outcomes = Mapping[str, Mapping[str, Any]]


class Baseline:
    """Runs the original and decides."""

    def __init__(
        self, workers: Workers, cold: ColdRunner, unit: Unit, collected: Collected, *, test_seconds: float
    ) -> None:
        self._workers = workers
        self._cold = cold
        self._unit = unit
        self._collected = collected
        self._test_seconds = test_seconds
        self._left_out: list[FoundTest] = []

    def suite(self) -> Suite:
        """Every run that is needed, and what follows from them."""
        if not self._collected.loaded or not self._collected.functions or self._collected.import_hits:
            return self._without_swap()
        imported = self._imported([test.id for test in self._collected.tests])
        reaching = self._reaching(imported)
        if not reaching:
            return Suite(tests=(), left_out=tuple(self._left_out))
        swapped = self._warm("swapped", reaching, FIRST_FUEL)
        hanging = {t for t in reaching if imported[t]["outcome"] == "timeout"}
        cold = self._cold_run([t for t in reaching if t not in hanging])
        verdicts = [{**imported}, {**swapped}, {**cold.results, **{t: imported[t] for t in hanging}}]
        stable = [t for t in reaching if _agree(t, verdicts)]
        path, reason = ("swap", "") if len(stable) == len(reaching) else self._settle(reaching, hanging, verdicts, stable)
        return self._made(reaching, imported, swapped, path, reason)

    # Warm runs

    def _imported(self, tests: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """All tests as pytest imported the function; endless ones told from slow ones."""
        results = self._warm("imported", tests, FIRST_FUEL)
        endless = [t for t in tests if results.get(t, {}).get("outcome") == "timeout"]
        finished = [r.get("ticks", 0) for r in results.values() if r.get("outcome") != "timeout" and r.get("hits")]
        if endless and (not finished or max(finished) * _CLEARLY_ENDLESS > FIRST_FUEL):
            again = self._warm("imported", endless[:1], SECOND_FUEL)
            if again[endless[0]]["outcome"] != "timeout":
                again = {**again, **self._warm("imported", endless[1:], SECOND_FUEL)}
            results = {**results, **again}
        return results

    def _warm(self, mode: Any, tests: Sequence[str], fuel: int) -> dict[str, Mapping[str, Any]]:
        """Results by test. A test that ends the child is noted, and the ones behind it are run in another."""
        results: dict[str, Mapping[str, Any]] = {}
        rest = list(tests)
        while rest:
            answer = self._workers.baseline(
                mode, rest, fuel=fuel, test_seconds=self._test_seconds, seconds=_ALL_TESTS_SECONDS
            )
            new = {r["id"]: r for r in answer["results"]}
            if mode == "swapped":
                self._types = answer.get("types", {}), answer.get("attributes", {})
            results.update(new)
            if not new:
                message = answer.get("message", "the child ended before its first test")
                results.update({t: {"id": t, "outcome": "crash", "message": message} for t in rest})
            rest = [t for t in rest if t not in results]
        return results

    def _reaching(self, results: Outcomes) -> list[str]:
        """The tests during which the function ran; the others are left out, each with the reason."""
        reaching: list[str] = []
        for test in (t.id for t in self._collected.tests):
            result = results[test]
            if result["outcome"] == "skipped":
                self._leave_out(test, "skipped by pytest")
            elif result.get("hits") or result["outcome"] in {"timeout", "crash"}:
                reaching.append(test)
            else:
                self._leave_out(test, "does not call the function")
        return reaching

    # The other paths

    def _settle(
        self, tests: Sequence[str], hanging: set[str], verdicts: Sequence[Outcomes], stable: Sequence[str]
    ) -> tuple[RunPath, str]:
        """The runs disagree: leave out what is flaky, and find the path that agrees with cold runs."""
        doubtful = [t for t in tests if t not in set(stable)]
        imported_again = self._warm("imported", tests, FIRST_FUEL)
        cold_again = self._cold_run([t for t in tests if t not in hanging])
        imported, swapped, cold = verdicts
        flaky = [
            t for t in doubtful
            if not _agree(t, (imported, imported_again)) or not _agree(t, (cold, cold_again.results))
        ]  # fmt: skip
        for test in flaky:
            self._leave_out(test, "flaky: two runs of the original gave different results")
        unfaithful = [t for t in doubtful if t not in flaky]
        if not unfaithful:
            return "swap", ""
        first = unfaithful[0]
        if all(_agree(t, (imported, cold)) for t in unfaithful):
            return "fresh", f"{first} went otherwise when the same code was swapped in"
        return self._fresh_or_cold([t for t in tests if t not in flaky], cold_again)

    def _without_swap(self) -> Suite:
        """The function already ran at import, or no function object is there to be swapped."""
        if self._collected.import_hits:
            reason = "importing the module or collecting the tests already calls the function"
        elif self._collected.loaded:
            reason = "the module holds no plain function object of that name"
        else:
            reason = "the tests do not import the module in this process"
        tests = [t.id for t in self._collected.tests]
        cold, again = self._cold_run(tests), self._cold_run(tests)
        results = {t: cold.results.get(t, {"outcome": "crash", "message": "; ".join(cold.errors)}) for t in tests}
        kept: list[str] = []
        for test in tests:
            if results[test]["outcome"] == "skipped":
                self._leave_out(test, "skipped by pytest")
            elif not _agree(test, (results, again.results)):
                self._leave_out(test, "flaky: two runs of the original gave different results")
            else:
                kept.append(test)
        path, detail = self._fresh_or_cold(kept, cold) if kept else ("cold", "")
        return self._made(kept, results, {}, path, f"{reason}{'; ' + detail if detail else ''}")

    def _fresh_or_cold(self, tests: Sequence[str], cold: ColdResult) -> tuple[RunPath, str]:
        """`fresh` where importing anew agrees with the cold run on every test."""
        record = next(
            self._workers.run(
                "fresh", [self._unit.text], tests, stop=False, test_seconds=self._test_seconds, seconds=_ALL_TESTS_SECONDS
            )
        )
        fresh = {r["id"]: r for r in record["results"]}
        different = [t for t in tests if not _agree(t, (fresh, cold.results))]
        if not different:
            return "fresh", ""
        return "cold", f"{different[0]} needs a plain pytest on a copy of the project"

    def _cold_run(self, tests: Sequence[str]) -> ColdResult:
        return self._cold.run(None, tests, self._test_seconds) if tests else ColdResult(results={})

    # What it comes to

    _types: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})

    def _leave_out(self, test: str, why: str) -> None:
        self._left_out.append(FoundTest(id=test, why=why))

    def _made(
        self, tests: Sequence[str], results: Outcomes, swapped: Outcomes, path: RunPath, reason: str
    ) -> Suite:
        out = {t.id for t in self._left_out}
        plain = {t.id for t in self._collected.tests if t.plain}
        judging = [_judging(t, t in plain, results[t], swapped.get(t, {})) for t in tests if t not in out]
        variables, attributes = self._types
        return Suite(
            tests=tuple(judging),
            left_out=tuple(self._left_out),
            path=path,
            path_reason=reason,
            variable_types={name: tuple(types) for name, types in variables.items()},
            attribute_types={name: tuple(types) for name, types in attributes.items()},
        )


def _agree(test: str, runs: Sequence[Outcomes]) -> bool:
    """Whether a test came out alike in all runs, as far as it matters: passed, skipped, or not passed."""
    return len({_kind(run.get(test, {}).get("outcome", "missing")) for run in runs}) == 1


def _kind(outcome: str) -> str:
    return "ok" if outcome in OK_OUTCOMES else outcome if outcome in {"skipped", "missing"} else "not ok"


def _judging(test: str, plain: bool, result: Mapping[str, Any], swapped: Mapping[str, Any]) -> JudgingTest:
    return JudgingTest(
        id=test,
        outcome=result["outcome"],
        plain=plain,
        seconds=result.get("wall", result.get("seconds", 0.0)),
        ticks=result.get("ticks", 0),
        lines=tuple(swapped.get("lines", ())),
        message=result.get("message", ""),
        error=result.get("error", ""),
        error_line=result.get("error_line"),
    )
