"""Recorded calls made larger, and chosen among."""

from __future__ import annotations

import copy
import enum
import threading
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from typing import Any

import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from secant.functions.worker.scaling import choose_workload, scaled

Point = namedtuple("Point", ["name", "x"])
leaves = st.none() | st.booleans() | st.integers(-50, 50) | st.floats(-9, 9) | st.text("abc 1", max_size=5)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=2), inner)
)


class Colour(enum.Enum):
    RED = 1


@dataclass(frozen=True)
class Item:
    name: str
    price: int


class Basket:
    def __init__(self) -> None:
        self.items = [Item("apple", 3), Item("pear", 4)]
        self.rate = 0.2


def grown(*arguments: Any, factor: int = 2, **options: Any) -> Any:
    call = scaled((arguments, {}), factor, **options)
    return None if call is None else call[0][0] if len(arguments) == 1 else call[0]


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ([3, 1, 2], [3, 1, 2, 7, 5, 6]),
        ([-1, 2], [-1, 2, -4, 5]),
        ([1.0, 0.5], [1.0, 0.5, 0.75, 0.375]),
        (["fig", "plum"], ["fig", "plum", "figa", "pluma"]),
        (["7", "x-1"], ["7", "x-1", "71", "xa-1"]),
        ([("a", 1), ("b", 2)], [("a", 1), ("b", 2), ("aa", 4), ("ba", 5)]),
        ([{"id": 1, "tag": "x"}], [{"id": 1, "tag": "x"}, {"id": 3, "tag": "xa"}]),
        ([[1], [2, 3]], [[1], [2, 3], [5], [6, 7]]),
        ([Point("a", 1)], [Point("a", 1), Point("aa", 3)]),
        ({1, 2}, {1, 2, 4, 5}),
        (frozenset("a"), frozenset(["a", "aa"])),
        ({"a": 1}, {"a": 1, "aa": 3}),
        ({"two words": 1}, {"two words": 1, "two words1": 3}),
        ({(0, 1): "x"}, {(0, 1): "x", (2, 3): "xa"}),
        (deque([1]), deque([1, 3])),
        (Counter({"a": 2}), Counter({"a": 2, "aa": 5})),
        (defaultdict(list, a=[1]), defaultdict(list, {"a": [1], "aa": [3]})),
        (OrderedDict(b=1), OrderedDict(b=1, ba=3)),
        ("abc", "abcabc"),
        ("two words", "two words two words"),
        ("one\ntwo", "one\ntwo\none\ntwo"),
        (b"ab", b"abab"),
        (20, 40),
        (([1], "up"), ([1, 3], "up")),
        ({"rows": [1], "title": "short"}, {"rows": [1, 3], "title": "short"}),
    ],
)
def test_data_is_repeated_with_variation(small: Any, large: Any) -> None:
    result = grown(small)
    assert result == large
    assert type(result) is type(large)


@pytest.mark.parametrize(
    "value", [None, True, 2.5, 1, 0, "", [], {}, (), {"": 1}, {None}, Colour.RED, len, int, threading.Lock()]
)
def test_what_has_no_size_is_not_scaled(value: Any) -> None:
    assert grown(value) is None


def test_a_factor_below_two_changes_nothing() -> None:
    assert grown([1, 2], factor=1) is None


@pytest.mark.parametrize("codes", [[0, 1, 0, 1, 1], ["up", "up", "down", "down"], [True, False]])
def test_codes_and_flags_stay_what_they_are(codes: list[Any]) -> None:
    assert grown(codes) == codes * 2


def test_a_length_passed_beside_its_list_follows_it() -> None:
    assert grown([5, 6, 7], 3) == ([5, 6, 7, 13, 14, 15], 6)
    assert grown([1, 2, 3, 4], 0, 3)[1:] == (0, 7)
    assert grown([5, 6, 7], 100)[1] == 100


def test_nodes_stay_below_their_bound() -> None:
    assert grown(3, [(0, 1), (1, 2)]) == (6, [(0, 1), (1, 2), (3, 4), (4, 5)])


