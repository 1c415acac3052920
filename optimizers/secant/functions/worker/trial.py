"""One candidate's tests in a forked child: results as they come, a limit on each test's time, plain data out."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from .children import Ended, Write
from .session import OK, Result, run_items

if TYPE_CHECKING:
    import pytest

_MOST_BYTES = 1 << 22
"""Of results with whole messages; behind that messages are cut short, so that all results fit into the region."""
_TIMED_OUT: Result = {"outcome": "timeout", "error": "TestTimeout", "error_line": None}


class TestTimeout(BaseException):
    """A test ran longer than it may."""


class Trial:
    """Runs items in a child and keeps the child's result region up to date, so that a crash loses one test only."""

    def __init__(
        self,
        write: Write,
        path: str,
        test_seconds: float | None = None,
        on_result: Callable[[Result], None] | None = None,
    ) -> None:
        self._write = write
        self._path = path
        self._test_seconds = test_seconds
        self._on_result = on_result
        self._results: list[bytes] = []
        self._size = 0
        self.record: dict[str, Any] = {"done": False}

    def fail(self, error: str, message: str) -> None:
        """The candidate cannot be run, or its results cannot be believed."""
        self._results = []
        self.record.update(error=error, message=message, done=True)
        self._save()

    def reach(self) -> None:
        """The running test has called the function."""
        self.record["reached"] = True
        self._save()

    def run(self, items: Sequence[pytest.Item], stop_at_failure: bool) -> None:
        """Run the items in order, to the first failure or to the end."""
        self._stop = stop_at_failure
        if items:
            self._arm()
            self.record["running"] = items[0].nodeid
            self._following = {a.nodeid: b.nodeid for a, b in zip(items, items[1:])}
            self._save()
            try:
                run_items(items, self._path, self._after_each)
            except TestTimeout:
                # It fell into pytest's own code between hooks: that test is over, and so is this session.
                self._add({"id": self.record["running"], **_TIMED_OUT, "seconds": self._test_seconds})
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        self.record["done"] = True
        self._save()

    def _after_each(self, result: Result) -> bool:
        if result.get("error") == "TestTimeout":
            result.update(outcome="timeout", message="longer than %.1f s" % self._test_seconds)
        elif result.get("error") == "OutOfFuel":
            result["outcome"] = "timeout"
        self._add(result)
        self._arm()
        return not (self._stop and result["outcome"] not in OK)

    def _add(self, result: Result) -> None:
        if self._on_result is not None:
            self._on_result(result)
        if self._size > _MOST_BYTES and result.get("message"):
            result["message"] = result["message"][:200]
            result.pop("details", None)
        self._results.append(_encoded(result))
        self._size += len(self._results[-1])
        self.record.update(running=self._following.get(result["id"]), reached=False)
        self._save()

    def _arm(self) -> None:
        if self._test_seconds:
            signal.signal(signal.SIGALRM, _expire)
            signal.setitimer(signal.ITIMER_REAL, self._test_seconds)

    def _save(self) -> None:
        """Results are encoded once each; what is written is whole at every moment."""
        self._write(b'{"results": [%s], %s' % (b", ".join(self._results), _encoded(self.record)[1:]))


def outcome_of(ended: Ended) -> dict[str, Any]:
    """The record of a child that ended, with what its death says about the test that was running."""
    record: dict[str, Any] = {"results": [], "done": False} if ended.payload is None else json.loads(ended.payload)
    record["seconds"] = ended.seconds
    if record.get("done") and not ended.killed_for:
        return record
    reason = ended.reason or "ended before its tests did"
    record["death"] = "timeout" if ended.killed_for == "timeout" else "crash"
    record["message"] = reason
    running = record.get("running")
    if running is not None:
        died: Result = {"id": running, "outcome": record["death"], "seconds": ended.seconds, "message": reason}
        died["reached"] = record.get("reached", False)
        record["results"].append(died)
    return record


def _encoded(value: object) -> bytes:
    return json.dumps(value, default=repr).encode("ascii", "backslashreplace")


def _expire(signum: int, frame: FrameType | None) -> None:
    raise TestTimeout("the test ran too long")
