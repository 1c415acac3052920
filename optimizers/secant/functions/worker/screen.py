"""The first filter: many candidates in one child, each against the cheapest tests, thousands in a few seconds.

It only turns candidates down: what it lets through is run in a fork of its own. Candidates share a process, so every
few dozen the original is run again (the canary); where it no longer behaves, the verdicts since the last good canary
are withdrawn. A candidate that hurts the child (crash, stall) is marked and a new child goes on behind it.
"""

from __future__ import annotations

import copy
import functools
import gc
import inspect
import mmap
import os
import random
import struct
import sys
import time
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, TextIO, cast

from . import isolation, probes
from .children import cpu_seconds, wait
from .protocol import Request
from .unit import Compiled, Unswappable, install

if TYPE_CHECKING:
    from typing import TypeGuard

    import pytest

    from .warm import Warm

UNKNOWN, PASSED, FAILED, FUEL, INVALID, UNSWAPPABLE, HURT = range(7)
_CANARY_EVERY = 64
_CACHE: type = type(functools.lru_cache(int))
_POLL_SECONDS = 0.05
_SLEEPING_SECONDS = 3.0
"""A candidate that waits uses no CPU time; so long it may."""
_HEADER = struct.Struct("=iii")  # current candidate, first candidate since the last good canary, 1 when it turned bad


class Screen:
    """Holds the plain callables of the tests and the state to put back between candidates."""

    def __init__(self, warm: Warm) -> None:
        self._warm = warm

    def run(self, request: Request) -> dict[str, Any]:
        """Verdicts for `texts` on `tests` (ids in the order to try), fuel by test; see the constants above.

        The first `always` tests are run whatever happens, so that `passed` tells how many of them a text repairs;
        behind them the first failure ends it.
        """
        texts = request["texts"]
        shared = mmap.mmap(-1, _HEADER.size + 3 * len(texts))
        start, canary_failed = 0, False
        while start < len(texts):
            start, failed = self._one_child(request, shared, start)
            canary_failed = canary_failed or failed
        verdicts = [shared[_HEADER.size + 3 * i] for i in range(len(texts))]
        passed = [struct.unpack_from("=H", shared, _HEADER.size + 3 * i + 1)[0] for i in range(len(texts))]
        shared.close()
        return {"verdicts": verdicts, "passed": passed, "canary_failed": canary_failed}

    def _one_child(self, request: Request, shared: mmap.mmap, start: int) -> tuple[int, bool]:
        """Fork one child at candidate `start`; returns (where the next one begins, whether the canary died)."""
        total = len(request["texts"])
        _HEADER.pack_into(shared, 0, start, start, 0)
        pid = self._warm.nursery.fork(lambda: _Bench(self._warm, request, shared).run(start))
        current, cpu, since = start, 0.0, time.monotonic()
        while not wait(pid, _POLL_SECONDS):
            now_at, used = _HEADER.unpack_from(shared, 0)[0], cpu_seconds(pid)
            if now_at != current:
                current, cpu, since = now_at, used, time.monotonic()
            elif used - cpu > request["stall"] or time.monotonic() - since > _SLEEPING_SECONDS + request["stall"]:
                break
        isolation.kill_tree(pid)
        os.waitpid(pid, 0)
        current, trusted, bad = _HEADER.unpack_from(shared, 0)
        if bad:
            for index in range(trusted, min(current, total)):
                shared[_HEADER.size + 3 * index] = UNKNOWN
            return max(current, start + 1), True
        if current < total:
            shared[_HEADER.size + 3 * current] = HURT
            return current + 1, False
        return total, False


class _Bench:
    """The child's side: swap, run the tests until one fails, write a verdict, put everything back."""

    def __init__(self, warm: Warm, request: Request, shared: mmap.mmap) -> None:
        self._warm = warm
        self._texts: list[str] = request["texts"]
        self._shared = shared
        self._probes = warm.probes
        self._tests = [(runner(warm.items[t["id"]]), t["fuel"], t["passes"]) for t in request["tests"]]
        self._always: int = request.get("always", 0)
        self._functions = warm.functions
        self._restore = _Restorer(warm.functions)

    def run(self, start: int) -> None:
        sys.stdout = sys.stderr = cast("TextIO", _Silence())
        gc.freeze()
        original = self._warm.unit.compile(self._warm.unit.text, probes.fuelled, self._warm.namespace)
        trusted = start
        for index in range(start, len(self._texts)):
            _HEADER.pack_into(self._shared, 0, index, trusted, 0)
            verdict, passed = self._judge(self._texts[index])
            struct.pack_into("=BH", self._shared, _HEADER.size + 3 * index, verdict, min(passed, 65535))
            last = index + 1 == len(self._texts)
            if last or (index + 1 - start) % _CANARY_EVERY == 0:
                if not self._canary(original):
                    _HEADER.pack_into(self._shared, 0, index + 1, trusted, 1)
                    os._exit(0)
                trusted = index + 1
        _HEADER.pack_into(self._shared, 0, len(self._texts), trusted, 0)

    def _judge(self, text: str) -> tuple[int, int]:
        try:
            compiled = self._warm.unit.compile(text, probes.fuelled, self._warm.namespace)
            self._restore()
            install(self._functions, compiled)
        except Unswappable:
            return UNSWAPPABLE, 0
        except (SyntaxError, ValueError, RecursionError):
            return INVALID, 0
        verdict, passed = PASSED, 0
        for position, (test, fuel, _) in enumerate(self._tests, 1):
            self._probes.refuel(fuel)
            try:
                test()
                passed += 1
                continue
            except probes.OutOfFuel:
                verdict = FUEL
            except BaseException:  # noqa: BLE001  # because a candidate may raise anything, and all of it is a failure
                verdict = FAILED
            if verdict != PASSED and position >= self._always:
                break
        return verdict, passed

    def _canary(self, original: Compiled) -> bool:
        self._restore()
        install(self._functions, original)
        for test, fuel, passes in self._tests:
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


def is_plain(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Whether the test is a function that needs nothing of pytest but its parameters."""
    import pytest

    if type(item) is not pytest.Function or not set(item.fixturenames) <= set(_parameters(item)):
        return False
    function = _function(item)
    special = inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function)
    return not special and all(mark.name == "parametrize" for mark in item.iter_markers())


def runner(item: pytest.Item) -> Callable[[], object]:
    """A callable that runs the test and raises where it fails: the bare function where nothing else is needed."""
    if is_plain(item):
        cls, function, parameters = item.cls, _function(item), _parameters(item)
        arguments = {name: parameters[name] for name in inspect.signature(function).parameters if name in parameters}
        if cls is not None:
            return lambda: getattr(cls(), item.originalname or item.name)(**copy.deepcopy(arguments))
        return lambda: function(**copy.deepcopy(arguments)) if arguments else function()
    return lambda: _by_protocol(item)


def _function(item: Any) -> Callable[..., Any]:
    """The test's function, to which pytest gives no type."""
    return item.function


def _parameters(item: pytest.Item) -> dict[str, Any]:
    callspec = getattr(item, "callspec", None)
    return dict(callspec.params) if callspec is not None else {}


def _by_protocol(item: pytest.Item) -> None:
    from _pytest.runner import runtestprotocol

    for report in runtestprotocol(item, log=False, nextitem=None):
        if report.failed:
            raise AssertionError("failed")
        if report.skipped and not hasattr(report, "wasxfail"):
            raise AssertionError("skipped")