def test_what_is_found_in_two_arguments_is_found_in_both_again() -> None:
    haystack, needles = grown(["a", "b", "c"], ["c", "z"], factor=5)
    assert len(needles) == 10
    assert sum(needle in haystack for needle in needles) == 5


def test_a_sorted_list_stays_sorted() -> None:
    ordered = grown([2, 3, 5, 8], factor=6)
    assert ordered == sorted(ordered)
    assert len(set(ordered)) == 24


def test_a_square_matrix_stays_square_and_its_vector_fits() -> None:
    matrix, vector = grown([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [1, 2, 3], factor=4)
    assert [len(row) for row in matrix] == [6] * 6
    assert len(vector) == 6


def test_a_short_text_beside_a_list_is_an_option() -> None:
    assert grown(["a", "b"], ", ")[1] == ", "
    text, words = grown("the quick brown fox", ["fox"])
    assert text.count("fox") == len(words) == 2


def test_the_data_of_an_object_grows_in_a_copy() -> None:
    basket = Basket()
    larger = grown(basket, factor=3)
    assert [item.price for item in larger.items] == [3, 4, 8, 9, 13, 14]
    assert len({item.name for item in larger.items}) == 6
    assert (len(basket.items), larger.rate) == (2, 0.2)


def test_arrays_are_tiled() -> None:
    assert grown(numpy.arange(3)).tolist() == [0, 1, 2, 0, 1, 2]
    assert grown(numpy.ones((2, 3)), factor=4).shape == (8, 3)
    assert grown(numpy.ones((3, 3)), factor=4).shape == (6, 6)


def test_keywords_grow_like_positions() -> None:
    assert scaled((([1],), {"other": [1], "flag": True}), 2) == (([1, 3],), {"other": [1, 3], "flag": True})


def test_without_variation_repetitions_are_equal() -> None:
    assert grown([("a", 1)], factor=3, vary=False) == [("a", 1)] * 3
    assert grown({"a": 1}, vary=False) is None


def test_the_same_object_twice_stays_the_same_object() -> None:
    shared = [1, 2]
    one, other = grown(shared, shared)
    assert one is other


def test_a_list_that_holds_itself_is_left_alone() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert grown(endless) is None


@settings(max_examples=60, deadline=None)
@example([{"": None}], 2, True)
@given(st.lists(values, max_size=3), st.integers(2, 6), st.booleans())
def test_scaling_is_pure_and_deterministic(arguments: list[Any], factor: int, vary: bool) -> None:
    call = (tuple(arguments), {})
    before = copy.deepcopy(call)
    first = scaled(call, factor, vary=vary)
    assert repr(call) == repr(before)
    assert repr(first) == repr(scaled(call, factor, vary=vary))
    if first is not None:
        assert len(first[0]) == len(arguments)
        assert list(map(type, first[0])) == list(map(type, arguments))
        assert repr(first) != repr(call)


def calls_of_sizes(*sizes: int) -> list[Any]:
    return [(([0] * size,), {}) for size in sizes]


def size(call: Any) -> float:
    return len(call[0][0])


def test_equal_calls_count_once_and_the_cheapest_comes_first() -> None:
    assert list(map(size, choose_workload(calls_of_sizes(3, 1, 3, 2, 1), size))) == [1, 2, 3]


def test_many_calls_are_thinned_keeping_both_ends_and_more_of_the_dear() -> None:
    chosen = list(map(size, choose_workload(calls_of_sizes(*range(1000)), size)))
    assert len(chosen) == 20
    assert (chosen[0], chosen[-1]) == (0, 999)
    assert sum(one >= 500 for one in chosen) > 12


def test_the_choice_may_be_a_single_call() -> None:
    assert list(map(size, choose_workload(calls_of_sizes(1, 2, 3), size, most=1))) == [3]


def test_calls_that_cannot_be_compared_are_all_kept() -> None:
    calls = [((threading.Lock(),), {}) for _ in range(3)]
    assert len(choose_workload(calls, lambda call: 1.0)) == 3
