"""The fresh mode: pytest is imported, the project is not; every candidate's child imports and collects anew.

Slower than a swap (a project's import for each candidate) and faithful to what import and collection do with the
function: constants computed from it, parametrization, decorators, registries.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from .added import Landed
from .children import Nursery, Write
from .each import run_each
from .overlay import Overlay, spliced
from .protocol import Channel, Request
from .session import Preparation, arguments
from .trial import Trial
from .unit import why_unparsable

if TYPE_CHECKING:
    import pytest


class Fresh:
    """Serves `run` requests in a process that has imported pytest only."""

    def __init__(self, channel: Channel, request: Request) -> None:
        self.channel = channel
        self._request = request
        self.nursery = Nursery(channel, request["sandbox"])

    def main(self, pytest: ModuleType) -> None:
        self.channel.send(self._request, ready=True)
        while True:
            request = self.channel.receive()
            if request is None or request["op"] == "quit":
                return
            run_each(
                self.channel,
                self.nursery,
                request,
                lambda text, landed, write, asked=request: self._candidate(pytest, asked, text, landed, write),
            )

    def _candidate(self, pytest: ModuleType, request: Request, text: str, landed: Landed | None, write: Write) -> None:
        target = self._request["target"]
        first_line = landed.first_line if landed else target["first_line"]
        module_text = landed.module if landed else self._module_with(text)
        trial = Trial(write, target["path"], request.get("test_seconds"))
        try:
            ast.parse(module_text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # what the compiler gives up with
            trial.fail("parse", why_unparsable(error, above=first_line - 1))
            return
        overlay = Overlay(target["path"], module_text)
        overlay.install()
        plugin = _Selection(trial, request["tests"], request["stop"])
        pytest.main(arguments(self._request["scratch"], self._request["args"]), plugins=[Preparation(overlay), plugin])
        if not plugin.reached or plugin.errors:
            trial.fail("crash", "the tests cannot be collected with this text: %s" % "; ".join(plugin.errors)[-1000:])
        elif not overlay.loaded:
            trial.fail("not_loaded", "the tests import the module in a way that an overlay cannot serve")

    def _module_with(self, text: str) -> str:
        target = self._request["target"]
        return spliced(self._request["module_text"], target["first_line"], target["last_line"], text)


class _Selection:
    """Runs the wanted tests, in the wanted order, in place of pytest's loop."""

    def __init__(self, trial: Trial, wanted: Sequence[str], stop: bool) -> None:
        self._trial = trial
        self._wanted = wanted
        self._stop = stop
        self.reached = False
        self.errors: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append("%s: %s" % (report.nodeid, str(report.longrepr)[-500:]))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        known: dict[str, pytest.Item] = {}
        for item in items:
            known.setdefault(item.nodeid, item)
        items[:] = [known[name] for name in self._wanted if name in known]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.reached = True
        if not self.errors:
            self._trial.run(list(session.items), self._stop)
        return True
