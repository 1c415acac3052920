"""Further inputs for a function, in the likeness of the calls that its tests made.

hypothesis draws them: around the recorded values of each parameter (their types, sizes, ranges and letters), and from
the annotation where a parameter was never a literal. Arguments that are no literals (objects, open files) stay those
of a recorded call. The same recorded calls give the same inputs.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Literals = Sequence[Mapping[str, Any]]
"""Recorded calls as the worker sends them: `{"args": [text | None, ...], "kwargs": {name: text | None}}`."""

_MOST_ITEMS = 14


class HypothesisMissing(Exception):
    """The extra `fuzz` is not installed."""


def generated(literals: Literals, count: int) -> list[dict[str, Any]]:
    """Up to `count` inputs, `{"base": index of a recorded call, "args": {position or name: literal text}}`.

    Raises HypothesisMissing.
    """
    try:
        from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 because it is an extra
    except ImportError as error:
        raise HypothesisMissing from error
    shapes = _shapes(literals)
    if not shapes:
        return []
    drawn: dict[str, dict[str, Any]] = {}
    checks = list(HealthCheck)

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=checks,
        phases=[Phase.generate],
    )  # fmt: skip
    @given(_call(shapes, literals))
    def draw(call: dict[str, Any]) -> None:
        drawn.setdefault(repr(call), call)

    draw()
    return list(drawn.values())[:count]


def _shapes(literals: Literals) -> dict[str, list[Any]]:
    """Recorded literal values by position or name."""
    shapes: dict[str, list[Any]] = {}
    for call in literals:
        named = [(str(i), text) for i, text in enumerate(call["args"])] + list(call["kwargs"].items())
        for name, text in named:
            if text is not None:
                shapes.setdefault(name, []).append(ast.literal_eval(text))
    return shapes


def _call(shapes: Mapping[str, Sequence[Any]], literals: Literals) -> SearchStrategy[dict[str, Any]]:
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    values = {name: like(seen) for name, seen in shapes.items()}

    @st.composite
    def call(draw: Any) -> dict[str, Any]:
        base = draw(st.integers(0, len(literals) - 1))
        recorded = literals[base]
        present = [str(i) for i, text in enumerate(recorded["args"]) if text is not None]
        present += [name for name, text in recorded["kwargs"].items() if text is not None]
        return {"base": base, "args": {name: repr(draw(values[name])) for name in present}}

    return call()


def like(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Values of the same types, about the same sizes; the recorded ones themselves among them."""
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    by_type: dict[type, list[Any]] = {}
    for value in values:
        by_type.setdefault(type(value), []).append(value)
    options = [_of_type(kind, group) for kind, group in by_type.items()]
    return st.one_of(*options, st.sampled_from(list(values)))


def _of_type(kind: type, values: Sequence[Any]) -> SearchStrategy[Any]:
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(min(0, min(values)) - 1 if min(values) < 1 else 0, max(values) + 2)
    if kind is float:
        low, high = min(values), max(values)
        return st.floats(min(low, 0.0), max(high, 1.0), allow_nan=False, allow_infinity=False, width=32)
    if kind is str:
        letters = sorted(set("".join(values))) or ["a"]
        return st.text(alphabet=letters, max_size=max(map(len, values)) + 2)
    if kind is bytes:
        return st.binary(max_size=max(map(len, values)) + 2)
    if kind in (list, set, frozenset):
        return _of_items(kind, values)
    if kind is tuple:
        return _of_tuples(values)
    if kind is dict:
        return _of_mappings(values)
    return st.sampled_from(list(values))


def _of_items(kind: Any, values: Sequence[Any]) -> SearchStrategy[Any]:
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    items = [item for value in values for item in list(value)[:40]]
    if not items:
        return st.builds(kind)
    longest = min(_MOST_ITEMS, max(map(len, values)) + 2)
    if kind is list:
        return st.lists(like(items), max_size=longest)
    return st.builds(kind, st.lists(st.sampled_from(items), max_size=longest))


def _of_tuples(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Tuples of one length are records, field by field; of several lengths, sequences."""
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    lengths = {len(value) for value in values}
    if len(lengths) == 1:
        return st.tuples(*(like([value[i] for value in values]) for i in range(lengths.pop())))
    items = [item for value in values for item in value]
    return st.builds(tuple, st.lists(like(items), max_size=min(_MOST_ITEMS, max(lengths) + 2)))


def _of_mappings(values: Sequence[Any]) -> SearchStrategy[Any]:
    """Mappings with the same keys are records; others are drawn key by key."""
    from hypothesis import strategies as st  # noqa: PLC0415 because it is an extra

    first = list(values[0])
    if first and all(list(value) == first for value in values) and all(isinstance(key, str) for key in first):
        return st.fixed_dictionaries({key: like([value[key] for value in values]) for key in first})
    keys = [key for value in values for key in value]
    items = [item for value in values for item in value.values()]
    if not keys:
        return st.just({})
    return st.dictionaries(like(keys), like(items), max_size=min(_MOST_ITEMS, max(map(len, values)) + 2))
