"""Functions as objects: one of its own with the same code, with the code elsewhere in memory, the caches it uses."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, cast


def twin_of(function: types.FunctionType, code: types.CodeType | None = None) -> types.FunctionType:
    """A function object of its own with the original's code, or with this one."""
    twin = types.FunctionType(
        code or function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def relocated(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same plain function with newly allocated, unspecialized code; anything else as it is."""
    if type(function) is not types.FunctionType:
        return function
    twin = twin_of(function, _fresh_code(function.__code__))
    twin.__dict__.update(function.__dict__)
    return twin


def _fresh_code(code: types.CodeType) -> types.CodeType:
    constants = tuple(_fresh_code(c) if isinstance(c, types.CodeType) else c for c in code.co_consts)
    return code.replace(co_code=bytes(bytearray(code.co_code)), co_consts=constants)


def caches(function: Callable[..., Any]) -> dict[int, Any]:
    """The `functools` caches that a function is, or names in its module, by identity."""
    found: dict[int, Any] = {}
    layer: Any = function
    while layer is not None:
        if callable(getattr(layer, "cache_clear", None)):
            found[id(layer)] = layer
        code = getattr(layer, "__code__", None)
        if isinstance(code, types.CodeType):
            names = cast("dict[str, Any]", layer.__globals__)
            seen = (names.get(name) for name in _names(code))
            found.update((id(one), one) for one in seen if callable(getattr(one, "cache_clear", None)))
        layer = getattr(layer, "__wrapped__", None) or getattr(layer, "__func__", None)
    return found


def _names(code: types.CodeType) -> set[str]:
    inner = (_names(constant) for constant in code.co_consts if isinstance(constant, types.CodeType))
    return set(code.co_names).union(*inner)
