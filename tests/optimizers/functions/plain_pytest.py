"""A plain pytest in the working folder: `plain_pytest.py ANSWER` writes the outcomes of all tests to a file.

The yardstick of the conformance tests, so it knows nothing of Secant: it puts the folder first on `sys.path` as
`python -m pytest` does, and calls `pytest.main` without arguments; a plug-in writes down the outcomes.
"""

import json
import sys
from pathlib import Path

import pytest


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


def main(answer):
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    sys.argv[:] = ["pytest"]
    verdicts = Verdicts()
    code = pytest.main(["--rootdir=" + folder, "-p", "no:cacheprovider"], plugins=[verdicts])
    found = {"outcomes": verdicts.outcomes, "collected": verdicts.collected, "code": int(code)}
    Path(answer).write_text(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
