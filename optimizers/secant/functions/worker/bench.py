"""The bench: a process that has run the tests once, holds the calls they made, and times and compares versions on them.

Old and new are compared in children of this process, so each sample starts from the same state.
"""

from __future__ import annotations

import ast
import copy
import itertools
import json
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FrameType, FunctionType
from typing import Any, TypeVar

from . import timing
from .children import Ended, Write
from .collected import Collected
from .counting import count_lines
from .outcome import Outcome, observe, safe_repr, same, shorten
from .protocol import Request
from .record import Recorder
from .scaling import choose_workload, scaled
from .session import run_items
from .showing import shown
from .timing import Arguments
from .twins import twin_of
from .unit import Compiled, Unswappable, install

_Thing = TypeVar("_Thing")

_CALL_SECONDS = 1.0
_LEAST_CALL_SECONDS = 0.02
"""Of a compared call, where some have taken too long: each leaves the next ones a quarter of what it had."""
_SLOWER = 50
"""So many times what the first version took may the second compute, and a second at least, before it takes too long."""
_WORKLOAD_SECONDS = 0.25
"""What one pass of the original over the timed calls may take; one call is always timed."""
_COMPARING_SECONDS = 6.0
"""Enough for a comparison: behind it no further input is begun."""


class CallTooLong(BaseException):
    """A compared call took longer than it may."""


