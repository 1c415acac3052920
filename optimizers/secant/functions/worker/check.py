"""The check mode: what judges a text that is no function, each time in a confined child of its own.

A Python function of the user's is called with the text, a program of the text's own is run, a pattern is looked for.
Needs no pytest. What comes back is a score and a sentence; which checks there are is the engine's affair.
"""

from __future__ import annotations

import inspect
import json
import linecache
import os
import re
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from .children import Nursery, Write
from .judging import MOST_FEEDBACK, Verdict, judged, loaded, raised, verdict
from .metric import grade, look
from .protocol import Channel, Request

_MOST_OUTPUT = 4000
_REGION_BYTES = 1 << 20


class Check:
    """Serves `function`, `program` and `pattern` requests, `metric` with an answer for each of many items, and
    `callable`, which says whether a metric could be called with such.
    """

    def __init__(self, channel: Channel, request: Request) -> None:
        self.channel = channel
        self._request = request
        self._nursery = Nursery(channel, request["sandbox"], _REGION_BYTES)

    def main(self) -> None:
        """Answer until the engine has gone. An answer has the `verdict`, or None and why there is none (`ended`)."""
        self.channel.send(self._request, ready=True, confinement=self._nursery.reached())
        while True:
            request = self.channel.receive()
            if request is None or request["op"] == "quit":
                return
            if request["op"] == "metric":
                grade(self.channel, self._nursery, request)
                continue
            if request["op"] == "callable":
                look(self.channel, self._nursery, request)
                continue
            ended = self._nursery.run(_work(request), request["seconds"])
            verdict = None if ended.payload is None or ended.killed_for else json.loads(ended.payload)
            self.channel.send(request, verdict=verdict, ended=ended.reason, killed_for=ended.killed_for)


def _work(request: Request) -> Callable[[Write], object]:
    judge = {"function": _function, "program": _program, "pattern": _pattern}[request["op"]]
    return lambda write: _told(judge(request), write)


def _told(verdict: Verdict, write: Write) -> None:
    verdict["feedback"] = verdict["feedback"][:MOST_FEEDBACK]
    write(json.dumps(verdict).encode("ascii"))


# --- the user's function


def _function(request: Request) -> Verdict:
    """Load the file and call its function."""
    path = request["path"]
    function = loaded(path, request["source"], request["function"])
    if not callable(function):
        return function
    try:
        return judged(_called(function, request["arguments"]))
    except AssertionError as error:
        return verdict(0.0, str(error) or raised(error, path))
    except BaseException as error:  # noqa: BLE001  # because a check, or a candidate's code in it, may raise anything
        return verdict(0.0, "the check raised %s" % raised(error, path), fault="crash")


def _called(function: Any, arguments: Mapping[str, Any]) -> Any:
    """By name where it names what it wants, else one after the other, as many as it takes; one: the solution."""
    parameters = list(inspect.signature(function).parameters.values())
    everything = any(p.kind is p.VAR_KEYWORD for p in parameters)
    named = {name: value for name, value in arguments.items() if everything or name in {p.name for p in parameters}}
    if named and not any(p.kind is p.POSITIONAL_ONLY for p in parameters):
        return function(**named)
    takes = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        takes = len(arguments)
    return function(*([arguments["solution"]] if takes == 1 else list(arguments.values())[:takes]))


# --- a program in the text


def _program(request: Request) -> Verdict:
    """Run a program to its end in this process, as `__main__`. What it prints is kept, the end of it."""
    code, name = request["code"], "solution.py"
    output = os.open(os.path.join(request["folder"], "output"), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    main = ModuleType("__main__")
    main.__dict__["__file__"] = name
    sys.modules["__main__"] = main
    sys.argv[:] = [name]
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    os.chdir(request["folder"])
    try:
        exec(compile(code, name, "exec", dont_inherit=True), main.__dict__)
        failure = ""
    except SystemExit as error:
        failure = "" if error.code in (None, 0) else "it exited with status %.100s" % error.code
    except BaseException as error:  # noqa: BLE001  # because it is a candidate's
        failure = raised(error, name)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # it printed more than it may, or closed it
            failure = failure or "its output could not be written: too much of it, or closed"
    size = os.fstat(output).st_size
    printed = os.pread(output, _MOST_OUTPUT, max(0, size - _MOST_OUTPUT)).decode("utf-8", "replace")
    if not failure:
        return verdict(1.0, output=printed)
    shown = "\nIt printed:\n%s" % printed.strip()[-1000:] if printed.strip() else ""
    return verdict(0.0, "the code failed: %s%s" % (failure, shown), output=printed, fault="crash")


# --- a pattern


def _pattern(request: Request) -> Verdict:
    expression: str = request["expression"]
    found = re.search(expression, request["text"], re.MULTILINE)
    return verdict(1.0) if found else verdict(0.0, "nothing in it matches %s" % expression)
