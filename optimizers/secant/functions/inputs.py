"""Further inputs for a function, in the likeness of the calls that its tests made.

They are drawn around the recorded values of each parameter: of their types and sizes, from their ranges and letters.
Arguments that are no literals (objects, open files) stay those of a recorded call. The same recorded calls give the
same inputs, in every process.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from secant.functions.drawing import drawn, require_hypothesis

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Literals = Sequence[Mapping[str, Any]]
"""Recorded calls as the worker sends them: `{"args": [text | None, ...], "kwargs": {name: text | None}}`."""

_MOST_ITEMS = 14
_ITEMS_SEEN = 40
"""So many items of each recorded collection are taken as models of what may be in one."""


def generated(literals: Literals, count: int) -> list[dict[str, Any]]:
    """Up to `count` inputs, `{"base": index of a recorded call, "args": {position or name: literal text}}`.

    Raises HypothesisMissing.
    """
    require_hypothesis()
    shapes = _shapes(literals)
    return drawn(_call(shapes, literals), count) if shapes else []


def _shapes(literals: Literals) -> dict[str, list[Any]]:
    """Recorded literal values by position or name."""
    shapes: dict[str, list[Any]] = {}
    for call in literals:
        for name, text in _literal_arguments(call):
            shapes.setdefault(name, []).append(ast.literal_eval(text))
    return shapes


def _literal_arguments(call: Mapping[str, Any]) -> list[tuple[str, str]]:
    positional: Sequence[str | None] = call["args"]
    named: Mapping[str, str | None] = call["kwargs"]
    texts = {str(position): text for position, text in enumerate(positional)} | dict(named)
    return [(name, text) for name, text in texts.items() if text is not None]


def _call(shapes: Mapping[str, Sequence[Any]], literals: Literals) -> SearchStrategy[dict[str, Any]]:
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    values = {name: like(seen) for name, seen in shapes.items()}
    given = [[argument[0] for argument in _literal_arguments(call)] for call in literals]

    @st.composite
    def call(draw: Any) -> dict[str, Any]:
        base: int = draw(st.integers(0, len(literals) - 1))
        return {"base": base, "args": {name: repr(draw(values[name])) for name in given[base]}}

    return call()


def like(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Values of the same types, about the same sizes; the recorded ones themselves among them."""
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    kinds: Sequence[type[Any]] = list(dict.fromkeys(map(type, values)))
    options = [_of_type(kind, [value for value in values if type(value) is kind]) for kind in kinds]
    return st.one_of(*options, st.sampled_from(list(values)))


def _of_type(kind: type[Any], values: Sequence[Any]) -> SearchStrategy[Any]:
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    makers: Mapping[type[Any], Callable[[Sequence[Any]], SearchStrategy[Any]]] = {
        bool: lambda _: st.booleans(),
        int: lambda seen: st.integers(min(seen) - 1 if min(seen) < 1 else 0, max(seen) + 2),
        float: lambda seen: st.floats(min(0.0, *seen), max(1.0, *seen), allow_nan=False, allow_infinity=False),
        str: lambda seen: st.text(alphabet=sorted(set("".join(seen))) or ["a"], max_size=_longest(seen) + 2),
        bytes: lambda seen: st.binary(max_size=_longest(seen) + 2),
        list: _of_lists,
        set: _of_sets,
        tuple: _of_tuples,
        dict: _of_mappings,
    }
    return makers[kind](values) if kind in makers else st.sampled_from(list(values))


def _longest(values: Sequence[Any]) -> int:
    return max(map(len, values))


def _of_lists(values: Sequence[Any]) -> SearchStrategy[Any]:
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    items = [item for value in values for item in _models(value)]
    if not items:
        return st.lists(st.none(), max_size=0)
    return st.lists(like(items), max_size=min(_MOST_ITEMS, _longest(values) + 2))


def _of_sets(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Sets of recorded items: new ones could not always be hashed."""
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    items = [item for value in values for item in _models(value)]
    if not items:
        return st.sets(st.none(), max_size=0)
    return st.sets(st.sampled_from(items), max_size=min(_MOST_ITEMS, _longest(values) + 2))


def _models(value: Collection[Any]) -> Sequence[Any]:
    """The first items; those of a set, which come in another order in every process, sorted."""
    return sorted(value, key=repr)[:_ITEMS_SEEN] if isinstance(value, set) else list(value)[:_ITEMS_SEEN]


def _of_tuples(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Tuples of one length are records, field by field; of several lengths, sequences."""
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    lengths = {len(value) for value in values}
    if len(lengths) == 1:
        return st.tuples(*(like([value[i] for value in values]) for i in range(lengths.pop())))
    items = [item for value in values for item in _models(value)]
    return st.builds(tuple, st.lists(like(items), max_size=min(_MOST_ITEMS, _longest(values) + 2)))


def _of_mappings(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Mappings with the same keys are records; others are drawn key by key."""
    from hypothesis import strategies as st  # noqa: PLC0415  because it is an extra

    first = list(values[0])
    if first and all(list(value) == first for value in values) and all(isinstance(key, str) for key in first):
        return st.fixed_dictionaries({key: like([value[key] for value in values]) for key in first})
    keys = [key for value in values for key in _models(value)]
    items = [item for value in values for item in _models(value.values())]
    if not keys:
        return st.just({})
    return st.dictionaries(like(keys), like(items), max_size=min(_MOST_ITEMS, _longest(values) + 2))
