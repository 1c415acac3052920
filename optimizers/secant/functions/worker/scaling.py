"""Recorded calls as workloads: a bounded choice among them, and the same calls with larger arguments.

Tests pass small arguments, and a slow function shows on large ones. Enlarging is guesswork about what an argument
means, so it is pure and deterministic, changes nothing it was given, and promises nothing: the caller runs the original
on the result, within a limit of time, and drops a call on which the original raises. Nothing here calls the function.
Standard library only, Python 3.9+.
"""

from __future__ import annotations

import copy
import enum
import math
import pickle
import re
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .timing import Arguments

MOST_CALLS = 20
LONG_TEXT = 16
"""A shorter text beside a list is a separator or an option, not data."""
CONTAINERS = (list, tuple, set, frozenset, dict, deque)
ATOMS = (bool, float, complex, type(None), enum.Enum, type, types.ModuleType)


def choose_workload(
    calls: Sequence[Arguments], cost: Callable[[Arguments], float], most: int = MOST_CALLS
) -> list[Arguments]:
    """At most `most` different calls in ascending order of cost: cheapest to dearest, denser among the dear."""
    ranked = sorted({_key(call): call for call in calls}.values(), key=cost)
    if len(ranked) <= most:
        return ranked
    last = len(ranked) - 1
    ranks = {round(last * (1 - (1 - i / (most - 1)) ** 2)) for i in range(most)} if most > 1 else {last}
    return [ranked[rank] for rank in sorted(ranks)]


def scaled(call: Arguments, factor: int, *, vary: bool = True) -> Arguments | None:
    """The call with its data about `factor` times as large, or None where nothing in it has a size.

    Lists, sets, mappings, long texts, arrays and the data of objects are repeated; without any of these, whole numbers
    grow. With `vary` each repetition differs from the first, by the same rule everywhere, so that a value found in two
    arguments is found in both of them later too: numbers are shifted, names get a suffix. A number that is the length
    or the bound of a container follows it. Records (tuples and dictionaries of mixed types) keep their fields.
    Without `vary` the repetitions are equal: for a function that refuses the varied call.
    """
    if factor < 2:
        return None
    args, kwargs = call
    scale = _Scale((*args, *kwargs.values()), factor, vary)
    try:
        larger = tuple(map(scale.grow, args)), {name: scale.grow(value) for name, value in kwargs.items()}
    except Exception:  # noqa: BLE001 because user classes may refuse to be copied, hashed or nested this deep
        return None
    return larger if scale.grew else None


def _key(call: Arguments) -> object:
    try:
        return pickle.dumps(call, protocol=4)
    except Exception:  # noqa: BLE001 because user classes refuse pickling with every kind of error
        return id(call)


