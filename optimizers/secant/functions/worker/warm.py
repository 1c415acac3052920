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
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import isolation, probes
from .added import Landed
from .bench import Bench
from .children import Nursery, Write, ending_in_words
from .collected import Collected
from .each import run_each
from .examples import satisfied
from .overlay import Overlay, spliced
from .plain import is_plain
from .protocol import Channel, Request
from .screen import Screen
from .session import Harness, Preparation, Result, arguments, listening
from .trial import Trial, outcome_of
from .unit import Unit, Unswappable, existing_functions, future_flags, why_unparsable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

_ID = struct.Struct("=q")


class Warm:
    """Serves requests in a process that holds the collected session."""

    def __init__(self, channel: Channel, request: Request) -> None:
        self._request = request
        target = request["target"]
        tree = ast.parse(request["module_text"])
        counted = probes.Probes()
        unit = Unit(target["path"], target["unit"], target["first_line"], target["text"], future_flags(tree))
        overlay = Overlay(target["path"], request["module_text"], self._probed, counted.names)
        unit.path = overlay.path
        self._held = Collected(channel, Nursery(channel, request["sandbox"]), unit, counted, overlay)

    def main(self, pytest: ModuleType) -> None:
        """Collect, then serve; where pytest gives up before it collects, answer with the reason."""
        self._held.overlay.install()
        plugin = Harness(self._serve)
        try:
            code = pytest.main(
                arguments(self._request["scratch"], self._request["args"]),
                plugins=[Preparation(self._held.overlay), plugin],
            )
            message = plugin.internal_error or "pytest ended with code %s" % (code,)
        except SystemExit as error:
            message = "pytest ended with code %s" % (error.code,)
        except Exception as error:  # noqa: BLE001  # because a plug-in of the user's may raise anything
            traceback.print_exc()
            message = "%s: %s" % (type(error).__name__, error)
        if not plugin.reached:
            self._held.channel.send(self._request, error="not_collected", message=message)

    def _probed(self, tree: ast.Module) -> None:
        probes.fuelled_in_module(tree, self._held.unit.def_line, self._held.unit.names[-1])

    def _serve(self, plugin: Harness, session: pytest.Session) -> None:
        held = self._held
        for item in session.items:
            held.items.setdefault(item.nodeid, item)
        held.functions = existing_functions(held.overlay.path, held.unit)
        held.unit.docstring_is_test = any(type(item).__name__ == "DoctestItem" for item in session.items)
        self.screen = Screen(held)
        listening(session.config, held.unit.path)
        held.channel.send(
            self._request,
            tests=[_described(item) for item in held.items.values()],
            errors=plugin.collection_errors,
            loaded=[module.__name__ for module in held.overlay.loaded],
            functions=len(held.functions),
            import_hits=held.probes.hits,
            threads=threading.active_count() - 1,
            python=list(sys.version_info[:3]),
            path=list(sys.path),
            confinement=held.nursery.reached(),
        )
        while True:
            request = held.channel.receive()
            if request is None or request["op"] == "quit":
                return
            getattr(self, "do_" + request["op"])(request)

    def do_baseline(self, request: Request) -> None:
        """Run tests on the original: as imported, or swapped in with every probe (lines, types, ticks)."""
        items = [self._held.items[name] for name in request["tests"]]
        ended = self._held.nursery.run(lambda write: self._baseline(request, items, write), request["seconds"])
        self._held.channel.send(request, **outcome_of(ended))

    def _baseline(self, request: Request, items: Sequence[pytest.Item], write: Write) -> None:
        held = self._held

        def note(result: Result) -> None:
            result["hits"], result["ticks"] = held.probes.hits, held.probes.ticks
            result["lines"] = sorted(line for line in held.probes.lines if line > 0)
            held.probes.hits = 0
            held.probes.lines = {}
            held.probes.refuel(request.get("fuel") or float("inf"))
            trial.record["types"] = {name: sorted(types) for name, types in held.probes.types.items()}
            trial.record["attributes"] = {name: sorted(types) for name, types in held.probes.attributes.items()}

        trial = Trial(write, held.unit.path, request.get("test_seconds"), note)
        if request["mode"] == "swapped":
            try:
                held.swap(held.compile(held.unit.text, probes.observed))
            except (Unswappable, SyntaxError) as error:
                trial.fail("unswappable", str(error))
                return
        if request.get("reseed"):
            _reseed()
        held.probes.hits = 0
        held.probes.on_first_hit = trial.reach
        held.probes.refuel(request.get("fuel") or float("inf"))
        trial.run(items, stop_at_failure=False)

    def do_run(self, request: Request) -> None:
        """Run tests on candidates, one fork each; one response for each, in order."""
        held = self._held
        items = [held.items[name] for name in request["tests"]]
        run_each(
            held.channel,
            held.nursery,
            request,
            lambda text, landed, write: self._candidate(request, text, landed, items, write),
        )

    def _candidate(
        self, request: Request, text: str, landed: Landed | None, items: Sequence[pytest.Item], write: Write
    ) -> None:
        held = self._held
        trial = Trial(write, held.unit.path, request.get("test_seconds"))
        try:
            held.swap(held.compile(text, None, landed))
            held.overlay.replace(landed.module if landed else self._module_with(text))
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
            ended = self._held.nursery.run(
                lambda write, text=text: self._examples(request, text, write), request["seconds"]
            )
            counts.append(int(ended.payload) if ended.payload is not None and not ended.killed_for else 0)
        self._held.channel.send(request, satisfied=counts)

    def _examples(self, request: Request, text: str, write: Write) -> None:
        held = self._held
        held.swap(held.compile(text))
        write(b"%d" % satisfied(held.functions[0], request["examples"]))

    def do_screen(self, request: Request) -> None:
        """Run many candidates in one child; verdicts in order."""
        self._held.channel.send(request, **self.screen.run(request))

    def do_record(self, request: Request) -> None:
        """Become the bench: a child takes the pipes over until it is released; this process waits, unchanged."""
        held = self._held
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
                held.channel.send({"id": unanswered}, error="bench", message=message)
            return
        try:
            sandbox.confine()
            held.nursery = Nursery(held.channel, settings)
            bench = Bench(held)
            while current is not None:
                request = current
                _ID.pack_into(open_request, 0, request["id"])
                getattr(bench, "do_" + request["op"])(request)
                _ID.pack_into(open_request, 0, 0)
                current = None if request["op"] == "release" else held.channel.receive()
        except BaseException as error:  # noqa: BLE001  # because the engine waits for an answer, whatever happened
            held.channel.send(request, error="bench", message="%s: %s" % (type(error).__name__, error))
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
