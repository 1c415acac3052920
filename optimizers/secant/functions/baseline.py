"""The baseline: which tests judge the function, which only look on, which are left out, and how candidates are run.

The original is run on all tests as imported, swapped in, and cold. The first way of running candidates that agrees
with the cold run on every judging test is taken: swapped in, or imported anew, or each by a cold run of its own. A test
that disagrees with itself is flaky: it is named and judges nothing. One that never runs the function judges nothing
either, but the winner must leave it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from secant.errors import CollectionError
from secant.events import FoundTest
from secant.functions.cold import ColdRunner
from secant.functions.original import Original, Outcomes
from secant.functions.suite import OK_OUTCOMES, Details, JudgingTest, RunPath, Suite, cheapest_first
from secant.functions.unit import Unit
from secant.functions.workers import Collected, Workers

_REPEATS = 12
_REPEAT_SECONDS = 5.0
_QUICK_SECONDS = 1.5
"""Tests that take less altogether are repeated in full, on a busy machine too: a coin is not told by three throws."""
_FATAL = frozenset({"timeout", "crash"})
_FLAKY = "flaky: it passes and fails on the same code"


class _Path(NamedTuple):
    """How candidates are run, why not by a faster path, and whether tests may leave pytest's order."""

    name: RunPath
    reason: str = ""
    any_order: bool = False