class _Survey:
    """What the arguments hold: sizes of containers, numbers and names inside them."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.lengths: set[int] = set()
        self.ints: list[int] = []
        self.names: list[str] = []
        self.direct: list[int] = []
        self.square = False
        self._seen: set[int] = set()
        for value in values:
            self._look(value, inside=False)

    def _look(self, value: Any, *, inside: bool) -> None:
        if isinstance(value, ATOMS) or id(value) in self._seen:
            return
        if isinstance(value, int):
            (self.ints if inside else self.direct).append(value)
        elif isinstance(value, str):
            self.names += [value] if inside else []
        else:
            self._seen.add(id(value))
            self._look_into(value, inside=inside)

    def _look_into(self, value: Any, *, inside: bool) -> None:
        if _is_record(value):
            for item in value.values() if _is(value, dict) else value:
                self._look(item, inside=inside)
        elif _is(value, *CONTAINERS) or _is_array(value):
            self.lengths.add(len(value))
            self.square = self.square or _is_square(value)
            for item in _items(value):
                self._look(item, inside=True)
        else:
            for item in _fields(value).values():
                self._look(item, inside=inside)


class _Scale:
    """One rule of growth for all arguments of a call."""

    def __init__(self, values: Sequence[Any], factor: int, vary: bool) -> None:
        survey = _Survey(values)
        self.side = math.ceil(math.sqrt(factor))
        self.times = self.side if survey.square else factor
        self.vary = vary
        self.grew = False
        self.only_numbers = not survey.lengths
        self.shift_ints = vary and not _categorical(survey.ints)
        self.rename = vary and not _categorical(survey.names)
        self.stride = 1 + max(map(abs, survey.ints), default=0)
        self.sizes = {length - 1: length * self.times - 1 for length in survey.lengths if length > 3}
        self.sizes.update({length: length * self.times for length in survey.lengths if length > 1})
        for bound in survey.direct:
            if survey.ints and bound > 1 and bound in (self.stride, self.stride - 1):
                self.stride = bound
                self.sizes[bound] = bound * self.times
                break
        self._done: dict[int, Any] = {}

    def grow(self, value: Any) -> Any:
        """A value at the level of an argument, larger."""
        if isinstance(value, ATOMS):
            return value
        if isinstance(value, int):
            return self._grow_int(value)
        if id(value) not in self._done:
            self._done[id(value)] = self._grown(value)
        return self._done[id(value)]

    def _grow_int(self, value: int) -> int:
        if self.only_numbers and value > 1:
            self.grew = True
            return value * self.times
        return self.sizes.get(value, value)

    def _grown(self, value: Any) -> Any:
        if _is(value, str, bytes, bytearray):
            return self._grow_text(value) if self.only_numbers or len(value) >= LONG_TEXT else value
        if _is_record(value):
            if _is(value, dict):
                return _refilled(value, {key: self.grow(item) for key, item in value.items()})
            return _rebuilt_tuple(value, map(self.grow, value))
        if _is(value, *CONTAINERS):
            return self._repeat(value) if len(value) else value
        if _is_array(value):
            self.grew = True
            return _tiled(value, self.times)
        return self._grow_fields(value)

    def _grow_text(self, text: Any) -> Any:
        if not text:
            return text
        self.grew = True
        if not isinstance(text, str):
            return text * self.times
        glue = "\n" if "\n" in text[:-1] and text[-1] != "\n" else " " if " " in text.strip() else ""
        return glue.join([text] * self.times)

    def _repeat(self, value: Any) -> Any:
        rounds = range(self.times)
        if _is(value, set, frozenset, dict):
            return self._repeat_named(value, rounds) if self.vary else value
        self.grew = True
        if _is_square(value):
            wide = ([self._varied(cell, i) for _ in rounds for cell in row] for i in rounds for row in value)
            return _rebuilt(value, [_rebuilt(value[0], row) for row in wide])
        return _rebuilt(value, [self._varied(item, i) for i in rounds for item in value])

    def _repeat_named(self, value: Any, rounds: range) -> Any:
        """A mapping or a set; it grows where its keys or members have other names (an empty key or None has none)."""
        if _is(value, dict):
            named = {self._name(key, i): self._varied(item, i) for i in rounds for key, item in value.items()}
            larger = _refilled(value, named)
        else:
            larger = type(value)(self._name(item, i) for i in rounds for item in value)
        self.grew = self.grew or len(larger) > len(value)
        return larger if len(larger) > len(value) else value

    def _grow_fields(self, value: Any) -> Any:
        fields = _fields(value)
        if not fields:
            return value
        return _with_fields(value, {name: self.grow(item) for name, item in fields.items()})

    def _name(self, value: Any, i: int) -> Any:
        """A key or a member of a set: another one in another round, even where such an element would stay."""
        if isinstance(value, str) and value and i:
            return _renamed(value, i) if _renamed(value, i) != value else f"{value}{i}"
        if isinstance(value, int) and not isinstance(value, bool):
            return self._shifted(value, i)
        return self._name_each(value, i) if _is(value, tuple) else value

    def _name_each(self, value: Any, i: int) -> Any:
        return _rebuilt_tuple(value, [self._name(item, i) for item in value])

    def _varied(self, value: Any, i: int) -> Any:
        """An element in round `i`; the recorded one itself in round 0."""
        if not i or not self.vary or isinstance(value, (bool, type(None), enum.Enum, type)):
            return value
        if isinstance(value, int):
            return self._shifted(value, i) if self.shift_ints else value
        if isinstance(value, float):
            return value * (1 - i / (2 * self.times))
        if isinstance(value, str):
            return _renamed(value, i) if self.rename else value
        return self._varied_inside(value, i)

    def _varied_inside(self, value: Any, i: int) -> Any:
        if _is(value, tuple):
            return _rebuilt_tuple(value, (self._varied(item, i) for item in value))
        if _is(value, dict):
            return _refilled(value, {key: self._varied(item, i) for key, item in value.items()})
        if _is(value, set, frozenset):
            return type(value)(self._name(item, i) for item in value)
        if _is(value, list, deque):
            return _rebuilt(value, [self._varied(item, i) for item in value])
        fields = _fields(value)
        if not fields:
            return value
        return _with_fields(value, {name: self._varied(item, i) for name, item in fields.items()})

    def _shifted(self, value: int, i: int) -> int:
        return value + self.stride * i if value >= 0 else value - self.stride * i


def _is(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds)


def _is_record(value: Any) -> bool:
    """A tuple or dictionary of mixed types: fields, whose number is not data."""
    return (_is(value, tuple) and not _alike(value)) or (_is(value, dict) and not _alike(value.values()))


def _items(value: Any) -> Iterable[Any]:
    """What a container holds: keys and values of a dictionary, nothing of an array."""
    if _is_array(value):
        return ()
    return [*value, *value.values()] if _is(value, dict) else value


def _alike(values: Iterable[Any]) -> bool:
    """A collection rather than a record: all of one type, whole numbers and floats counting as one."""
    return len({float if _is(value, int, float) else value.__class__ for value in values}) <= 1


def _categorical(values: Sequence[Any]) -> bool:
    """Few different values often repeated are codes (bits, grades, colours): others would mean nothing."""
    return len(values) >= 4 and len(set(values)) <= len(values) / 2


def _is_square(value: Any) -> bool:
    """A matrix: rows are lists, since as many pairs as a pair has members are a common list of records."""
    if _is_array(value):
        return getattr(value, "ndim", 0) == 2 and value.shape[0] == value.shape[1] > 1
    if not _is(value, list) or len(value) < 2:
        return False
    return all(_is(row, list) and len(row) == len(value) for row in value)


def _is_array(value: Any) -> bool:
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return value.ndim > 0
    return pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series))


def _tiled(value: Any, times: int) -> Any:
    """An array or a data frame, repeated along its first axis (a square matrix along both)."""
    numpy = sys.modules["numpy"]
    if isinstance(value, numpy.ndarray):
        return numpy.tile(value, (times, times) if _is_square(value) else (times, *[1] * (value.ndim - 1)))
    pandas = sys.modules["pandas"]
    return pandas.concat([value] * times, ignore_index=isinstance(value.index, pandas.RangeIndex))


def _fields(value: Any) -> dict[str, Any]:
    """The data of an ordinary object; nothing for functions, generators, text and what has no instance dictionary."""
    if isinstance(value, (str, bytes, bytearray, enum.Enum, type, types.ModuleType)) or callable(value):
        return {}
    return dict(getattr(value, "__dict__", {}))


def _with_fields(value: Any, fields: dict[str, Any]) -> Any:
    """A shallow copy with other data; past `__setattr__`, so that frozen dataclasses are copied too."""
    other = copy.copy(value)
    other.__dict__.update(fields)
    return other


def _rebuilt(value: Any, items: list[Any]) -> Any:
    """A sequence of the same type with other items."""
    if _is(value, tuple):
        return _rebuilt_tuple(value, items)
    if type(value) is list:
        return items
    other = copy.copy(value)
    other.clear()
    other.extend(items)
    return other


def _rebuilt_tuple(value: Any, items: Iterable[Any]) -> Any:
    return value._make(items) if hasattr(value, "_make") else type(value)(items)


def _refilled(value: Any, items: dict[Any, Any]) -> Any:
    """A dictionary of the same type (a default factory included) with other items."""
    other = copy.copy(value)
    other.clear()
    other.update(items)
    return other


def _renamed(text: str, i: int) -> str:
    """Another text of the same look: the first word or number changes, spaced text stays."""
    if re.fullmatch(r"\d+", text):
        return f"{text}{i}"
    match = re.match(r"[^\W\d_]+", text)
    if match is None or " " in text:
        return text
    letters = ""
    while i:
        i, digit = divmod(i - 1, 26)
        letters = chr(ord("a") + digit) + letters
    return text[: match.end()] + letters + text[match.end() :]
