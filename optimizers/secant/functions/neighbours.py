"""Small changes of recorded arguments, where repairs that pass the same tests come apart: one more, one less, none.

Needs nothing but the recorded calls and costs next to nothing. What these small changes do not tell apart, inputs drawn
from strategies (`inputs`) may; they cost more than the comparison, so they come second.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any


def neighbours(literals: Sequence[Mapping[str, Any]], count: int) -> list[dict[str, Any]]:
    """Up to `count` different inputs, in the form of `inputs.generated`: every recorded call in turn, changed once."""
    streams = [_of_call(base, call) for base, call in enumerate(literals)]
    found: dict[str, dict[str, Any]] = {}
    while streams and len(found) < count:
        going: list[Iterator[dict[str, Any]]] = []
        for stream in streams:
            for given in islice(stream, 1):
                found.setdefault(repr(given["args"]), given)
                going.append(stream)
        streams = going
    return list(found.values())[:count]


def _of_call(base: int, call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    texts: dict[str, str | None] = {str(i): text for i, text in enumerate(call["args"])} | dict(call["kwargs"])
    values = {name: ast.literal_eval(text) for name, text in texts.items() if text is not None}
    changes = [((name, changed) for changed in changed_once(value)) for name, value in values.items()]
    while changes:
        for change in list(changes):
            step = next(change, None)
            if step is None:
                changes.remove(change)
                continue
            whole = {name: repr(value) for name, value in values.items()} | {step[0]: repr(step[1])}
            yield {"base": base, "args": whole}


def changed_once(value: object) -> Iterator[object]:
    """Values near `value`, of its own type, the nearest first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, type(value)(0), type(value)(1), -value, value * 2)
    elif isinstance(value, str | bytes):
        yield from (value[1:], value[:-1], value[:0], value[::-1], value * 2, (value * 2)[: len(value) + 1])
        yield from (value.upper(), value.lower())
    elif isinstance(value, list | tuple):
        yield from _of_sequence(list(value), type(value))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, dict):
        items: list[Any] = list(value.items())  # pyright: ignore[reportUnknownArgumentType]
        yield from (dict(items[1:]), dict(items[:-1]), {})
        yield from ({**dict(items), key: near} for key, held in items for near in islice(changed_once(held), 2))


def _of_sequence(items: list[Any], kind: type[Any]) -> Iterator[object]:
    """Without an end, empty, the other way round, with an item twice, with one item changed."""
    for changed in (items[1:], items[:-1], [], items[::-1], items + items[:1], items[:1], sorted(items, key=repr)):
        yield kind(changed)
    for position, item in enumerate(items[:4]):
        for near in islice(changed_once(item), 3):
            yield kind([*items[:position], near, *items[position + 1 :]])
