"""A plain pytest, many times: for each folder named on standard input it forks, and the child runs `pytest` there.

The yardstick of the conformance tests. It knows nothing of Secant: a child changes into the folder, puts it first on
`sys.path` as `python -m pytest` does, and calls `pytest.main` without arguments; a plug-in writes down the outcomes.
The fork only saves starting the interpreter and importing pytest; no project was imported in the parent.
"""

import gc
import importlib
import json
import os
import sys
import time
from pathlib import Path

import pytest
from _pytest.config import default_plugins


class Verdicts:
    """Outcomes by node id, as a person would read them off pytest's own summary."""

    def __init__(self):
        self.outcomes = {}
        self.collected = None

    def pytest_collection_finish(self, session):
        self.collected = [item.nodeid for item in session.items]

    def pytest_runtest_logreport(self, report):
        known = self.outcomes.get(report.nodeid)
        if report.failed and known not in ("failed", "error"):
            self.outcomes[report.nodeid] = "failed" if report.when == "call" else "error"
        elif report.skipped and known is None:
            self.outcomes[report.nodeid] = "xfailed" if hasattr(report, "wasxfail") else "skipped"
        elif report.passed and report.when == "call" and known is None:
            self.outcomes[report.nodeid] = "xpassed" if hasattr(report, "wasxfail") else "passed"


def run(folder, answer, environment):
    """In the child: pytest in `folder`, what it prints thrown away."""
    os.setsid()
    os.environ.update(environment)
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    sys.stdout, sys.stderr = (open(fd, "w", closefd=False) for fd in (1, 2))  # noqa: SIM115  # because they stay open
    sys.path.insert(0, folder)
    sys.argv[:] = ["pytest"]
    verdicts = Verdicts()
    code = pytest.main(["--rootdir=" + folder, "-p", "no:cacheprovider"], plugins=[verdicts])
    found = {"outcomes": verdicts.outcomes, "collected": verdicts.collected, "code": int(code)}
    Path(answer).write_text(json.dumps(found))


def wait(pid, seconds):
    """Reap the child, or kill it when its time is over."""
    deadline = time.monotonic() + seconds
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            return
        time.sleep(0.005)


def preload():
    """Import what every run of pytest imports, and take it out of the collector's way."""
    for name in default_plugins:
        importlib.import_module("_pytest." + name)
    gc.collect()
    gc.freeze()


def main():
    preload()
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                run(request["folder"], request["answer"], request["environment"])
            finally:
                os._exit(0)
        wait(pid, request["seconds"])
        sys.stdout.write("done\n")
        sys.stdout.flush()


main()