class Baseline:
    """Runs the original and decides. `suite` may be called once."""

    def __init__(
        self, workers: Workers, cold: ColdRunner, unit: Unit, collected: Collected, *, test_seconds: float
    ) -> None:
        self._original = Original(workers, cold, unit, test_seconds=test_seconds)
        self._collected = collected
        self._plain = {test.id for test in collected.tests if test.plain}
        self._left_out: dict[str, str] = {}
        self._onlookers: list[str] = []
        self._imported: Outcomes = {}
        self._swapped: Outcomes = {}
        self._cold: Outcomes = {}

    def suite(self) -> Suite:
        """Every run that is needed, and what follows from them."""
        everything = [test.id for test in self._collected.tests]
        forks = not self._collected.threads
        self._imported = self._original.imported(everything) if forks else self._run_cold(everything)
        judging = self._sort_out(everything)
        if not judging:
            return self._made([], _Path("swap"))
        self._cold = self._run_cold([*judging, *self._onlookers])
        slow_swap = self._why_no_swap()
        if self._collected.functions and forks:
            self._swapped = self._original.swapped(self._cheapest_first(judging))
        runs = (self._imported, self._cold) if slow_swap else (self._imported, self._cold, self._swapped)
        if _disagreeing(judging, runs) or _disagreeing(self._onlookers, (self._imported, self._cold)):
            self._leave_out_flaky(forks=forks)
            judging = [t for t in judging if t not in self._left_out]
        return self._made(judging, self._path(judging, slow_swap) if judging else _Path("swap"))

    # Which tests

    def _sort_out(self, tests: Iterable[str]) -> list[str]:
        """The tests that judge. The others look on, or are left out where they cannot even do that."""
        judging: list[str] = []
        called_at_import = bool(self._why_no_swap())
        for test in tests:
            result = self._imported[test]
            reached = called_at_import or result.get("hits") or result.get("reached")
            if result["outcome"] in _FATAL:
                why = _why_unusable(result, reached=bool(reached))
                if why:
                    self._left_out[test] = why
                else:
                    judging.append(test)
            elif result["outcome"] == "skipped":
                self._left_out[test] = "skipped by pytest"
                self._onlookers.append(test)
            elif reached:
                judging.append(test)
            else:
                self._left_out[test] = "does not call the function"
                self._onlookers.append(test)
        return judging

    def _leave_out_flaky(self, *, forks: bool) -> None:
        """Some runs disagree. Repeat them, and leave out every test that disagrees with itself."""
        tests = [t for t in self._cold if self._imported[t]["outcome"] not in _FATAL]
        seconds = sum(self._imported[t].get("wall", 0.0) for t in tests)
        many = _REPEATS if seconds <= _QUICK_SECONDS else max(1, int(_REPEAT_SECONDS / seconds))
        repeats = min(_REPEATS, many) if forks else 0
        warm = [self._imported, *(self._original.imported_again(tests) for _ in range(repeats))]
        colds = [self._cold, self._original.cold_again(tests)]
        for test in tests:
            if _disagreeing([test], warm) or _disagreeing([test], colds):
                self._left_out[test] = _FLAKY
        self._onlookers = [t for t in self._onlookers if self._left_out[t] != _FLAKY]

    def _run_cold(self, tests: Sequence[str]) -> Outcomes:
        """Cold outcomes; what hangs or kills its process warm is not tried again, where it would end the whole run."""
        fatal = {t: self._imported[t] for t in tests if self._imported.get(t, {}).get("outcome") in _FATAL}
        run = self._original.cold([t for t in tests if t not in fatal])
        if run.errors and not run.results:
            raise CollectionError("pytest cannot run the tests on a copy of the project", hint="\n".join(run.errors))
        lost = {"outcome": "crash", "message": "; ".join(run.errors) or "pytest did not run it"}
        return {t: fatal.get(t) or run.results.get(t, {"id": t, **lost}) for t in tests}

    # Which path

    def _why_no_swap(self) -> str:
        if not self._collected.loaded:
            return "the tests do not import the module in this process"
        if not self._collected.functions:
            return "the module holds no plain function object of that name"
        if self._collected.threads:
            return "importing the module or collecting the tests starts threads, which a fork does not have"
        if self._collected.import_hits:
            return "importing the module or collecting the tests already calls the function"
        return ""

    def _path(self, tests: Sequence[str], slow_swap: str) -> _Path:
        """The fastest path that agrees with the cold run on every test."""
        reason = slow_swap
        if not slow_swap:
            if not _disagreeing(tests, (self._swapped, self._cold)):
                return _Path("swap", any_order=True)
            different = _disagreeing(tests, (self._original.swapped(tests), self._cold))
            if not different:
                return _Path("swap")
            reason = f"{different[0]} went otherwise when the same code was swapped in"
        if not _disagreeing(tests, (self._original.fresh(tests), self._cold)):
            return _Path("fresh", reason)
        return _Path("cold", f"{reason}; only a plain pytest on a copy of the project is faithful")

    def _cheapest_first(self, tests: Sequence[str]) -> list[str]:
        return [t.id for t in cheapest_first([self._judging(t) for t in tests])]

    # What it comes to

    def _made(self, tests: Sequence[str], path: _Path) -> Suite:
        onlookers = [t for t in self._onlookers if t in self._cold]
        return Suite(
            tests=tuple(self._judging(t) for t in tests),
            onlookers=tuple(self._judging(t) for t in onlookers),
            left_out=tuple(FoundTest(id=t, why=why) for t, why in self._left_out.items()),
            path=path.name,
            path_reason=path.reason,
            any_order=path.any_order,
            variable_types={name: tuple(sorted(seen)) for name, seen in self._original.variable_types.items()},
            attribute_types={name: tuple(sorted(seen)) for name, seen in self._original.attribute_types.items()},
        )

    def _judging(self, test: str) -> JudgingTest:
        imported, swapped = self._imported[test], self._swapped.get(test, {})
        result = self._cold.get(test, imported)
        return JudgingTest(
            id=test,
            outcome=result["outcome"],
            plain=test in self._plain,
            seconds=imported.get("wall", imported.get("seconds", 0.0)),
            ticks=imported.get("ticks", 0),
            lines=tuple(swapped.get("lines", ())),
            message=result.get("message", ""),
            error=result.get("error", ""),
            error_line=result.get("error_line"),
            details=Details(**result.get("details", {})),
        )


def _why_unusable(result: Mapping[str, Any], *, reached: bool) -> str:
    """Why a test that hangs or kills its process says nothing about the function; empty where it may."""
    hangs = result["outcome"] == "timeout"
    if not reached:
        return f"{'hangs' if hangs else 'ends the test process'} before it calls the function"
    if hangs and result.get("error") == "TestTimeout" and result.get("error_line") is None:
        return "hangs outside the function"
    return ""


def _disagreeing(tests: Iterable[str], runs: Sequence[Outcomes]) -> list[str]:
    """The tests that did not come out alike in all runs, as far as it matters: passed, skipped, or not passed."""
    return [t for t in tests if len({_kind(run.get(t, {}).get("outcome", "missing")) for run in runs}) > 1]


def _kind(outcome: str) -> str:
    return "ok" if outcome in OK_OUTCOMES else outcome if outcome in {"skipped", "missing"} else "not ok"
