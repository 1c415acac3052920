"""The first filter: many candidates in one child, each against the cheapest tests, thousands in a few seconds.

It only turns candidates down: what it lets through is run in a fork of its own. Candidates share a process, so every
few dozen the original is run again (the canary); where it no longer behaves, the verdicts since the last good canary
are withdrawn. Where a candidate hurts the child (crash, stall) a new child goes on behind it, and those that no canary
had confirmed are judged once more: the ones before it, and itself alone, as one of them may have laid the trap.
"""

from __future__ import annotations

import os
import time
from typing import Any

from . import isolation
from .children import cpu_seconds
from .collected import Collected
from .processes import ended
from .protocol import Request
from .sieve import Sieve
from .verdicts import HURT, VerdictTable

_POLL_SECONDS = 0.05


class Screen:
    """Starts children that judge, and watches over them."""

    def __init__(self, held: Collected) -> None:
        self._held = held

    def run(self, request: Request) -> dict[str, Any]:
        """Verdicts for `texts` on `tests`, which come in the order to try.

        Each test has `id`, `fuel`, whether the original `passes`, and whether it `dies` there. The first `always` are
        run whatever happens, so that `passed` tells how many of them a text repairs; behind them the first failure
        ends it. What is not judged within `seconds` stays unknown.
        """
        count = len(request["texts"])
        table = VerdictTable(count)
        deadline = time.monotonic() + request["seconds"]
        waiting, soured = [(0, count)], False
        while waiting and time.monotonic() < deadline:
            start, end = waiting.pop()
            hurt = self._watch(self._fork(request, table, start, end), request, table, deadline)
            current, trusted, sour = table.progress()
            table.withdraw(trusted, min(current, end))
            soured = soured or sour
            if sour:
                waiting.append((current, end))
            elif current < end and hurt:
                waiting.append((current + 1, end))
                if current == trusted:  # none before it could have spoilt this child
                    table.set(current, HURT)
                else:
                    waiting += [(current, current + 1), (trusted, current)]
        verdicts, passed = table.columns()
        table.close()
        return {"verdicts": verdicts, "passed": passed, "canary_failed": soured}

    def _fork(self, request: Request, table: VerdictTable, start: int, end: int) -> int:
        table.note(start, start)
        return self._held.nursery.fork(lambda: Sieve(self._held, request, table).run(start, end), cpu_seconds=0)

    def _watch(self, pid: int, request: Request, table: VerdictTable, deadline: float) -> bool:
        """Wait for the child, or kill it where it makes no progress; False where only the time for all was over.

        `stall`: CPU seconds that one candidate may use; `sleep`: seconds that it may wait beyond them.
        """
        stall, sleep, limits = request["stall"], request["sleep"], self._held.nursery.sandbox.limits
        current, cpu, since, late = -1, 0.0, 0.0, False
        while not late and not ended(pid, _POLL_SECONDS):
            now_at, used, now = table.progress()[0], cpu_seconds(pid), time.monotonic()
            late = now > deadline
            if now_at != current:
                current, cpu, since = now_at, used, now
            elif used - cpu > stall or now - since > sleep + stall or isolation.excess(pid, limits):
                break
        isolation.kill_tree(pid)
        os.waitpid(pid, 0)
        return not late
