"""What counts as the same behaviour."""

import asyncio
import copy
import itertools
import math
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.functions.worker.outcome import equal, observe, same, shorten

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        | st.sets(st.integers(), max_size=4)
        | st.builds(deque, st.lists(inner, max_size=3))
    ),
    max_leaves=12,
)


def behaviour(function: Callable[..., Any], *args: Any) -> Any:
    return observe(function, args, {})


@given(VALUES)
def test_a_copy_is_equal(value: Any) -> None:
    assert equal(value, copy.deepcopy(value), 0.0)


@given(VALUES, VALUES)
def test_equality_is_symmetric_and_never_looser_than_types(first: Any, second: Any) -> None:
    assert equal(first, second, 1e-9) == equal(second, first, 1e-9)
    if type(first) is not type(second):
        assert not equal(first, second, 1e-9)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-3, max_value=1e9))
def test_floats_have_a_relative_tolerance(value: float) -> None:
    assert equal(value, value * (1 + 1e-12), 1e-9)
    assert not equal(value, value * 1.001, 1e-9)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, True),
        (1, 1.0),
        ([1], (1,)),
        ({1: 2}, [(1, 2)]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1}, frozenset({1})),
        (0.0, math.nan),
        ([1, [2, [3]]], [1, [2, [4]]]),
        (deque([1]), deque([2])),
    ],
)
def test_these_are_told_apart(first: Any, second: Any) -> None:
    assert not equal(first, second, 1e-9)


def test_objects_without_equality_are_compared_by_their_attributes() -> None:
    class Basket:
        def __init__(self, *items: int) -> None:
            self.items = list(items)

    class Slotted:
        __slots__ = ("item",)

        def __init__(self, item: int) -> None:
            self.item = item

    assert equal(Basket(1, 2), Basket(1, 2), 0)
    assert not equal(Basket(1, 2), Basket(1, 3), 0)
    assert equal(Slotted(1), Slotted(1), 0)
    assert not equal(Slotted(1), Slotted(2), 0)


def test_an_equality_that_raises_is_unequal() -> None:
    class Cross:
        __hash__ = None  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            raise RuntimeError

    assert not equal(Cross(), Cross(), 0)


def test_nan_is_the_same_as_nan() -> None:
    assert equal([math.nan], [math.nan], 0)


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (list, lambda x: [*x], ""),
        (sorted, lambda x: tuple(sorted(x)), "result"),
        (lambda x: x[9], lambda x: x[0], "result"),
        (lambda x: x[9], lambda x: {}[0], "exception"),
        (lambda x: x.sort(), lambda x: None, "arguments"),
        (lambda x: sys.stdout.write("ab") and None, lambda x: sys.stdout.write("ac") and None, "output"),
        (lambda x: (i for i in x), lambda x: (i for i in [3, 1, 2]), ""),
        (lambda x: (i for i in x), list, "result"),
        (lambda x: (i for i in x), lambda x: (1 // 0 for i in x), "result"),
    ],
)
def test_what_differs_is_named(first: Any, second: Any, what: str) -> None:
    assert same(behaviour(first, [3, 1, 2]), behaviour(second, [3, 1, 2]), 1e-9) == what


def test_coroutines_and_async_generators_are_run_to_their_end() -> None:
    async def double(n: int) -> int:
        await asyncio.sleep(0)
        return 2 * n

    async def count(n: int) -> Any:
        for i in range(n):
            yield i

    assert behaviour(double, 4).value == 8
    assert behaviour(count, 3).value.items == [0, 1, 2]


def test_an_exit_is_an_exception_like_others() -> None:
    assert isinstance(behaviour(exit, 3).error, SystemExit)


@given(st.text(), st.integers(min_value=40, max_value=300))
def test_long_texts_are_cut_in_the_middle(text: str, most: int) -> None:
    short = shorten(text, most)
    assert short == text or (len(text) > most and short.startswith(text[: most // 2]) and "more characters" in short)


def taken(number: int) -> Callable[[Any], list[Any]]:
    return lambda values: [next(values) for _ in range(number)][:1]


@pytest.mark.parametrize(
    "given_values",
    [
        lambda: iter([1, 2, 3]),
        lambda: zip("abc", [1, 2, 3], strict=True),
        lambda: map(str, (1, 2, 3)),
        lambda: reversed([3, 2, 1]),
    ],
)
def test_an_iterator_among_the_arguments_is_compared_by_what_is_left_in_it(given_values: Callable[[], Any]) -> None:
    one, also_one, two = (observe(taken(number), (given_values(),), {}) for number in (1, 1, 2))
    assert same(one, also_one, 1e-9) == ""
    once, twice = (observe(taken(number), ([given_values()],), {}) for number in (0, 0))
    assert same(once, twice, 1e-9) == ""
    again = observe(taken(1), (given_values(),), {})
    assert same(again, two, 1e-9) == "arguments"


def test_an_endless_iterator_is_compared_as_far_as_anybody_looks() -> None:
    first, second, later = (observe(taken(number), (itertools.count(),), {}) for number in (1, 1, 2))
    assert same(first, second, 1e-9) == ""
    assert same(observe(taken(1), (itertools.count(),), {}), later, 1e-9) == "arguments"
