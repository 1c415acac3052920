"""Values in words, for feedback: bounded, alike in every process, and without running any code of the user's.

A `repr` of the user's may hang, raise, tell an address or follow the order of hashes; here built-in values are read
through their own types, and other objects are shown by their attributes.
"""

from __future__ import annotations

import enum
import types
from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, cast

from .outcome import shorten

_ITEMS = 12
_DEPTH = 4
_CHARACTERS = 160
_BITS = 600
_VARIABLES = 12
_DICT: Any = dict
_SETS: tuple[Any, ...] = (set, frozenset)
_BRACKETS: tuple[tuple[Any, str, str], ...] = (
    (list, "[", "]"),
    (tuple, "(", ")"),
    (deque, "deque([", "])"),
    (set, "{", "}"),
    (frozenset, "{", "}"),
)
_DULL = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)


def shown(value: object, most: int = 160) -> str:
    """A short text for a value."""
    try:
        return shorten(_text(value, _DEPTH), most)
    except Exception:  # noqa: BLE001  # because a class of the user's may be broken in ways that no rule foresees
        return "<%s>" % type(value).__name__


def variables(names: Mapping[str, object], most: int = _VARIABLES) -> str:
    """`n=3, items=[1, 2]`: the variables that hold data, in their order."""
    held = [(name, value) for name, value in names.items() if name.isidentifier() and not _is_dull(value)]
    parts = ["%s=%s" % (name, shown(value)) for name, value in held[:most]]
    return ", ".join(parts + (["%d more" % (len(held) - most)] if len(held) > most else []))


def _is_dull(value: object) -> bool:
    return issubclass(type(value), _DULL)


def _text(value: object, depth: int) -> str:  # noqa: PLR0911  # because every kind of value has a form of its own
    kind = type(value)
    if kind in (type(None), bool, float, complex, type(Ellipsis), range, slice):
        return repr(value)
    if kind is int:
        bits = cast("int", value).bit_length()
        return repr(value) if bits <= _BITS else "<int of %d bits>" % bits
    if kind in (str, bytes, bytearray):
        return _cut(cast("str", value))
    if depth == 0:
        return "..."
    if issubclass(kind, enum.Enum):
        return "%s.%s" % (kind.__name__, cast("enum.Enum", value)._name_)
    if issubclass(kind, dict):
        text = _mapping(cast("dict[Any, Any]", value), depth)
        return text if kind is dict else "%s(%s)" % (kind.__name__, text)
    if issubclass(kind, (list, tuple, set, frozenset, deque)):
        return _sequence(type(value), value, depth)
    if issubclass(kind, type):
        return "<class %s>" % cast("type", value).__name__
    if kind.__module__.partition(".")[0] in ("numpy", "pandas", "datetime", "decimal", "fractions", "pathlib", "uuid"):
        return " ".join(repr(value).split())
    if issubclass(kind, BaseException):
        return "%s(%s)" % (kind.__name__, _items(cast("BaseException", value).args, depth))
    return _object(value, depth)


def _cut(value: str) -> str:
    return repr(value) if len(value) <= _CHARACTERS else "%r... (%d in all)" % (value[:_CHARACTERS], len(value))


def _mapping(value: dict[Any, Any], depth: int) -> str:
    parts = ["%s: %s" % (_text(k, depth - 1), _text(v, depth - 1)) for k, v in islice(_DICT.items(value), _ITEMS)]
    return "{%s}" % ", ".join(parts + _more(_DICT.__len__(value)))


def _sequence(kind: type, value: Any, depth: int) -> str:
    base: Any
    base, left, right = next(entry for entry in _BRACKETS if issubclass(kind, entry[0]))
    length: int = base.__len__(value)
    if base in _SETS:
        # The order of a set is that of its hashes, which differ from process to process.
        texts = sorted(_text(item, depth - 1) for item in islice(base.__iter__(value), 10 * _ITEMS))[:_ITEMS]
        return _named(kind, set, left + ", ".join(texts + _more(length)) + right if length else "set()")
    inner = _items(base.__iter__(value), depth) + ("".join(", " + more for more in _more(length)))
    if base is tuple and length == 1:
        inner += ","
    return _named(kind, base, left + inner + right)


def _items(values: Iterable[Any], depth: int) -> str:
    return ", ".join(_text(item, depth - 1) for item in islice(values, _ITEMS))


def _more(length: int) -> list[str]:
    return ["... %d more" % (length - _ITEMS)] if length > _ITEMS else []


def _named(kind: type, plain: type, text: str) -> str:
    return text if kind is plain else "%s(%s)" % (kind.__name__, text)


def _object(value: object, depth: int) -> str:
    try:
        state: Any = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return "<%s>" % type(value).__name__
    attributes = cast("dict[str, Any]", state) if type(state) is dict else {}
    if not attributes:
        return "<%s>" % type(value).__name__
    parts = ["%s=%s" % (name, _text(held, depth - 1)) for name, held in islice(attributes.items(), _ITEMS)]
    return "%s(%s)" % (type(value).__name__, ", ".join(parts + _more(len(attributes))))
