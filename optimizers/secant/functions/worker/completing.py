"""A call, run to its very end: an iterator that it hands back is exhausted, an awaitable awaited.

A version that only begins its work and hands back the rest would pass for a fast one. Standard library only.
"""

from __future__ import annotations

import io
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any

Thunk = Callable[[], Any]
Passes = Iterable[Sequence[Thunk]]

PLAIN, ITERATOR, ASYNC = 0, 1, 2
"""What a version hands back: a value, an iterator to exhaust, an awaitable or async iterator to run."""

MOST_ITEMS = 100_000
"""Items drawn from a returned iterator: an endless generator must not make the trial endless."""


def complete_all(kind: int, passes: Passes, cpu: Callable[[], float]) -> float:
    """CPU seconds that the passes over calls of one kind take, results consumed to their end."""
    if kind == ASYNC:
        return _in_event_loop(_run_async(passes, cpu))
    return (_run_iterators if kind == ITERATOR else _run_plain)(passes, cpu)


def _run_plain(passes: Passes, cpu: Callable[[], float]) -> float:
    start = cpu()
    for thunks in passes:
        for thunk in thunks:
            try:
                thunk()
            except (Exception, SystemExit):  # noqa: BLE001 because raising is part of what the call costs
                continue
    return cpu() - start


def _run_iterators(passes: Passes, cpu: Callable[[], float]) -> float:
    start = cpu()
    for thunks in passes:
        for thunk in thunks:
            try:
                result = thunk()
                if _is_iterator(result):
                    _exhaust(result)
            except (Exception, SystemExit):  # noqa: BLE001 because raising is part of what the call costs
                continue
    return cpu() - start


async def _run_async(passes: Passes, cpu: Callable[[], float]) -> float:
    start = cpu()
    for thunks in passes:
        for thunk in thunks:
            try:
                await _finish(thunk())
            except (Exception, SystemExit):  # noqa: BLE001 because raising is part of what the call costs
                continue
    return cpu() - start


def complete(thunk: Thunk) -> int:
    """Run one call to its very end; its kind."""
    kind = PLAIN
    try:
        result = thunk()
        if _is_async(result):
            kind = ASYNC
            _in_event_loop(_finish(result))
        elif _is_iterator(result):
            kind = ITERATOR
            _exhaust(result)
    except (Exception, SystemExit):  # noqa: BLE001 because raising is part of what the call costs
        return kind
    return kind


async def _finish(result: Any) -> None:
    if _has("__await__", result):
        result = await result
    if _has("__anext__", result):
        left = MOST_ITEMS
        async for _ in result:
            left -= 1
            if not left:
                break
    elif _is_iterator(result):
        _exhaust(result)


def _is_async(result: Any) -> bool:
    return _has("__await__", result) or _has("__anext__", result)


def _is_iterator(result: Any) -> bool:
    return _has("__next__", result) and not isinstance(result, io.IOBase)


def _has(name: str, result: object) -> bool:
    """Special methods count on the type alone, as the interpreter has it."""
    return hasattr(type(result), name)


def _exhaust(iterator: Iterator[Any]) -> None:
    deque(itertools.islice(iterator, MOST_ITEMS), maxlen=0)


def _in_event_loop(awaitable: Awaitable[Any]) -> Any:
    import asyncio  # noqa: PLC0415 because most functions are not async and start-up time counts

    async def main() -> Any:
        return await awaitable

    return asyncio.run(main())
