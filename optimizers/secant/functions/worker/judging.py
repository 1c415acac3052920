"""Code of the user's that judges: loaded from its file, and what it returns or raises put into a verdict."""

from __future__ import annotations

import linecache
import os
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any, cast

MOST_FEEDBACK = 4000
Verdict = dict[str, Any]
"""`score` in [0, 1], `feedback`, `output` (what a program printed), `fault`: empty, `crash` for what raised, or
`check` for a check that cannot be used."""


def verdict(score: float, feedback: str = "", *, output: str = "", fault: str = "") -> Verdict:
    return {"score": score, "feedback": feedback, "output": output, "fault": fault}


def loaded(path: str, source: str, name: str) -> Callable[..., Any] | Verdict:
    """The function of a user's file, or why there is none."""
    sys.path.insert(0, os.path.dirname(path))
    try:
        module = _module(path, source)
    except BaseException as error:  # noqa: BLE001  # because a user's file may raise anything, or leave
        return verdict(0.0, "%s cannot be loaded: %s" % (os.path.basename(path), raised(error, path)), fault="check")
    function = getattr(module, name, None)
    if callable(function):
        return cast("Callable[..., Any]", function)
    return verdict(0.0, "%s defines no function %s" % (path, name), fault="check")


def _module(path: str, source: str) -> ModuleType:
    name = os.path.splitext(os.path.basename(path))[0]
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    linecache.cache[path] = (len(source), None, source.splitlines(True), path)
    exec(compile(source, path, "exec"), module.__dict__)
    return module


def judged(result: object, what: str = "check") -> Verdict:
    """A bool, a score in [0, 1], a sentence about what is wrong (empty: nothing), or a score with a sentence."""
    if isinstance(result, str):
        return verdict(0.0 if result else 1.0, result)
    pair = cast("tuple[object, ...]", result) if type(result) is tuple else ()
    if len(pair) == 2 and isinstance(pair[1], str):
        first = judged(pair[0], what)
        return first if first["fault"] else verdict(first["score"], pair[1])
    number = _number(result)
    if isinstance(number, (bool, int, float)) and 0 <= number <= 1:
        return verdict(float(number), "" if number == 1 else "the %s gave %s" % (what, number))
    wanted = "True or False, a score from 0 to 1, a sentence about what is wrong, or (score, sentence)"
    return verdict(0.0, "the %s returned %.200r; it should return %s" % (what, result, wanted), fault="check")


def _number(value: Any) -> object:
    """Python's own number for one of numpy's; anything else as it is."""
    return value.item() if hasattr(value, "item") else value


def raised(error: BaseException, path: str) -> str:
    """The error and the last of the file's own lines that led to it."""
    what = "".join(traceback.format_exception_only(type(error), error)).strip()
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    return "%s (line %s: %s)" % (what, frames[-1].lineno, frames[-1].line) if frames else what
