"""The collected tests of a warm pytest session, and how they are run in a child: through pytest's own protocol.

One plugin, registered with `pytest.main`, takes over the run loop: pytest has parsed its configuration, loaded its
conftests and collected, and then the worker serves requests instead of running the tests.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Union

import pytest

from .explaining import explained

if TYPE_CHECKING:
    from .overlay import Overlay

_REPORTS = "secant-reports"
OK = ("passed", "xfailed", "xpassed")

Result = dict[str, Any]
"""One test's verdict: `id`, `outcome`, `seconds`, `wall`; of a failure also `message`, `error`, `error_line`
and `details`, texts about what its frames held (see `explaining`)."""
Node = Union[pytest.Item, pytest.Collector]
Report = Union[pytest.TestReport, pytest.CollectReport]


class Harness:
    """The plugin. `serve(harness, session)` is called in place of pytest's run loop: who registers last comes first."""

    def __init__(self, serve: Callable[[Harness, pytest.Session], None]) -> None:
        self._serve = serve
        self.collection_errors: list[dict[str, str]] = []
        self.internal_error = ""
        self.reached = False

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_errors.append({"id": report.nodeid, "message": str(report.longrepr)[-4000:]})

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Among others for a SystemExit of a module that is imported."""
        place = traceback.extract_tb(excinfo.tb)[-1]
        what = "".join(traceback.format_exception_only(excinfo.type, excinfo.value)).strip()
        self.internal_error = "%s, raised at %s:%s" % (what[:300], place.filename, place.lineno)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.reached = True
        self._serve(self, session)
        return True


class Reports:
    """Collects one verdict per test from pytest's reports."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.results: dict[str, Result] = {}

    def pytest_exception_interact(self, node: Node, call: pytest.CallInfo[Any], report: Report) -> None:
        """Comes behind the report of the same failure."""
        result = self.results.get(node.nodeid)
        if result is not None and "error" not in result and call.excinfo is not None:
            result.update(self._describe(call.excinfo, str(getattr(node, "path", None) or node.fspath)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = self.results.setdefault(report.nodeid, {"id": report.nodeid, "outcome": None, "seconds": 0.0})
        result["seconds"] += report.duration
        outcome = _outcome(report)
        if outcome is not None and result["outcome"] not in ("failed", "error"):
            result["outcome"] = outcome

    def _describe(self, excinfo: pytest.ExceptionInfo[BaseException], test: str) -> Result:
        """Type, message, what the frames held and, where the failure passed the target's file, the deepest line there.

        `test` is the test's file.
        """
        lines = [entry.lineno for entry in traceback.extract_tb(excinfo.tb) if entry.filename == self._path]
        try:
            message = "".join(traceback.format_exception_only(excinfo.type, excinfo.value)).strip()
        except Exception as error:  # noqa: BLE001  # because a candidate's exception may fail to describe itself
            message = "%s (not printable: %s)" % (excinfo.type.__name__, type(error).__name__)
        return {
            "message": message[:4000],
            "error": excinfo.type.__name__,
            "error_line": lines[-1] if lines else None,
            "details": explained(excinfo.tb, self._path, test),
        }


def _outcome(report: pytest.TestReport) -> str | None:
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "xfailed" if hasattr(report, "wasxfail") else "skipped"
    if report.when == "call":
        return "xpassed" if hasattr(report, "wasxfail") else "passed"
    return None


def listening(config: pytest.Config, path: str) -> Reports:
    """The verdicts of this session, in place of what it would print.

    Where every candidate is a fork, the parent calls this first: pytest goes through all its hooks for it, and each
    fork would copy the memory that it touches there.
    """
    plugins = config.pluginmanager
    reports: Reports | None = plugins.get_plugin(_REPORTS)
    if reports is None:
        terminal = plugins.get_plugin("terminalreporter")
        if terminal is not None:
            plugins.unregister(terminal)
        reports = Reports(path)
        plugins.register(reports, _REPORTS)
    return reports


def run_items(items: Sequence[pytest.Item], path: str, after_each: Callable[[Result], bool]) -> None:
    """Run the items in order through pytest's protocol; `after_each(result)` returns False to stop early.

    Must be called in a child: fixtures of every scope are set up here and torn down with it.
    """
    reports = listening(items[0].config, path)
    reports.results.clear()
    for position, item in enumerate(items):
        following = items[position + 1] if position + 1 < len(items) else None
        started = time.perf_counter()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        result = reports.results.get(item.nodeid) or {"id": item.nodeid, "outcome": "error", "message": "no report"}
        result["wall"] = time.perf_counter() - started
        if result["outcome"] is None:
            result["outcome"] = "error"
        if not after_each(result):
            break


def arguments(scratch: str, requested: Iterable[str]) -> list[str]:
    """Arguments for `pytest.main`: a session fit for forking, whatever the user's addopts say."""
    return ["-q", "--tb=native", "--capture=sys", "-o", "cache_dir=%s/cache" % scratch, *requested]


class Preparation:
    """The plugin that comes before anything of the user's is loaded: the overlay goes first, other plug-ins are tamed.

    What distributes, reorders, repeats or measures tests is switched off through the options that those plug-ins have
    defined themselves, so an `-n auto` in addopts stays valid and has no effect. They read them at different times: at
    the first parse, when the command begins, when configured.
    """

    def __init__(self, overlay: Overlay | None = None) -> None:
        self._overlay = overlay

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> None:
        if self._overlay is not None:
            self._overlay.install()  # pytest has put its own finder first meanwhile
        _tame(early_config.known_args_namespace)

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        _tame(config.option)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        _tame(config.option)


_TAMED: dict[str, Any] = {
    "numprocesses": None,  # pytest-xdist, and the next two
    "dist": "no",
    "tx": [],
    "no_cov": True,  # pytest-cov
    "randomly_reorganize": False,  # pytest-randomly
    "random_order_bucket": "none",  # pytest-random-order
    "benchmark_disable": True,  # pytest-benchmark
    "timeout": 0,  # pytest-timeout; it wants the timer that limits tests here
    "reruns": 0,  # pytest-rerunfailures
}


def _tame(options: object) -> None:
    for name, value in _TAMED.items():
        if hasattr(options, name):
            setattr(options, name, value)