class Bench:
    """Serves `record`, then `measure` and `compare`, in a child that has taken the pipes over from its parent."""

    def __init__(self, held: Collected) -> None:
        self._held = held
        self._calls: list[Arguments] = []
        self._workload: list[Arguments] = []
        self._enlarged: dict[int, list[int]] = {}
        self._slowest = 0.0

    def do_record(self, request: Request) -> None:
        """Run the tests with recording; answer how many calls there are and what they look like.

        A test that takes longer than the request allows is left; its calls so far count.
        """
        held = self._held
        recorder = Recorder(held.unit, held.functions, held.namespace)
        items = [held.items[name] for name in request["tests"]]
        following = itertools.chain((item.nodeid for item in items), itertools.repeat(""))
        signal.signal(signal.SIGALRM, _expire)
        limit = request["test_seconds"]

        def begin_next(_: object = None) -> bool:
            signal.setitimer(signal.ITIMER_REAL, limit)
            recorder.begin(next(following))
            return True

        if items:
            begin_next()
            run_items(items, held.unit.path, begin_next)
        signal.setitimer(signal.ITIMER_REAL, 0)
        recorder.stop()
        self._calls = [(call.args, call.kwargs) for call in recorder.calls]
        seconds = {id(arguments): call.seconds for arguments, call in zip(self._calls, recorder.calls)}
        chosen = choose_workload(self._calls, lambda arguments: seconds[id(arguments)])
        self._workload = _within(_WORKLOAD_SECONDS, [(call, seconds[id(call)]) for call in chosen])
        held.channel.send(
            request,
            calls=len(self._calls),
            seen=recorder.seen,
            uncopied=recorder.uncopied,
            seconds=sum(call.seconds for call in recorder.calls),
            literals=[_literal_call(args, kwargs) for args, kwargs in self._calls[:80]],
        )

    def do_measure(self, request: Request) -> None:
        """Time one process's share of old against `text` (or against the old itself).

        All samples of one scale are of the same calls: which of the enlarged ones serve is found out once.
        """
        scale = request.get("scale", 1)
        if scale > 1 and scale not in self._enlarged:
            ended = self._held.nursery.run(lambda write: self._choose_enlarged(scale, write), 60.0)
            self._enlarged[scale] = json.loads(ended.payload) if ended.payload is not None else []
        ended = self._held.nursery.run(lambda write: self._measure(request, write), request["seconds"] * 6 + 20)
        self._answer(request, ended)

    def _measure(self, request: Request, write: Write) -> None:
        held = self._held
        function = held.functions[0]
        try:
            old = held.compile(held.unit.text)
            new = held.compile(request.get("text") or held.unit.text)
            versions = {"old": _version(function, old), "new": _version(function, new)}
        except (Unswappable, SyntaxError, ValueError) as error:
            write(json.dumps({"error": "unswappable", "message": str(error)}).encode())
            return
        compiled = {"old": old, "new": new}

        def switch(side: str) -> None:
            held.swap(compiled[side])

        scale = request.get("scale", 1)
        calls = self._workload
        if scale > 1:
            larger = [scaled(self._workload[index], scale) for index in self._enlarged[scale]]
            calls = [call for call in larger if call is not None]
        if not calls:
            write(json.dumps({"error": "no_calls", "message": "no recorded call can be repeated"}).encode())
            return
        seconds, seed = request["seconds"], request["seed"]
        sample = timing.measure(
            versions["old"], versions["new"], calls, seconds=seconds, seed=seed, switch=switch, whole=True
        )
        write(json.dumps(sample).encode())

    def _choose_enlarged(self, scale: int, write: Write) -> None:
        """Indices of the recorded calls whose enlarged form the original bears, within a workload's time."""
        old = self._held.functions[0]
        install([old], self._held.compile(self._held.unit.text))
        costs: list[tuple[int, float]] = []
        for index, call in enumerate(self._workload):
            larger = scaled(call, scale)
            seconds = None if larger is None else _seconds_of(old, larger)
            if seconds is not None:
                costs.append((index, seconds))
        costs.sort(key=lambda cost: cost[1])
        write(json.dumps(_within(_WORKLOAD_SECONDS, costs)).encode())

    def do_compare(self, request: Request) -> None:
        """Compare the behaviour of two texts on recorded calls and on the inputs sent along."""
        ended = self._held.nursery.run(lambda write: self._compare(request, write), request["seconds"])
        self._answer(request, ended)

    def _compare(self, request: Request, write: Write) -> None:
        held = self._held
        record: dict[str, Any] = {"compared": 0, "skipped": 0, "differences": [], "done": False}
        try:
            first = held.compile(request.get("first") or held.unit.text)
            second = held.compile(request["second"])
        except (Unswappable, SyntaxError, ValueError) as error:
            write(json.dumps({"error": "unswappable", "message": str(error)}).encode())
            return
        signal.signal(signal.SIGALRM, _expire)
        signal.signal(signal.SIGPROF, _expire)
        started = time.monotonic()
        for call in self._inputs(request):
            if time.monotonic() - started > _COMPARING_SECONDS:
                break
            self._compare_one(call, first, second, request, record)
            write(json.dumps(record).encode())
            if len(record["differences"]) >= request.get("most", 5):
                break
        record["done"] = True
        write(json.dumps(record).encode())

    def _compare_one(
        self, call: Arguments, first: Compiled, second: Compiled, request: Request, record: dict[str, Any]
    ) -> None:
        usual = max(_LEAST_CALL_SECONDS, _SLOWER * self._slowest)
        allowed = max(min(usual, _CALL_SECONDS), _CALL_SECONDS / 4 ** record["skipped"])
        started = time.perf_counter()
        # Only computing is cut short: a call that waits for its turn on a busy machine is not one that never ends.
        old = self._observed(first, call, allowed, _CALL_SECONDS)
        if old is None:
            record["skipped"] += 1
            return
        seconds = time.perf_counter() - started
        self._slowest = max(self._slowest, seconds)
        computing = max(_CALL_SECONDS, _SLOWER * seconds)
        new = self._observed(second, call, computing, max(computing, _CALL_SECONDS * 5))
        record["compared"] += 1
        what = "time" if new is None else same(old, new, request.get("tolerance", 1e-9))
        if what:
            record["differences"].append(
                {
                    "call": shorten(_call_text(self._held.unit.names[-1], call)),
                    "first": old.describe(),
                    "second": "takes too long" if new is None else new.describe(),
                    "what": what,
                }
            )

    def _observed(self, compiled: Compiled, call: Arguments, computing: float, seconds: float) -> Outcome | None:
        """What the version does with a copy of the call; None where it takes too long or nothing can be copied.

        `computing` are the seconds of CPU time that it may use, of the `seconds` that it may take on a busy machine.
        """
        self._held.swap(compiled)
        try:
            args, kwargs = copy.deepcopy(call)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            signal.setitimer(signal.ITIMER_PROF, computing)
            return observe(self._held.functions[0], args, kwargs)
        except CallTooLong:
            return None
        except Exception:  # noqa: BLE001  # because arguments of the user's may refuse copying in any way
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _inputs(self, request: Request) -> Iterator[Arguments]:
        """Recorded calls, then recorded calls with literals in place of some arguments."""
        most = request.get("most_recorded", 150)
        step = max(1, len(self._calls) // most)
        yield from self._calls[::step]
        inputs: Sequence[Mapping[str, Any]] = request.get("inputs", ())
        for given in inputs:
            base: int | None = given.get("base")
            call: Arguments = self._calls[base] if base is not None else ((), {})
            args, kwargs = list(call[0]), dict(call[1])
            for key, text in given["args"].items():
                value = ast.literal_eval(text)
                if key.isdigit():
                    args[int(key)] = value
                else:
                    kwargs[key] = value
            yield tuple(args), kwargs

    def do_count_lines(self, request: Request) -> None:
        """How often each line of the original runs on the calls that are timed."""
        ended = self._held.nursery.run(lambda write: count_lines(self._held, self._workload, write), 60.0)
        self._answer(request, ended)

    def do_release(self, request: Request) -> None:
        self._held.channel.send(request)

    def _answer(self, request: Request, ended: Ended) -> None:
        fields: dict[str, Any] = json.loads(ended.payload) if ended.payload is not None else {}
        if not fields.get("done", True) or ended.payload is None or ended.killed_for:
            fields["death"] = ended.reason or "ended early"
        self._held.channel.send(request, **fields)


def _version(function: FunctionType, compiled: Compiled) -> FunctionType:
    """A function object with this code, sharing globals and closure with the real one."""
    twin = twin_of(function)
    install([twin], compiled)
    return twin


def _seconds_of(function: FunctionType, call: Arguments) -> float | None:
    """What a call takes; None where it raises or takes too long."""
    signal.signal(signal.SIGALRM, _expire)
    signal.setitimer(signal.ITIMER_REAL, 2 * _CALL_SECONDS)
    try:
        args, kwargs = copy.deepcopy(call)
        started = time.perf_counter()
        failed = observe(function, args, kwargs).error is not None
        return None if failed else time.perf_counter() - started
    except BaseException:  # noqa: BLE001  # because an enlarged argument may break the function in any way
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _within(seconds: float, costs: Iterable[tuple[_Thing, float]]) -> list[_Thing]:
    """The things, in ascending order of cost, that together fit; the first in any case."""
    chosen: list[_Thing] = []
    total = 0.0
    for thing, cost in costs:
        total += cost
        if chosen and total > seconds:
            break
        chosen.append(thing)
    return chosen


def _literal_call(args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as literals, None for what is not one."""
    return {"args": [_literal(a) for a in args], "kwargs": {k: _literal(v) for k, v in kwargs.items()}}


def _literal(value: Any, most: int = 4000) -> str | None:
    text = safe_repr(value)
    if len(text) > most:
        return None
    try:
        return text if ast.literal_eval(text) == value else None
    except Exception:  # noqa: BLE001  # because whatever cannot be read back is no literal
        return None


def _call_text(name: str, call: Arguments) -> str:
    args, kwargs = call
    parts = [_argument_text(a) for a in args] + ["%s=%s" % (k, _argument_text(v)) for k, v in kwargs.items()]
    return "%s(%s)" % (name, ", ".join(parts))


def _argument_text(value: Any) -> str:
    """The value's own repr, where that tells more than an address."""
    text = safe_repr(value)
    return shown(value) if " at 0x" in text else text


def _expire(signum: int, frame: FrameType | None) -> None:
    raise CallTooLong()
