"""The warm mode: pytest has collected, and every candidate is a fork with its code swapped in.

The module of the target is loaded through the overlay with a probe at the function's entry, so it is known whether
import or collection already called the function (then a swap comes too late and the engine takes the fresh mode).
"""

from __future__ import annotations

import ast
import mmap
import os
import random
import struct
import sys
import threading
import traceback
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from . import isolation, probes
from .added import Landed
from .bench import Bench
from .children import Nursery, Write, ending_in_words
from .each import run_each
from .examples import satisfied
from .overlay import Overlay, spliced
from .plain import is_plain
from .protocol import Channel, Request
from .screen import Screen
from .session import Harness, Preparation, Result, arguments, listening
from .trial import Trial, outcome_of
from .unit import Unit, Unswappable, existing_functions, future_flags, install, why_unparsable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

_ID = struct.Struct("=q")


class Warm:
    """Serves requests in a process that holds the collected session."""

    def __init__(self, channel: Channel, request: Request) -> None:
        self.channel = channel
        self._request = request
        target = request["target"]
        tree = ast.parse(request["module_text"])
        self.probes = probes.Probes()
        self.unit = Unit(target["path"], target["unit"], target["first_line"], target["text"], future_flags(tree))
        self._overlay = Overlay(target["path"], request["module_text"], self._probed, self.probes.names)
        self.unit.path = self._overlay.path
        self.nursery = Nursery(channel, request["sandbox"])
        self.items: dict[str, pytest.Item] = {}
        self.functions: list[FunctionType] = []

    def main(self, pytest: ModuleType) -> None:
        """Collect, then serve; where pytest gives up before it collects, answer with the reason."""
        self._overlay.install()
        plugin = Harness(self._serve)
        try:
            code = pytest.main(
                arguments(self._request["scratch"], self._request["args"]), plugins=[Preparation(self._overlay), plugin]
            )
            message = plugin.internal_error or "pytest ended with code %s" % (code,)
        except SystemExit as error:
            message = "pytest ended with code %s" % (error.code,)
        except Exception as error:  # noqa: BLE001  # because a plug-in of the user's may raise anything
            traceback.print_exc()
            message = "%s: %s" % (type(error).__name__, error)
        if not plugin.reached:
            self.channel.send(self._request, error="not_collected", message=message)

    def _probed(self, tree: ast.Module) -> None:
        probes.fuelled_in_module(tree, self.unit.def_line, self.unit.names[-1])

    @property
    def namespace(self) -> dict[str, Any]:
        return self._overlay.loaded[-1].__dict__ if self._overlay.loaded else {}

    def _serve(self, plugin: Harness, session: pytest.Session) -> None:
        for item in session.items:
            self.items.setdefault(item.nodeid, item)
        self.functions = existing_functions(self._overlay.path, self.unit)
        self.unit.docstring_is_test = any(type(item).__name__ == "DoctestItem" for item in session.items)
        self.screen = Screen(self)
        listening(session.config, self.unit.path)
        self.channel.send(
            self._request,
            tests=[_described(item) for item in self.items.values()],
            errors=plugin.collection_errors,
            loaded=[module.__name__ for module in self._overlay.loaded],
            functions=len(self.functions),
            import_hits=self.probes.hits,
            threads=threading.active_count() - 1,
            python=list(sys.version_info[:3]),
            path=list(sys.path),
            confinement=self.nursery.reached(),
        )
        while True:
            request = self.channel.receive()
            if request is None or request["op"] == "quit":
                return
            getattr(self, "do_" + request["op"])(request)

    def do_baseline(self, request: Request) -> None:
        """Run tests on the original: as imported, or swapped in with every probe (lines, types, ticks)."""
        items = [self.items[name] for name in request["tests"]]
        ended = self.nursery.run(lambda write: self._baseline(request, items, write), request["seconds"])
        self.channel.send(request, **outcome_of(ended))

    def _baseline(self, request: Request, items: Sequence[pytest.Item], write: Write) -> None:
        def note(result: Result) -> None:
            result["hits"], result["ticks"] = self.probes.hits, self.probes.ticks
            result["lines"] = sorted(line for line in self.probes.lines if line > 0)
            self.probes.hits = 0
            self.probes.lines = {}
            self.probes.refuel(request.get("fuel") or float("inf"))
            trial.record["types"] = {name: sorted(types) for name, types in self.probes.types.items()}
            trial.record["attributes"] = {name: sorted(types) for name, types in self.probes.attributes.items()}

        trial = Trial(write, self.unit.path, request.get("test_seconds"), note)
        if request["mode"] == "swapped":
            try:
                install(self.functions, self.unit.compile(self.unit.text, probes.observed, self.namespace))
            except (Unswappable, SyntaxError) as error:
                trial.fail("unswappable", str(error))
                return
        if request.get("reseed"):
            _reseed()
        self.probes.hits = 0
        self.probes.on_first_hit = trial.reach
        self.probes.refuel(request.get("fuel") or float("inf"))
        trial.run(items, stop_at_failure=False)

    def do_run(self, request: Request) -> None:
        """Run tests on candidates, one fork each; one response for each, in order."""
        items = [self.items[name] for name in request["tests"]]
        run_each(
            self.channel,
            self.nursery,
            request,
            lambda text, landed, write: self._candidate(request, text, landed, items, write),
        )

    def _candidate(
        self, request: Request, text: str, landed: Landed | None, items: Sequence[pytest.Item], write: Write
    ) -> None:
        trial = Trial(write, self.unit.path, request.get("test_seconds"))
        try:
            install(self.functions, self.unit.compile(text, None, self.namespace, landed))
            self._overlay.replace(landed.module if landed else self._module_with(text))
        except Unswappable as error:
            trial.fail("unswappable", str(error))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # what the compiler gives up with
            trial.fail("parse", why_unparsable(error))
        else:
            trial.run(items, request["stop"])

    def _module_with(self, text: str) -> str:
        """The module's text with the candidate in it, for whoever reloads the module or reads its source."""
        target = self._request["target"]
        return spliced(self._request["module_text"], target["first_line"], target["last_line"], text)

    def do_examples(self, request: Request) -> None:
        """How many of the examples each text satisfies, a fork each."""
        counts: list[int] = []
        for text in request["texts"]:
            ended = self.nursery.run(lambda write, text=text: self._examples(request, text, write), request["seconds"])
            counts.append(int(ended.payload) if ended.payload is not None and not ended.killed_for else 0)
        self.channel.send(request, satisfied=counts)

    def _examples(self, request: Request, text: str, write: Write) -> None:
        install(self.functions, self.unit.compile(text, None, self.namespace))
        write(b"%d" % satisfied(self.functions[0], request["examples"]))

    def do_screen(self, request: Request) -> None:
        """Run many candidates in one child; verdicts in order."""
        self.channel.send(request, **self.screen.run(request))

    def do_record(self, request: Request) -> None:
        """Become the bench: a child takes the pipes over until it is released; this process waits, unchanged."""
        # No limit of CPU time: with one the kernel counts it too coarsely to time anything.
        settings: dict[str, Any] = dict(self._request["sandbox"])
        settings["limits"] = {**settings["limits"], "cpu_seconds": 0}
        sandbox = isolation.Sandbox(**settings)
        current: Request | None = request
        open_request = mmap.mmap(-1, _ID.size)
        pid = os.fork()
        if pid:
            sandbox.close()
            _, status = os.waitpid(pid, 0)
            (unanswered,) = _ID.unpack_from(open_request)
            if unanswered:
                message = ending_in_words(status) or "ended in the middle of its work"
                self.channel.send({"id": unanswered}, error="bench", message=message)
            return
        try:
            sandbox.confine()
            self.nursery = Nursery(self.channel, settings)
            bench = Bench(self)
            while current is not None:
                request = current
                _ID.pack_into(open_request, 0, request["id"])
                getattr(bench, "do_" + request["op"])(request)
                _ID.pack_into(open_request, 0, 0)
                current = None if request["op"] == "release" else self.channel.receive()
        except BaseException as error:  # noqa: BLE001  # because the engine waits for an answer, whatever happened
            self.channel.send(request, error="bench", message="%s: %s" % (type(error).__name__, error))
            _ID.pack_into(open_request, 0, 0)
        finally:
            os._exit(0)


def _described(item: pytest.Item) -> dict[str, Any]:
    parent = getattr(item, "fspath", None) or getattr(item, "path", "")
    return {"id": item.nodeid, "file": str(parent), "plain": is_plain(item)}


def _reseed() -> None:
    """The random state of a process of its own, where a fork has its parent's."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
