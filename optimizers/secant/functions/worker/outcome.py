"""What a call did, in a form that two versions can be compared by: result, exception, mutated arguments, output.

Types count (a tuple is not a list, True is not 1); floats may differ by a relative tolerance; iterators are compared
by what they yield; objects without an equality of their own by their type and attributes.
"""

from __future__ import annotations

import io
import math
import sys
from collections.abc import AsyncIterable, Awaitable, Callable
from itertools import islice
from typing import Any

_MOST_ITEMS = 20_000
_DEPTH = 60


class Outcome:
    """One call's observable behaviour."""

    def __init__(
        self, value: Any, error: BaseException | None, args: tuple[Any, ...], kwargs: dict[str, Any], output: str
    ) -> None:
        self.value = value
        self.error = error
        self.args = args
        self.kwargs = kwargs
        self.output = output

    def describe(self) -> str:
        """Short text for a person."""
        if self.error is not None:
            return "raises %s" % shorten("%s: %s" % (type(self.error).__name__, self.error))
        return shorten(safe_repr(self.value))


class Items:
    """The items of an iterator that was returned; a kind of its own, so that a list is not taken for it."""

    def __init__(self, kind: str, items: list[Any], error: str | None) -> None:
        self.kind = kind
        self.items = items
        self.error = error

    def __repr__(self) -> str:
        return "%s yielding %r" % (self.kind, self.items)


