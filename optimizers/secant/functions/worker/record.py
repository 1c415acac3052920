"""Record the calls that tests really make: arguments deep-copied before the call, with what it cost.

The function's code is replaced by a forwarder, so every reference to it is watched; calls that the function makes to
itself are not recorded. What cannot be copied (a lock, a running generator) is counted and left out.
"""

from __future__ import annotations

import copy
import time
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .twins import twin_of

if TYPE_CHECKING:
    from .unit import Unit

_FORWARDER = "def {name}(*args, **kwargs):\n    {closure}\n    return __secant_forward__({index}, args, kwargs)\n"
_CALLS_PER_TEST = 60
_CALLS = 600


class RecordedCall:
    """Arguments as they were before the call, and the seconds it took (creation only, for a generator)."""

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float, test: str) -> None:
        self.args = args
        self.kwargs = kwargs
        self.seconds = seconds
        self.test = test


class Recorder:
    """Replaces the code of `functions` by forwarders while it is active."""

    def __init__(self, unit: Unit, functions: Sequence[types.FunctionType], namespace: dict[str, Any]) -> None:
        self.calls: list[RecordedCall] = []
        self.uncopied = 0
        self.seen = 0
        self.test = ""
        self._in_test = 0
        self._depth = 0
        self._functions = functions
        self._twins = [twin_of(function) for function in functions]
        self._codes = [function.__code__ for function in functions]
        namespace["__secant_forward__"] = self._forward
        for index, function in enumerate(functions):
            closure = "__class__" if function.__code__.co_freevars else "pass"
            text = _FORWARDER.format(name=unit.names[-1], index=index, closure=closure)
            function.__code__ = unit.code_of(text)

    def stop(self) -> None:
        """Put the original code back."""
        for function, code in zip(self._functions, self._codes):
            function.__code__ = code

    def begin(self, test: str) -> None:
        self.test = test
        self._in_test = 0

    def _forward(self, index: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        twin = self._twins[index]
        if self._depth or self._in_test >= _CALLS_PER_TEST or len(self.calls) >= _CALLS:
            return twin(*args, **kwargs)
        self.seen += 1
        call = self._copied(args, kwargs)
        self._depth += 1
        started = time.perf_counter()
        try:
            return twin(*args, **kwargs)
        finally:
            self._depth -= 1
            if call is not None:
                call.seconds = time.perf_counter() - started
                self.calls.append(call)
                self._in_test += 1

    def _copied(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> RecordedCall | None:
        try:
            args, kwargs = copy.deepcopy((args, kwargs))
        except Exception:  # noqa: BLE001  # because user classes refuse copying with every kind of error
            self.uncopied += 1
            return None
        return RecordedCall(args, kwargs, 0.0, self.test)
