"""What a failure's frames held: the function's arguments and variables where it raised, the test's where it failed."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

from .outcome import shorten
from .showing import variables

_MOST = 600
_FRAMES = 2_000


def explained(trace: TracebackType | None, path: str, test: str) -> dict[str, Any]:
    """Texts about the frames of `path` (the function's file) and of `test` (the test's file); only what there is.

    `arguments` are those of the call that came from the test, as they were when it failed.
    """
    frames = list(_frames(trace))
    own = [frame for frame, _ in frames if frame.f_code.co_filename == path]
    found: dict[str, Any] = {}
    if own:
        found["variables"] = _told(own[-1].f_locals)
        if own[0] is not own[-1]:
            found["arguments"] = _told({name: own[0].f_locals[name] for name in _parameters(own[0])})
    tests = [(frame, line) for frame, line in frames if frame.f_code.co_filename == test]
    if tests and test != path:
        frame, found["test_line"] = tests[-1]
        found["test_variables"] = _told({n: v for n, v in frame.f_locals.items() if n != "self"})
    return {name: value for name, value in found.items() if value}


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    count = 0
    while trace is not None and count < _FRAMES:
        yield trace.tb_frame, trace.tb_lineno
        trace, count = trace.tb_next, count + 1


def _parameters(frame: FrameType) -> list[str]:
    """Names of the frame's parameters that are still bound, in their order."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
    return [name for name in code.co_varnames[:count] if name in frame.f_locals]


def _told(names: dict[str, Any]) -> str:
    return shorten(variables(names), _MOST)
