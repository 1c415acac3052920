"""One process's share of a timing trial: two versions of a function, in interleaved blocks of CPU time.

The room of the measuring loop. It gives numbers and no verdict (that is `secant.functions.timing`, in the engine), and
it starts no process: the caller forks a fresh child for every call of `measure`. Standard library only, Python 3.9+.

Each choice answers a way in which timings lie:
- blocks of old and new alternate as ABBA or BAAB, drawn by lot, so that a drifting machine hits both alike;
- blocks are CPU time, repeated to at least `block_seconds`, so that neighbours and the clock's grain weigh little;
- every side has its own number of passes, so that a ratio of 1,000 is measured as well as one of 1.02;
- both versions move to fresh code objects on a shuffled heap every few pairs: forked children inherit one memory
  layout, and a lucky one (1 % and more for a small loop) would pass for a speed-up in all of them;
- where a version changes its arguments both get fresh copies, made outside the clock;
- results kept between calls in a cache that only one version has are dropped before each pass, inside the clock.
"""

from __future__ import annotations

import copy as copying
import gc
import itertools
import math
import pickle
import random
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from .completing import PLAIN, Passes, Thunk, complete, complete_all
from .twins import caches, relocated

Arguments = tuple[tuple[Any, ...], dict[str, Any]]
"""One recorded call: positional arguments (`self` first, for a method) and keyword arguments."""

PATIENCE = 1.75
"""On a busy machine a budget of CPU time may take this much longer."""
MOST_PASSES = 1_000_000
PAIRS_IN_LAYOUT = 4
"""Where code happens to lie in memory is worth 1 % and more: pairs measured before both versions are moved."""
BLOCKS_IN_BUDGET = 16
"""Waiting and copying may stretch a block to this part of the budget, not further."""


class Clock(NamedTuple):
    """Where time comes from: CPU seconds for the figures, wall seconds for the budget. Replaced in tests."""

    cpu: Callable[[], float] = time.process_time
    wall: Callable[[], float] = time.perf_counter

    def budget(self, seconds: float) -> Callable[[], float]:
        """What is left, from now on, of `seconds` of CPU time, in up to `PATIENCE` times as much wall time."""
        cpu, wall = self.cpu(), self.wall()
        return lambda: seconds - max(self.cpu() - cpu, (self.wall() - wall) / PATIENCE)


class Spent(NamedTuple):
    """What a block took, in seconds. Wall time includes the copying of arguments, CPU time does not."""

    cpu: float
    wall: float


def measure(
    old: Callable[..., Any],
    new: Callable[..., Any],
    calls: Sequence[Arguments],
    *,
    seconds: float,
    seed: int,
    block_seconds: float = 0.002,
    copy: Callable[[Any], Any] = copying.deepcopy,
    switch: Callable[[str], None] | None = None,
    whole: bool = False,
    clock: Clock = Clock(),  # noqa: B008 an immutable default
) -> dict[str, Any]:
    """Time `old` against `new` on `calls`, in ascending order of cost: `seconds` of CPU in up to twice the wall time.

    `switch`, where given, is called with "old" or "new" before every block, outside the clock: the caller binds that
    version to its name there, for functions that call themselves through their module or class.

    Returns `TimingSample` as plain data: `pairs` of CPU seconds for one pass over the calls that fitted the budget.
    Calls that do not fit are left out, from the first too dear one on, unless they are wanted `whole`: samples that are
    compared must be of the same calls. What is beyond the whole budget gives one single-shot pair. Raises ValueError
    without calls. Whatever a version raises is part of its cost.
    """
    if not calls:
        raise ValueError("no recorded calls to time: run the tests with recording first")
    rng = random.Random(seed)
    trial = _Trial(_Side("old", old), _Side("new", new), copy, switch or _stay, clock)
    trial.keep_caches_apart(old, new)
    with _quiet_collector():
        first = trial.probe(calls, math.inf if whole else seconds, rng)
        pairs = [[first["old"], first["new"]]]
        if trial.pass_wall < seconds:
            left = clock.budget(seconds)
            fitted = trial.fit_blocks(block_seconds, seconds / BLOCKS_IN_BUDGET, rng)
            pairs = trial.sample(left, rng) or [fitted]
    count = len(trial.calls)
    return {
        "pairs": pairs,
        "calls": count,
        "calls_per_block": [side.passes * count for side in trial.sides],
        "one_call_us": [1e6 * min(pair[i] for pair in pairs) / count for i in (0, 1)],
        "first_pass_us": [1e6 * first["old"], 1e6 * first["new"]],
        "fresh_arguments": trial.fresh,
    }


