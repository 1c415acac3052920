"""The child's side of the screen: swap a candidate in, run the tests until one fails, put everything back, go on.

Runs where a candidate has run before, so nothing here is believed before the original has been seen to behave again.
"""

from __future__ import annotations

import copy
import functools
import gc
import os
import random
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import TextIO, cast

from . import probes
from .added import BELOW
from .collected import Collected
from .plain import runner
from .protocol import Request
from .unit import Compiled, Unswappable
from .verdicts import FAILED, FUEL, INVALID, PASSED, UNSWAPPABLE, VerdictTable

_CANARY_EVERY = 64
_CACHE: type = type(functools.lru_cache(int))


class Sieve:
    """Judges candidates one after the other in this process; made in a child, which ends with it."""

    def __init__(self, held: Collected, request: Request, table: VerdictTable) -> None:
        self._held = held
        self._texts: list[str] = request["texts"]
        self._table = table
        self._probes = held.probes
        self._tests = [(runner(held.items[t["id"]]), t["fuel"]) for t in request["tests"]]
        expected = [t["passes"] if not t.get("dies") else None for t in request["tests"]]
        self._canaries = [(*test, passes) for test, passes in zip(self._tests, expected) if passes is not None]
        self._always: int = request.get("always", 0)
        self._restore = _Restorer(held.functions)

    def run(self, start: int, end: int) -> None:
        """Verdicts for the candidates from `start` to before `end`."""
        sys.stdout = sys.stderr = cast("TextIO", _Silence())
        gc.freeze()
        original = self._held.compile(self._held.unit.text, probes.fuelled)
        trusted = start
        for index in range(start, end):
            self._table.note(index, trusted)
            self._table.set(index, *self._judge(self._texts[index]))
            if index + 1 == end or (index + 1 - start) % _CANARY_EVERY == 0:
                if not self._canary(original):
                    self._table.note(index + 1, trusted, soured=True)
                    os._exit(0)
                trusted = index + 1
        self._table.note(end, trusted)

    def _judge(self, text: str) -> tuple[int, int]:
        """The verdict, and how many tests passed before it ended."""
        if BELOW in text:  # it would leave its names behind for the candidates after it
            return UNSWAPPABLE, 0
        try:
            compiled = self._held.compile(text, probes.fuelled)
            self._restore()
            self._held.swap(compiled)
        except Unswappable:
            return UNSWAPPABLE, 0
        except (SyntaxError, ValueError, RecursionError):
            return INVALID, 0
        verdict, passed = PASSED, 0
        for position, (test, fuel) in enumerate(self._tests):
            if verdict != PASSED and position >= self._always:
                break
            self._probes.refuel(fuel)
            try:
                test()
                passed += 1
            except probes.OutOfFuel:
                verdict = FUEL
            except BaseException:  # noqa: BLE001  # because a candidate may raise anything, and all of it is a failure
                verdict = FAILED
        return verdict, passed

    def _canary(self, original: Compiled) -> bool:
        """Whether the original still does what it did at the baseline, on every test that it survives."""
        self._restore()
        self._held.swap(original)
        for test, fuel, passes in self._canaries:
            self._probes.refuel(fuel)
            try:
                test()
                happened = True
            except BaseException:  # noqa: BLE001  # because the original's failure may be of any kind
                happened = False
            if happened != passes:
                return False
        return True


class _Restorer:
    """Puts back what candidates share: defaults, function attributes, caches, the random state."""

    def __init__(self, functions: Sequence[FunctionType]) -> None:
        self._saved = [(f, copy.deepcopy((f.__defaults__, f.__kwdefaults__)), dict(f.__dict__)) for f in functions]
        wrappers = [o for o in gc.get_objects() if isinstance(o, _CACHE)]
        modules = {f.__module__ for f in functions}
        self._caches = [w for w in wrappers if getattr(w, "__module__", None) in modules]
        self._limit = sys.getrecursionlimit()

    def __call__(self) -> None:
        for function, defaults, attributes in self._saved:
            function.__defaults__, function.__kwdefaults__ = copy.deepcopy(defaults)
            function.__dict__.clear()
            function.__dict__.update(attributes)
        for wrapper in self._caches:
            wrapper.cache_clear()
        if sys.getrecursionlimit() != self._limit:
            sys.setrecursionlimit(self._limit)
        random.seed(0)


class _Silence:
    """Output that goes nowhere; a candidate may print megabytes."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False
