"""A metric of the user's: one Python function called with many answers, each time in a confined child of its own.

A part of the check mode. An answer is somebody's text, and a metric may well execute it: no answer sees what another
has left behind, and one that hangs or leaves costs its own score alone. The metric's file is the user's, as his tests
are: once a child has loaded it in time it is loaded here, and the next children need not import what it imports.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from .children import Nursery, Write
from .judging import MOST_FEEDBACK, Verdict, judged, loaded, raised, verdict
from .protocol import Channel, Request


def grade(channel: Channel, nursery: Nursery, request: Request) -> None:
    """One response for each of the request's `items`, the named arguments of a call."""
    items = request["items"]
    function: Callable[..., Any] | Verdict | None = None
    for place, arguments in enumerate(items, start=1):
        ended = nursery.run(_work(request, arguments, function), request["seconds"])
        told = None if ended.payload is None or ended.killed_for else json.loads(ended.payload)
        if place == 1 and told is not None and told["fault"] != "check":
            function = loaded(request["path"], request["source"], request["function"])
        channel.send(request, last=place == len(items), verdict=told, ended=ended.reason, killed_for=ended.killed_for)


def look(channel: Channel, nursery: Nursery, request: Request) -> None:
    """Whether the function can be loaded, and called with each of the `items`, which are names alone: the verdict of
    the first with which it can be, else that of the last.
    """

    def work(write: Write) -> None:
        function = loaded(request["path"], request["source"], request["function"])
        told = _fitting(function, request) if callable(function) else function
        write(json.dumps(told).encode("ascii"))

    ended = nursery.run(work, request["seconds"])
    told = None if ended.payload is None or ended.killed_for else json.loads(ended.payload)
    channel.send(request, verdict=told, ended=ended.reason, killed_for=ended.killed_for)


def _fitting(function: Callable[..., Any], request: Request) -> Verdict:
    told = verdict(1.0, "")
    for names in request["items"]:
        told = _uncallable(function, names, request["function"]) or verdict(1.0, "")
        if not told["fault"]:
            break
    return told


def _work(
    request: Request, arguments: Mapping[str, Any], function: Callable[..., Any] | Verdict | None
) -> Callable[[Write], object]:
    def work(write: Write) -> None:
        told = _graded(request, arguments, function)
        told["feedback"] = told["feedback"][:MOST_FEEDBACK]
        write(json.dumps(told).encode("ascii"))

    return work


def _graded(request: Request, arguments: Mapping[str, Any], known: Callable[..., Any] | Verdict | None) -> Verdict:
    path = request["path"]
    function = known or loaded(path, request["source"], request["function"])
    if not callable(function):
        return function
    wrong = _uncallable(function, arguments, request["function"])
    if wrong is not None:
        return wrong
    try:
        return _read(_called(function, arguments))
    except AssertionError as error:
        return verdict(0.0, str(error) or raised(error, path))
    except BaseException as error:  # noqa: BLE001  # because a metric, or an answer that it executes, may raise anything
        return verdict(0.0, "the metric raised %s" % raised(error, path), fault="crash")


def _uncallable(function: Callable[..., Any], names: Collection[str], called: str) -> Verdict | None:
    """Why it cannot be called with arguments of these names; None where it can."""
    try:
        inspect.signature(function)
    except (TypeError, ValueError):
        return verdict(0.0, "the metric %s cannot be called by name" % called, fault="check")
    missing = _missing(function, names)
    if missing:
        has = ", ".join(names)
        what = "the metric asks for %s, which the case does not have; it has %s" % (missing, has)
        return verdict(0.0, what, fault="check")
    return None


def _named(function: Callable[..., Any], arguments: Collection[str]) -> bool:
    """Whether it is called by name: where it names the output, or takes everything that is named."""
    parameters = inspect.signature(function).parameters
    positional = any(p.kind in (p.POSITIONAL_ONLY, p.VAR_POSITIONAL) for p in parameters.values())
    everything = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    return not positional and (everything or "output" in parameters or set(parameters) <= set(arguments))


def _missing(function: Callable[..., Any], arguments: Collection[str]) -> str:
    """The first parameter that nothing would fill; empty where all have their value."""
    parameters = list(inspect.signature(function).parameters.values())
    required = [
        p.name for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]
    if _named(function, arguments):
        return next((name for name in required if name not in arguments), "")
    return next(iter(required[3:]), "")


def _called(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """By name, or one after the other: the output, what was expected, the case's fields."""
    parameters = list(inspect.signature(function).parameters.values())
    if _named(function, arguments):
        everything = any(p.kind is p.VAR_KEYWORD for p in parameters)
        wanted = {p.name for p in parameters}
        return function(**{name: value for name, value in arguments.items() if everything or name in wanted})
    order = [arguments["output"], arguments["expected"], arguments["row"]]
    takes = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        takes = len(order)
    return function(*order[:takes])


def _read(result: object) -> Verdict:
    """What a check may return as well, or a mapping with `score` (or `pass`) and `feedback` (or `reason`)."""
    if not isinstance(result, dict):
        return judged(result, "metric")
    fields = cast("dict[str, Any]", result)
    score = fields.get("score", fields.get("pass", fields.get("pass_")))
    said = fields.get("feedback", fields.get("reason"))
    return judged((score, said) if isinstance(said, str) else score, "metric")