def observe(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
    """Call `function` and look at everything that a caller could see. `args` and `kwargs` must be its own copies."""
    stdout, captured = sys.stdout, io.StringIO()
    sys.stdout = captured
    value: Any = None
    error: BaseException | None = None
    try:
        value = _consumed(function(*args, **kwargs))
    except Exception as raised:  # noqa: BLE001  # because which exception is part of the behaviour
        error = raised
    except SystemExit as raised:
        error = raised
    finally:
        sys.stdout = stdout
    return Outcome(value, error, args, kwargs, captured.getvalue())


def same(first: Outcome, second: Outcome, tolerance: float) -> str:
    """Whether two outcomes are indistinguishable to a caller; the empty string, or what differs.

    Iterators among the arguments are compared by what they have left, and have nothing left then.
    """
    if (first.error is None) != (second.error is None):
        return "result"
    if first.error is not None and type(first.error) is not type(second.error):
        return "exception"
    if first.error is None and not equal(first.value, second.value, tolerance):
        return "result"
    if not equal(first.args, second.args, tolerance) or not equal(first.kwargs, second.kwargs, tolerance):
        return "arguments"
    return "" if first.output == second.output else "output"


def equal(  # noqa: PLR0911  # because every kind of value has a rule of its own
    first: Any, second: Any, tolerance: float, depth: int = 0
) -> bool:
    """Deep equality in which types count and floats have a relative tolerance."""
    if first is second:
        return True
    if type(first) is not type(second) or depth > _DEPTH:
        return False
    if isinstance(first, float):
        both_nan = math.isnan(first) and math.isnan(second)
        return both_nan or first == second or math.isclose(first, second, rel_tol=tolerance, abs_tol=tolerance * 1e-3)
    if isinstance(first, (str, bytes, int, bool, complex, type(None))):
        return first == second
    if isinstance(first, Items):
        return first.kind == second.kind and equal((first.items, first.error), (second.items, second.error), tolerance)
    if isinstance(first, BaseException):
        return True
    if _is(first, dict):
        return _equal_dicts(first, second, tolerance, depth)
    if _is(first, list, tuple) or _is_deque(first):
        return len(first) == len(second) and all(equal(a, b, tolerance, depth + 1) for a, b in zip(first, second))
    if _is(first, set, frozenset):
        return bool(first == second)
    return _equal_objects(first, second, tolerance, depth)


def _is(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds)


def _equal_dicts(first: dict[Any, Any], second: dict[Any, Any], tolerance: float, depth: int) -> bool:
    """Equal items in the same order: the order of a dictionary is seen by whoever iterates over it."""
    if len(first) != len(second):
        return False
    return all(
        equal(a, b, tolerance, depth + 1) and equal(first[a], second[b], tolerance, depth + 1)
        for a, b in zip(first, second)
    )


def _equal_objects(first: Any, second: Any, tolerance: float, depth: int) -> bool:
    if hasattr(first, "dtype") and hasattr(first, "shape"):
        return _equal_arrays(first, second, tolerance)
    if type(first).__eq__ is not object.__eq__:
        try:
            return bool(first == second)
        except Exception:  # noqa: BLE001  # because an equality of the user's may raise; unequal is the safe answer
            return False
    state_a, state_b = getattr(first, "__dict__", None), getattr(second, "__dict__", None)
    if state_a is not None and state_b is not None:
        return equal(state_a, state_b, tolerance, depth + 1)
    slots = [s for klass in type(first).__mro__ for s in getattr(klass, "__slots__", ())]
    if slots:
        missing = object()
        return all(equal(getattr(first, s, missing), getattr(second, s, missing), tolerance, depth + 1) for s in slots)
    return callable(first) or _equal_opaque(first, second, tolerance, depth)


def _equal_opaque(first: Any, second: Any, tolerance: float, depth: int) -> bool:
    """Of objects that show no state: built-in iterators by what they have left, others by their repr."""
    if hasattr(_kind(first), "__next__") and not isinstance(first, io.IOBase):
        return equal(_consumed(first), _consumed(second), tolerance, depth + 1)
    return safe_repr(first) == safe_repr(second)


def _equal_arrays(first: Any, second: Any, tolerance: float) -> bool:
    if first.shape != second.shape or first.dtype != second.dtype:
        return False
    try:
        import numpy  # noqa: PLC0415 because only a function that returns arrays brings it along

        if first.dtype.kind in "fc":
            return bool(numpy.allclose(first, second, rtol=max(tolerance, 1e-9), atol=1e-12, equal_nan=True))
        return bool(numpy.array_equal(first, second))
    except ImportError:
        return first.tolist() == second.tolist()


def _kind(value: object) -> type[object]:
    return type(value)


def _is_deque(value: object) -> bool:
    return type(value).__name__ == "deque" and type(value).__module__ == "collections"


def _consumed(value: Any) -> Any:
    """Run what was handed back to its end: awaitables, async iterators, iterators."""
    kind = _kind(value)
    if hasattr(kind, "__await__"):
        import asyncio  # noqa: PLC0415 because most functions are not async and start-up time counts

        return asyncio.run(_awaited(value))
    if hasattr(kind, "__anext__"):
        import asyncio  # noqa: PLC0415

        return asyncio.run(_collected(value))
    if hasattr(kind, "__next__") and not isinstance(value, io.IOBase):
        items: list[Any] = []
        error: str | None = None
        try:
            items.extend(islice(value, _MOST_ITEMS))
        except Exception as raised:  # noqa: BLE001  # because which exception is part of the behaviour
            error = type(raised).__name__
        return Items(kind.__name__, items, error)
    return value


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value


async def _collected(value: AsyncIterable[Any]) -> Items:
    items: list[Any] = []
    async for item in value:
        items.append(item)
        if len(items) >= _MOST_ITEMS:
            break
    return Items("async_generator", items, None)


def safe_repr(value: object) -> str:
    """repr, without addresses where that is easy, and without ever raising."""
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001  # because a repr of the user's may raise
        return "<%s whose repr raises %s>" % (type(value).__name__, type(error).__name__)


def shorten(text: str, most: int = 300) -> str:
    """The beginning and the end of a long text, with the length of what is left out."""
    if len(text) <= most:
        return text
    half = most // 2
    return "%s ... (%d more characters) ... %s" % (text[:half], len(text) - most, text[-half:])
