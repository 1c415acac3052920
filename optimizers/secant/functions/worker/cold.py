"""The cold mode: one plain `python -m pytest` in a fresh, confined process, with a report written test by test.

Nothing is swapped or served from memory; what pytest imports is what stands in the folder. The report says which files
were imported under the target's name, so that a run that judged another copy is found out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import pytest

from . import isolation
from .protocol import Request
from .session import Node, Preparation, Report, Reports

_DAY_SECONDS = 86_400  # the engine has its own, shorter patience with each test


def run(request: Request) -> None:
    """Run pytest in a confined child and leave with its exit status, and with no process of its tree alive."""
    if request["namespaces"]:
        isolation.enter_namespaces(request["writable"])
    isolation.become_subreaper()
    sandbox = isolation.Sandbox(**request["sandbox"])
    sandbox.limits = sandbox.limits._replace(wall_seconds=_DAY_SECONDS, cpu_seconds=_DAY_SECONDS)
    pid = os.fork()
    if pid:
        ending = isolation.watch(pid, sandbox.limits)
        os._exit(ending.status >> 8 if os.WIFEXITED(ending.status) else 128 + os.WTERMSIG(ending.status))
    report = os.open(request["report"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sandbox.confine()
    _pytest(request, report)


def _pytest(request: Request, report: int) -> None:
    """What `python -m pytest` does, with the report as a plug-in; ends the process."""
    plugin = ColdReport(report, bytes.fromhex(request["key"]), request["target"], request.get("tests"))
    arguments = ["-o", "cache_dir=%s" % request["cache"], *request["args"]]
    sys.exit(pytest.main(arguments, plugins=[Preparation(), plugin]))


class ColdReport:
    """The plug-in that reports: one line for each test that starts or ends.

    Every line is numbered and carries a keyed digest: what a candidate writes to the descriptor is seen as foreign.
    """

    def __init__(self, descriptor: int, key: bytes, target: str, tests: Sequence[str] | None) -> None:
        self._descriptor = descriptor
        self._key = key
        self._number = 0
        self._target = target
        self._tests = tests
        self._reports = Reports(target)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._write({"collection_error": report.nodeid, "message": str(report.longrepr)[-4000:]})

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._tests is not None:
            wanted = set(self._tests)
            items[:] = [item for item in items if item.nodeid in wanted]
        self._write({"collected": [item.nodeid for item in items]})

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self._write({"start": nodeid})

    def pytest_exception_interact(self, node: Node, call: pytest.CallInfo[Any], report: Report) -> None:
        self._reports.pytest_exception_interact(node, call, report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.pytest_runtest_logreport(report)

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        result = self._reports.results.get(nodeid, {"id": nodeid, "outcome": "error"})
        if result["outcome"] is None:
            result["outcome"] = "error"
        self._write({"result": result})

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
        stem = os.path.basename(self._target)
        files = {getattr(m, "__file__", None) for m in list(sys.modules.values())}
        self._write(
            {"finished": int(exitstatus), "loaded": sorted(f for f in files if f and os.path.basename(f) == stem)}
        )

    def _write(self, record: dict[str, Any]) -> None:
        self._number += 1
        record["number"] = self._number
        line = json.dumps(record, default=repr).encode("ascii", "backslashreplace")
        digest = blake2b(line, key=self._key, digest_size=16).hexdigest().encode("ascii")
        os.write(self._descriptor, digest + b" " + line + b"\n")
