"""The machine's face: `python -m secant.machine`, one run as the child process of an editor's language server.

The first line of stdin is an order: `{"optimize": {...}}`, `{"solve": {...}}`, `{"refine": {...}}`, `{"eval": {...}}`
or `{"resume": {"folder": ..., "run": ...}}`. Of the lines after it `{"stop": true}` asks for an orderly end, a second
one for the end at once, as does the end of stdin: whoever asked has gone. Stdout carries one event per line, `finished`
or `failed` the last, and between them what is asked of the editor's models and answered on stdin (see `models.lent`);
nothing else. To the order `{"models": {"folder": ...}}` the answer is one line, `{"models": [...]}`. Decides nothing
about a run.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, cast

from pydantic import ValidationError, model_validator

from secant import engine
from secant.cancellation import Cancellation
from secant.config import EvalRequest, OptimizeRequest, RefineRequest, RunRequest, SolveRequest
from secant.errors import BadRequest, SecantError
from secant.events import Event, Failed, dump
from secant.functions.project import find_project
from secant.functions.settings import read_settings
from secant.journal import Recorder, RunStore
from secant.lending import LineLender
from secant.types import Frozen

_CHUNK = 1 << 16
_FORMS = (
    'The first line is {"optimize": {...}}, {"solve": {...}}, {"refine": {...}}, {"eval": {...}}, '
    '{"resume": {"folder": "...", "run": "..."}} or {"models": {"folder": "..."}}.'
)


class Earlier(Frozen):
    """A run to go on with: its project's folder, and its id."""

    folder: Path
    run: str


class Project(Frozen):
    """A project by a folder of it."""

    folder: Path


class Order(Frozen):
    """What a client asks for: exactly one of these."""

    optimize: OptimizeRequest | None = None
    solve: SolveRequest | None = None
    refine: RefineRequest | None = None
    eval: EvalRequest | None = None
    resume: Earlier | None = None
    models: Project | None = None
    """Not a run: which models there are."""

    @model_validator(mode="after")
    def _one(self) -> Order:
        if sum(asked is not None for asked in (self.run, self.resume, self.models)) != 1 or self._several():
            raise ValueError("an order asks for one thing")
        return self

    @property
    def run(self) -> RunRequest | None:
        """The new run that is asked for."""
        return self.optimize or self.solve or self.refine or self.eval

    def _several(self) -> bool:
        return sum(asked is not None for asked in (self.optimize, self.solve, self.refine, self.eval)) > 1


class Wire:
    """The descriptor that lines go to. When nobody reads them any more, the run is to end at once."""

    def __init__(self, descriptor: int, cancellation: Cancellation) -> None:
        self._descriptor = descriptor
        self._cancellation = cancellation
        self._lock = threading.Lock()
        self._broken = False

    def __call__(self, event: Event, /) -> None:
        self._write(dump(event))

    def send(self, message: Mapping[str, Any]) -> None:
        """A line that is no event; from any thread."""
        self._write(json.dumps(message))

    def _write(self, line: str) -> None:
        view = memoryview(line.encode() + b"\n")
        try:
            with self._lock:  # a line stays whole
                while view and not self._broken:
                    view = view[os.write(self._descriptor, view) :]
        except OSError:  # what is told from now on is kept in the journal
            self._broken = True
            insist(self._cancellation, "nobody listens any more")


def main() -> int:
    """Carry out one order; the exit code, which is the command's."""
    cancellation = Cancellation()
    wire = Wire(_private_stdout(), cancellation)
    lender = LineLender(wire.send)
    lines = _lines(0)
    try:
        order = _order(next(lines, b""))
        if order.models is not None:
            wire.send(_models(order.models.folder))
            return 0
        threading.Thread(target=_obey, args=(lines, cancellation, lender), daemon=True).start()
        _heed_signals(cancellation)
        return _carried_out(order, wire, cancellation, lender)
    except SecantError as error:
        failed = Failed(message=error.message, where=error.where or "", hint=error.hint, exit_code=error.exit_code)
        Recorder("", None, [wire]).record(failed)
        return failed.exit_code


def insist(cancellation: Cancellation, reason: str) -> None:
    """Ask for the end at once."""
    for _ in range(2):
        cancellation.cancel(reason)


def _carried_out(order: Order, wire: Wire, cancellation: Cancellation, lender: LineLender) -> int:
    if order.run is not None:
        return engine.optimize(order.run, [wire], cancellation, os.environ, lender)
    assert order.resume is not None  # the order's own check
    store = RunStore(Path(os.path.realpath(find_project(order.resume.folder).root)))
    return engine.resume(store, store.resolve(order.resume.run), [wire], cancellation, os.environ, lender)


def _models(folder: Path) -> Mapping[str, Any]:
    """The models that can be named here. Raises ConfigError."""
    from secant.models.known import known  # noqa: PLC0415  because no run needs it

    settings = read_settings(folder)
    return {"models": [model.wire() for model in known(settings.named, settings.base_url, os.environ)]}


def _order(line: bytes) -> Order:
    """Raises BadRequest for anything else than an order."""
    if not line:
        raise BadRequest("stdin ended before there was an order", hint=_FORMS)
    try:
        return Order.model_validate_json(line)
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, each['loc'])) or 'order'}: {each['msg']}" for each in error.errors())
        raise BadRequest(f"this order cannot be read ({'; '.join(reasons)})", hint=_FORMS) from error


def _obey(lines: Iterator[bytes], cancellation: Cancellation, lender: LineLender) -> None:
    """Follow what comes on stdin until its end."""
    for line in lines:
        message = _message(line)
        if message.get("stop") is True:
            cancellation.cancel("stopped by the user")
        lender.take(message)
    lender.close()
    insist(cancellation, "whoever asked for the run has gone")


def _message(line: bytes) -> Mapping[str, Any]:
    """The object in a line; an empty one for whatever is none."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return cast("dict[str, Any]", message) if isinstance(message, dict) else {}


def _heed_signals(cancellation: Cancellation) -> None:
    """They ask for the end as a line on stdin does: the first in good order, the second at once."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        cancellation.cancel("terminated")

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _lines(descriptor: int) -> Iterator[bytes]:
    """The lines as they come; not by Python's buffered stdin, whose lock a waiting thread would hold to the end."""
    rest = b""
    while data := os.read(descriptor, _CHUNK):
        *whole, rest = (rest + data).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _private_stdout() -> int:
    """A descriptor of its own for the events. What anybody prints goes to stderr from now on."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return descriptor


if __name__ == "__main__":
    exit_code = main()
    gc.freeze()  # the process ends: looking for cycles in all that was loaded would cost 70 ms
    sys.exit(exit_code)
