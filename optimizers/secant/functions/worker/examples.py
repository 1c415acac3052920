"""How many examples (calls with what they should give) a candidate satisfies; run in a child after its tests passed."""

from __future__ import annotations

import ast
import copy
import math
import signal
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import Any

_CALL_SECONDS = 0.5


class ExampleTooLong(BaseException):
    """An example took longer than it may."""


def satisfied(function: Callable[..., Any], examples: Iterable[Mapping[str, str]]) -> int:
    """The number of examples whose call gives what is expected."""
    signal.signal(signal.SIGALRM, _expire)
    return sum(_holds(function, example) for example in examples)


def _holds(function: Callable[..., Any], example: Mapping[str, str]) -> bool:
    args, kwargs = ast.literal_eval(example["args"]), ast.literal_eval(example["kwargs"])
    expected = ast.literal_eval(example["expected"])
    signal.setitimer(signal.ITIMER_REAL, _CALL_SECONDS)
    try:
        given = function(*copy.deepcopy(args), **kwargs)
        if isinstance(expected, float) and isinstance(given, (int, float)):
            return math.isclose(given, expected, rel_tol=1e-6, abs_tol=1e-9)
        return bool(given == expected)
    except BaseException:  # noqa: BLE001  # because a candidate may raise anything, and then the example does not hold
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _expire(signum: int, frame: FrameType | None) -> None:
    raise ExampleTooLong()