class _Side:
    """One version: how to call it and how many passes make a block."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self.kind = PLAIN
        self.passes = 1
        self.forget: list[Thunk] = []

    def thunks(self, calls: Iterable[Arguments]) -> list[Thunk]:
        """One pass, ready to run: forgetting first, then every call."""
        return [*self.forget, *(partial(self.function, *args, **kwargs) for args, kwargs in calls)]

    def run(self, passes: Passes, cpu: Callable[[], float]) -> float:
        """CPU seconds that the passes take, results consumed to their end."""
        return complete_all(self.kind, passes, cpu)


class _Trial:
    """Both sides on the calls that fit the budget."""

    def __init__(
        self, old: _Side, new: _Side, copy: Callable[[Any], Any], switch: Callable[[str], None], clock: Clock
    ) -> None:
        self.sides = (old, new)
        self.copy = copy
        self.switch = switch
        self.clock = clock
        self.calls: list[Arguments] = []
        self.fresh = False
        self.pass_wall = 0.0
        self.pair_wall = 0.0
        self.heap: list[bytes] = []

    def keep_caches_apart(self, old: Callable[..., Any], new: Callable[..., Any]) -> None:
        """A cache that both use is the program's own and stays warm; what only one remembers is no speed-up."""
        of_old, of_new = caches(old), caches(new)
        for side, own, others in ((self.sides[0], of_old, of_new), (self.sides[1], of_new, of_old)):
            side.forget = [cache.cache_clear for key, cache in own.items() if key not in others]

    def probe(self, calls: Sequence[Arguments], seconds: float, rng: random.Random) -> dict[str, float]:
        """Run each call once on both sides: what it costs, what it returns, whether it changes its arguments.

        Keeps the calls that together take a quarter of the budget, at least one. Returns CPU seconds by side.
        """
        total = {side.name: 0.0 for side in self.sides}
        for call in calls:
            spent = {side.name: self._probe_one(side, call) for side in rng.sample(self.sides, 2)}
            wall = sum(one.wall for one in spent.values())
            if self.calls and self.pass_wall + wall > seconds / 4:
                break
            self.calls.append(call)
            self.pass_wall += wall
            for name, one in spent.items():
                total[name] += one.cpu
        return total

    def _probe_one(self, side: _Side, call: Arguments) -> Spent:
        arguments = self._copied(call)
        before = _state(arguments)
        (thunk,) = side.thunks([arguments])[-1:]
        self.switch(side.name)
        wall, cpu = self.clock.wall(), self.clock.cpu()
        side.kind = max(side.kind, complete(thunk))
        spent = Spent(self.clock.cpu() - cpu, self.clock.wall() - wall)
        self.fresh = self.fresh or before is None or before != _state(arguments)
        return spent

    def _copied(self, call: Arguments) -> Arguments:
        try:
            return self.copy(call)
        except Exception:  # noqa: BLE001 because what cannot be copied (a lock, a socket) is shared by both sides
            return call

    def fit_blocks(self, block_seconds: float, wall_limit: float, rng: random.Random) -> list[float]:
        """Choose each side's passes for blocks of `block_seconds` CPU. These blocks are the warm-up as well.

        Returns the last of them as a pair, for a pass so long that the budget has room for no other.
        """
        last: dict[str, float] = {}
        for side in rng.sample(self.sides, 2):
            spent = self._calm_block(side, block_seconds, wall_limit)
            while spent.cpu < block_seconds and spent.wall < wall_limit and side.passes < MOST_PASSES:
                growth = min(10.0, 1.2 * block_seconds / max(spent.cpu, 1e-9), wall_limit / max(spent.wall, 1e-9))
                side.passes = min(MOST_PASSES, max(side.passes + 1, math.ceil(side.passes * growth)))
                spent = self._calm_block(side, block_seconds, wall_limit)
            last[side.name] = spent.cpu / side.passes
            self.pair_wall += spent.wall
            if spent.wall > wall_limit:
                side.passes = max(1, int(side.passes * wall_limit / spent.wall))
        return [last["old"], last["new"]]

    def _calm_block(self, side: _Side, block_seconds: float, wall_limit: float) -> Spent:
        """A block; run again where it took long for little work, since a neighbour may have had the core meanwhile."""
        spent = self._block(side, side.passes)
        if spent.cpu < block_seconds and spent.wall >= wall_limit:
            spent = min(spent, self._block(side, side.passes), key=lambda one: one.wall)
        return spent

    def sample(self, left: Callable[[], float], rng: random.Random) -> list[list[float]]:
        """Pairs of CPU seconds a pass, old first, as many as fit into what is left of the budget."""
        pairs: list[list[float]] = []
        for order in _orders(self.sides, rng):
            if self.pair_wall / 2 >= left():
                break
            if len(pairs) % PAIRS_IN_LAYOUT == 0:
                self._lay_out(rng)
            spent = {side.name: self._block(side, side.passes) for side in order}
            cost = {side.name: spent[side.name].cpu / side.passes for side in order}
            pairs.append([cost["old"], cost["new"]])
            self.pair_wall = sum(one.wall for one in spent.values())
            gc.collect(0)
        return pairs

    def _lay_out(self, rng: random.Random) -> None:
        """Put both versions somewhere else in memory, and run them warm there (a long pass warms itself)."""
        self.heap = [bytes(rng.randrange(16, 2048)) for _ in range(rng.randrange(64))]
        for side in rng.sample(self.sides, 2):
            side.function = relocated(side.function)
        for side in self.sides:
            if side.passes >= 4:
                self._block(side, side.passes // 4)

    def _block(self, side: _Side, count: int) -> Spent:
        self.switch(side.name)
        wall = self.clock.wall()
        if self.fresh:
            passes = [side.thunks(map(self._copied, self.calls)) for _ in range(count)]
            cpu = side.run(passes, self.clock.cpu)
        else:
            cpu = side.run(itertools.repeat(side.thunks(self.calls), count), self.clock.cpu)
        return Spent(cpu, self.clock.wall() - wall)


def _orders(sides: Sequence[_Side], rng: random.Random) -> Iterator[tuple[_Side, _Side]]:
    """The two halves of ABBA or of BAAB, by lot, for ever."""
    while True:
        first, second = rng.sample(sides, 2)
        yield first, second
        yield second, first


def _state(arguments: Arguments) -> bytes | None:
    """The arguments as bytes, to see whether a call changed them; None where that cannot be known."""
    try:
        return pickle.dumps(arguments, protocol=4)
    except Exception:  # noqa: BLE001 because user classes refuse pickling with every kind of error
        return None


@contextmanager
def _quiet_collector() -> Generator[None, None, None]:
    """No collection inside blocks. What exists already is frozen, not walked: walking a forked heap copies it."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _stay(_name: str) -> None:
    """No name to rebind."""
